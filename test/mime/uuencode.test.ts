import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeTransfer } from '../../server/mime/decode.ts'
import { findUuencoded } from '../../server/mime/uuencode.ts'

const HELLO = 'begin 644 hello.txt\n%:&5L;&\\\n`\nend\n'
const decode = (text: string) => decodeTransfer(Buffer.from(text), 'x-uuencode').toString('latin1')
const find = (text: string) =>
  findUuencoded(Buffer.from(text), 0, text.length).map(({ name, start, end }) => [
    name,
    text.slice(start, end),
  ])

test('a body in that encoding (fault 7)', () => {
  assert.equal(decode(HELLO), 'hello')
  assert.equal(decode(HELLO.replaceAll('\n', '\r\n')), 'hello')
  assert.equal(decode(`${HELLO}after`), 'hello')
  assert.equal(decode('begin 600 a b\n#86)C\n'), 'abc', 'without an end')
  assert.equal(decode('begin 600 a b\n#86)C'), 'abc', 'without a line end')
  assert.equal(decode('begin 600 a\n$    \n$\n'), '\0'.repeat(8), 'spaces cut off at the end')
  assert.equal(decode('no begin\n#86)C\n'), '')
})

test('files in a text (fault 7)', () => {
  assert.deepEqual(find(`before\n${HELLO}after`), [['hello.txt', HELLO]])
  assert.deepEqual(find(HELLO + HELLO).length, 2)
  const crlf = HELLO.replaceAll('\n', '\r\n')
  assert.deepEqual(find(crlf), [['hello.txt', crlf]])
})

test('text that only looks like it', () => {
  for (const text of [
    'begin 644 days of talks\nwith much ado\nend\n',
    'begin 644 a\n%:&5L;&\\\n',
    'begin 644 a\nend\n',
    'we begin 644 a\n%:&5L;&\\\nend\n',
    'begin the game\nend\n',
  ]) {
    assert.deepEqual(find(text), [], text)
  }
})

test('many beginnings without an end', () => {
  assert.deepEqual(find('begin 644 a\n'.repeat(100_000)), [])
  assert.deepEqual(find(`${'begin 644 a\n#86)C\n'.repeat(50_000)}`), [])
})
