import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Top } from '../../server/pop3/top.ts'

const cut = (pieces: readonly string[], lines: number): string => {
  const top = new Top(lines)
  let text = ''
  for (const piece of pieces) {
    if (top.isDone) break
    text += top.take(Buffer.from(piece, 'latin1')).toString('latin1')
  }
  return text
}

/** What RFC 1939 §7 says, line by line. */
const topOf = (text: string, lines: number): string => {
  const all = text.split(/(?<=\r\n)/)
  const empty = all.indexOf('\r\n')
  return empty < 0 ? text : all.slice(0, empty + 1 + lines).join('')
}

const message = fc.array(fc.constantFrom('\r\n', '\r\n', 'a', 'b: c', '.', '\r\n\r\n'), {
  maxLength: 14,
})

test('header, empty line, and so many lines, however the message is cut', () => {
  fc.assert(
    fc.property(message, fc.nat(5), fc.nat(20), (tokens, lines, place) => {
      const text = tokens.join('')
      const wanted = topOf(text, lines)
      assert.equal(cut([text], lines), wanted)
      assert.equal(cut([...text], lines), wanted)
      assert.equal(cut([text.slice(0, place), text.slice(place)], lines), wanted)
    }),
    { numRuns: 2_000 },
  )
})

test('says when nothing more is wanted', () => {
  const top = new Top(1)
  top.take(Buffer.from('a: b\r\n\r\n'))
  assert.equal(top.isDone, false)
  assert.equal(String(top.take(Buffer.from('one\r\ntwo\r\n'))), 'one\r\n')
  assert.equal(top.isDone, true)
  const none = new Top(0)
  none.take(Buffer.from('a: b\r\n\r'))
  assert.equal(none.isDone, false)
  assert.equal(String(none.take(Buffer.from('\nbody'))), '\n')
  assert.equal(none.isDone, true)
})
