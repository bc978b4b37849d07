import assert from 'node:assert/strict'
import { test } from 'node:test'
import { announcedLiteral } from '../../../server/imap/syntax/command-text.ts'

test('a line announces the literal at its end', () => {
  const literal = {
    start: 4,
    end: 7,
    size: 5,
    isSynchronising: true,
    isBinary: false,
    octets: null,
  }
  assert.deepEqual(announcedLiteral('a X {5}'), literal)
  assert.deepEqual(announcedLiteral('a X {5+}'), { ...literal, end: 8, isSynchronising: false })
  assert.deepEqual(announcedLiteral('a X ~{5}'), { ...literal, end: 8, isBinary: true })
  assert.deepEqual(announcedLiteral('{005}', 10), { ...literal, start: 10, end: 15 })
  // RFC 7888 §3: whatever comes before it.
  assert.equal(announcedLiteral('a "{1} {5}')?.start, 7)
})

test('anything else announces none', () => {
  for (const line of ['', '}', '{}', '{+}', '{5} ', '{5}}', '{5', '5}', '{ 5}', '{-5}', '{5-}']) {
    assert.equal(announcedLiteral(line), null, line)
  }
})
