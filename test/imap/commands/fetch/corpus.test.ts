import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { MessageStructureObject } from 'imapflow'
import parse from 'imapflow/lib/handler/imap-parser.js'
import { ImapStream } from 'imapflow/lib/handler/imap-stream.js'
import { parseBodystructure, parseEnvelope } from 'imapflow/lib/tools.js'
import { corpusFolder } from '../../../helpers/corpus.ts'
import { deliver, fetchOctets, fetchSection, openStore } from '../../../helpers/fetched.ts'

/** Every section of every part of the corpus, as a program in Python finds them, which knows nothing of ours. */

type Section = { readonly length: number; readonly hash: string; readonly decoded: string | null }
type Found = Readonly<Record<string, Readonly<Record<string, Section>>>>

const PROGRAM = fileURLToPath(new URL('../../../helpers/sections.py', import.meta.url))

/** Where Python has it otherwise, and why. The test fails as well when one of these is gone. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'broken/stalwart-malformed-013.eml BODY':
    'a multipart in a multipart with the same boundary: a delimiter is that of the inner one',
  'hostile/active-attachments-svg-html-xml.eml BINARY':
    'a multipart in base64, which RFC 2045 §6.4 forbids, comes as it is',
  'real/flanker-bilingual-simple.eml BINARY':
    'RFC 2045 §6.7 (3) has white space at the end of an encoded line deleted; Python keeps it',
  'structure/flanker-torture.eml BINARY': 'likewise',
}

/** Deeper or in more parts than we read: what is there is opaque. */
const OVER_THE_LIMITS: ReadonlySet<string> = new Set([
  'hostile/nest-multipart-500.eml',
  'hostile/nest-rfc822-300.eml',
  'hostile/parts-5000-siblings.eml',
])

const hash = (octets: Buffer) => createHash('sha256').update(octets).digest('hex')

test('every section of every part', async t => {
  const names = readdirSync(corpusFolder, { recursive: true, encoding: 'utf8' })
  const mails = names.filter(name => name.endsWith('.eml') && !OVER_THE_LIMITS.has(name)).sort()
  const { stdout, stderr, error } = spawnSync('python3', [PROGRAM], {
    input: mails.map(name => join(corpusFolder, name)).join('\n'),
    maxBuffer: 64 * 1024 ** 2,
    encoding: 'utf8',
  })
  if (error) return t.skip('python3 is not installed')
  assert.equal(stderr, '')
  const found = JSON.parse(stdout) as Found
  const store = await openStore(t)
  const different = new Set<string>()
  let sections = 0
  for (const name of mails) {
    const path = join(corpusFolder, name)
    const entry = await deliver(store, readFileSync(path))
    for (const [section, { length, hash: expected, decoded }] of Object.entries(
      found[path] ?? {},
    )) {
      sections++
      const octets = await fetchSection(store, entry, `BODY.PEEK[${section}]`)
      if (octets.length !== length || hash(octets) !== expected) {
        different.add(`${name} BODY`)
      }
      if (decoded === null) continue
      const binary = await fetchSection(store, entry, `BINARY.PEEK[${section}]`)
      if (hash(binary) !== decoded) different.add(`${name} BINARY`)
    }
  }
  assert.ok(sections > 1_500, `${sections} sections`)
  assert.deepEqual([...different], Object.keys(DIFFERENCES))
})

/** The values of a response, as imapflow reads them from a connection. */
const readByImapflow = async (response: Buffer) => {
  const stream = new ImapStream({ logger: false })
  Readable.from([response]).pipe(stream)
  for await (const { payload, literals } of stream) {
    const { attributes } = await parse(payload, { literals })
    const [, values] = attributes ?? []
    assert.ok(Array.isArray(values))
    return values
  }
  throw new Error('no response')
}

/** Every node that has a size. imapflow gives a message in a part the number of the part. */
const sized = (node: MessageStructureObject, number = node.part ?? '1'): [string, number][] => [
  ...(node.size === undefined ? [] : ([[number, node.size]] as [string, number][])),
  ...(node.childNodes ?? []).flatMap(child =>
    child.part === node.part ? sized(child, `${number}.1`) : sized(child),
  ),
]

test('a client finds every part by the numbers and with the sizes of BODYSTRUCTURE', async t => {
  const store = await openStore(t)
  let parts = 0
  for (const name of readdirSync(corpusFolder, { recursive: true, encoding: 'utf8' }).sort()) {
    // imapflow refuses lists as deep as these.
    if (!name.endsWith('.eml') || name.startsWith('hostile/nest-')) continue
    const entry = await deliver(store, readFileSync(join(corpusFolder, name)))
    const response = await fetchOctets(store, entry, '(BODYSTRUCTURE ENVELOPE)')
    const [, structure, , envelope] = await readByImapflow(response)
    assert.ok(Array.isArray(structure) && Array.isArray(envelope))
    assert.ok(parseEnvelope(envelope))
    for (const [part, size] of sized(parseBodystructure(structure))) {
      const octets = await fetchSection(store, entry, `BODY.PEEK[${part}]`)
      assert.equal(octets.length, size, `${name} ${part}`)
      parts++
    }
  }
  assert.ok(parts > 1_500, `${parts} parts`)
})
