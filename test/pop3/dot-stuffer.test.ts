import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DotStuffer } from '../../server/pop3/dot-stuffer.ts'

const stuff = (pieces: readonly string[]): string => {
  const stuffer = new DotStuffer()
  const stuffed = pieces.map(piece => stuffer.take(Buffer.from(piece, 'latin1')))
  return Buffer.concat([...stuffed, stuffer.end()]).toString('latin1')
}

/** What RFC 1939 §3 says, line by line. */
const stuffLines = (text: string): string =>
  text === ''
    ? ''
    : text
        .replace(/\r\n$/, '')
        .split('\r\n')
        .map(line => (line.startsWith('.') ? `.${line}` : line))
        .map(line => `${line}\r\n`)
        .join('')

/** Canonical text of dots and line ends mostly. */
const lines = fc.array(fc.constantFrom('.', '..', '\r\n', 'a', '\0', '\xff', 'a.'), {
  maxLength: 12,
})

test('each line that starts with a dot gets another, however the message is cut', () => {
  fc.assert(
    fc.property(lines, fc.array(fc.nat(30), { maxLength: 6 }), (tokens, cuts) => {
      const text = tokens.join('')
      const places = [0, ...cuts.map(cut => Math.min(cut, text.length)), text.length].sort(
        (a, b) => a - b,
      )
      const pieces = places.slice(1).map((place, index) => text.slice(places[index], place))
      assert.equal(stuff(pieces), stuffLines(text))
      assert.equal(stuff([...text]), stuffLines(text))
    }),
    { numRuns: 2_000 },
  )
})

test('a piece without such a line is sent as it came', () => {
  const stuffer = new DotStuffer()
  const piece = Buffer.from('a.b\r\nc\r\n')
  assert.equal(stuffer.take(piece), piece)
  assert.equal(stuffer.end().length, 0)
})

test('a message of dots takes no longer than another', () => {
  const dots = Buffer.from('.\r\n'.repeat(4_000_000))
  const began = performance.now()
  const stuffer = new DotStuffer()
  let length = 0
  for (let at = 0; at < dots.length; at += 65_536) {
    length += stuffer.take(dots.subarray(at, at + 65_536)).length
  }
  assert.equal(length, 16_000_000)
  assert.ok(performance.now() - began < 2_000)
})
