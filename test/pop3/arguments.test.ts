import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  readNothing,
  readNumber,
  readNumberAndLines,
  readOptionalNumber,
  readText,
} from '../../server/pop3/arguments.ts'
import { BadCommand, Pop3Error } from '../../server/pop3/reply.ts'

const octets = (text: string) => Buffer.from(text, 'latin1')

test('message numbers have up to ten digits, the first of them no 0', () => {
  for (const [text, number] of [
    ['1', 1],
    ['42', 42],
    ['9999999999', 9_999_999_999],
    [' 7  ', 7],
  ] as const) {
    assert.equal(readNumber(octets(text)), number)
    assert.equal(readOptionalNumber(octets(text)), number)
  }
  for (const text of [
    '0',
    '01',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x1',
    '10000000000',
    'x',
    '1 2',
    '\xb2',
  ]) {
    assert.throws(() => readNumber(octets(text)), BadCommand, text)
    assert.throws(() => readOptionalNumber(octets(text)), BadCommand, text)
  }
  assert.throws(() => readNumber(octets('')), BadCommand)
  assert.equal(readOptionalNumber(octets(' ')), null)
})

test('TOP wants a number and a number of lines, which may be 0', () => {
  assert.deepEqual(readNumberAndLines(octets('1 0')), [1, 0])
  assert.deepEqual(readNumberAndLines(octets('12  0010 ')), [12, 10])
  for (const text of ['', '1', '1 -1', '1 x', '0 1', '1 2 3', '1 10000000000', '1 1.5']) {
    assert.throws(() => readNumberAndLines(octets(text)), BadCommand, text)
  }
})

test('names and passwords keep every space, and are UTF-8', () => {
  assert.equal(readText(octets(' a  b ')), ' a  b ')
  assert.equal(readText(Buffer.from('zoë')), 'zoë')
  assert.throws(() => readText(octets('')), BadCommand)
  for (const text of ['\xff', 'zo\xeb', '\xc0\x80', '\xed\xa0\x80']) {
    assert.throws(
      () => readText(octets(text)),
      error => error instanceof Pop3Error && error.code === 'AUTH',
    )
  }
})

test('nothing is nothing but spaces', () => {
  readNothing(octets(''))
  readNothing(octets('  '))
  assert.throws(() => readNothing(octets('x')), BadCommand)
})
