import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { HEADER_LIMITS } from '../../server/mime/header.ts'
import { type Part, readStructure } from '../../server/mime/structure.ts'
import { StructureReader } from '../../server/mime/structure-reader.ts'

const CORPUS = fileURLToPath(new URL('../fixtures/corpus/', import.meta.url))

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const inPieces = (raw: Buffer, sizes: readonly number[]): Part => {
  const reader = new StructureReader()
  let at = 0
  for (let i = 0; at < raw.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    reader.take(raw.subarray(at, at + size))
    at += size
  }
  return reader.end()
}

test('of any octets it does not matter where they are cut', () => {
  const piece = fc.constantFrom(
    'Content-Type: multipart/mixed; boundary=a\r\n',
    'Content-Type: multipart/digest;\r\n boundary=b\r\n',
    'Content-Type: message/rfc822\r\n',
    'Subject: x\r\n',
    '\r\n',
    '\n',
    '--a\r\n',
    '--a--\r\n',
    '--b \t\r\n',
    '--b--',
    '--',
    'text',
    'x'.repeat(70_000),
    ' '.repeat(70_000),
  )
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(65_536)), {
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), sizes, (pieces, sizes) => {
      const raw = Buffer.from(pieces.join(''))
      const large = raw.length > 20_000 ? sizes.map(size => size * 50) : sizes
      assert.deepEqual(inPieces(raw, large), readStructure(raw))
    }),
    { numRuns: 2_000 },
  )
})

test('nor in the mails of the corpus', () => {
  const names = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
  const mails = names.filter(name => name.endsWith('.eml'))
  assert.ok(mails.length >= 150)
  for (const name of mails) {
    const raw = readFileSync(join(CORPUS, name))
    // Lines that end in CR alone need the whole of a message to be seen.
    if (/\r(?!\n)/.test(raw.toString('latin1'))) continue
    for (const size of [997, 65_536]) assert.deepEqual(inPieces(raw, [size]), readStructure(raw))
  }
})

test('a line too long for a delimiter is one line, and belongs to the part that it is in', () => {
  const long = `--b${' '.repeat(100_000)}\r\n`
  const text = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${long}x\r\n--b--\r\n`
  const raw = Buffer.from(text)
  for (const size of [1_000, 65_536, 200_000]) {
    const root = inPieces(raw, [size])
    assert.equal(root.parts.length, 1)
    assert.equal(root.parts[0]?.lines, 1)
    assert.equal(text.slice(root.parts[0]?.bodyStart, root.parts[0]?.end), `${long}x`)
  }
})

test('a header that never ends is not kept', () => {
  const reader = new StructureReader()
  const piece = Buffer.alloc(65_536, 'x')
  const before = process.memoryUsage().arrayBuffers
  let octets = 0
  while (octets < 20 * HEADER_LIMITS.octets) {
    reader.take(Buffer.from(piece))
    octets += piece.length
  }
  collectGarbage()
  const root = reader.end()
  assert.deepEqual([root.type, root.bodyStart, root.end], ['text/plain', octets, octets])
  const kept = process.memoryUsage().arrayBuffers - before
  assert.ok(kept < 10 * HEADER_LIMITS.octets, `${kept} octets are held`)
})

test('the empty line before a delimiter is that of the delimiter where the part has no body', () => {
  const text = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nA: b\r\n\r\n--b--\r\n'
  const [part] = inPieces(Buffer.from(text), [1]).parts
  assert.equal(text.slice(part?.start, part?.bodyStart), 'A: b\r\n')
  assert.equal(part?.end, part?.bodyStart)
})
