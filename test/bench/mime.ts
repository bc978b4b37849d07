import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { simpleParser } from 'mailparser'
import { readContent } from '../../server/mime/content.ts'

const CORPUS = new URL('../fixtures/corpus/templates/', import.meta.url)
const small = readFileSync(new URL('nodemailer-newsletter-unsubscribe.eml', CORPUS))
const typical = readFileSync(new URL('template-leemunroe-responsive.eml', CORPUS))

/** The typical mail as the first part of a multipart/mixed, and random octets as attachments. */
function withAttachments(...sizes: number[]): Buffer {
  const parts = sizes.map(size => {
    const lines = randomBytes(size).toString('base64').replace(/.{76}/g, '$&\r\n')
    return `Content-Type: application/pdf; name="${size}.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}`
  })
  const mail = typical.toString('latin1')
  const at = mail.indexOf('Content-Type:')
  const body = [mail.slice(at), ...parts].join('\r\n--outer\r\n')
  return Buffer.from(
    `${mail.slice(0, at)}Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n${body}\r\n--outer--\r\n`,
    'latin1',
  )
}

const mails = [
  { name: 'small', raw: small, rounds: 1_000 },
  { name: 'typical', raw: typical, rounds: 400 },
  { name: 'with attachments', raw: withAttachments(70_000, 70_000), rounds: 100 },
  { name: 'with a large one', raw: withAttachments(3_600_000), rounds: 5 },
]

const TURNS = 6
/** It takes V8 more than a thousand mails to warm up. */
const WARM_UP = 3

/** Mails that a CPU second reads: our content reader beside mailparser's simpleParser, in turns. */
export async function* mime(): AsyncGenerator<string[]> {
  yield ['mail', 'octets', 'simpleParser/s', 'read/s', 'ratio']
  yield ['---', '--:', '--:', '--:', '--:']
  for (const { name, raw, rounds } of mails) {
    let theirs = 0
    let ours = 0
    for (let turn = -WARM_UP; turn < TURNS; turn++) {
      const parser = await cpuSeconds(rounds, () => simpleParser(raw))
      const reader = await cpuSeconds(rounds, () => readContent(raw))
      if (turn < 0) continue
      theirs += parser
      ours += reader
    }
    const count = TURNS * rounds
    yield [
      name,
      `${raw.length}`,
      (count / theirs).toFixed(0),
      (count / ours).toFixed(0),
      (theirs / ours).toFixed(1),
    ]
  }
}

async function cpuSeconds(rounds: number, read: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let round = 0; round < rounds; round++) await read()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
