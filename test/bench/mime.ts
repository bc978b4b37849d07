/**
 * How many mails a CPU second reads: our content reader beside mailparser's simpleParser, in turns on the same
 * mails. Run it with `node --import tsx test/bench/mime.ts`.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { simpleParser } from 'mailparser'
import { readContent } from '../../server/mime/content.ts'
import { readHeader } from '../../server/mime/header.ts'
import { readStructure } from '../../server/mime/structure.ts'
import { summarise } from '../../server/mime/summary.ts'

const LEAN = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
}

const template = readFileSync(
  new URL('../fixtures/corpus/templates/template-leemunroe-responsive.eml', import.meta.url),
)

/** The template as the first part of a multipart/mixed, and random octets as attachments. */
function withAttachments(...sizes: number[]): Buffer {
  const parts = sizes.map(size => {
    const lines = randomBytes(size).toString('base64').replace(/.{76}/g, '$&\r\n')
    return `Content-Type: application/pdf; name="${size}.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}`
  })
  const head = template.toString('latin1')
  const at = head.indexOf('Content-Type:')
  const body = [head.slice(at), ...parts].join('\r\n--outer\r\n')
  return Buffer.from(
    `${head.slice(0, at)}Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n${body}\r\n--outer--\r\n`,
    'latin1',
  )
}

const mails = [
  { name: '9 kB', raw: template, rounds: 400 },
  { name: '200 kB', raw: withAttachments(70_000, 70_000), rounds: 100 },
  { name: '5 MB', raw: withAttachments(3_600_000), rounds: 5 },
]

const readers = {
  'header summary': (raw: Buffer) => summarise(readHeader(raw)),
  structure: (raw: Buffer) => readStructure(raw),
  content: (raw: Buffer) => readContent(raw),
  simpleParser: (raw: Buffer) => simpleParser(raw),
  'simpleParser, lean': (raw: Buffer) => simpleParser(raw, LEAN),
}
type Name = keyof typeof readers
const names = Object.keys(readers) as Name[]

for (const { name, raw, rounds } of mails) {
  const spent = new Map<Name, number>(names.map(reader => [reader, 0]))
  const TURNS = 6
  // The first turns are to warm up: it takes V8 more than a thousand mails.
  for (let turn = -3; turn < TURNS; turn++) {
    for (const reader of names) {
      const before = process.cpuUsage()
      for (let i = 0; i < rounds; i++) await readers[reader](raw)
      const { user, system } = process.cpuUsage(before)
      if (turn >= 0) spent.set(reader, (spent.get(reader) ?? 0) + user + system)
    }
  }
  console.log(`${name} (${raw.length} octets)`)
  const rate = (reader: Name) => (TURNS * rounds * 1e6) / (spent.get(reader) ?? Number.NaN)
  for (const reader of names) {
    const ratio = rate(reader) / rate('simpleParser')
    console.log(
      `  ${reader.padEnd(20)}${rate(reader).toFixed(0).padStart(8)} a CPU second${ratio.toFixed(1).padStart(8)} × simpleParser`,
    )
  }
}
