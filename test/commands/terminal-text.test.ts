import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manyLines, oneLine, toColumns } from '../../server/commands/terminal-text.ts'

test('nothing of a mail is obeyed by a terminal', () => {
  assert.equal(oneLine(' a\r\n\tb \x1b]0;x\x07\u009b '), 'a b \\x1b]0;x\\x07\\x9b')
  assert.equal(manyLines('a\tb\r\nc\x1b[2J\nd\re\u202e'), 'a\tb\nc\\x1b[2J\nd\\x0de\\u{202e}')
})

test('text is cut, and filled up, by the columns that it takes', () => {
  assert.equal(toColumns('abc', 5), 'abc  ')
  assert.equal(toColumns('abcdef', 5), 'abcd…')
  assert.equal(toColumns('日本', 4), '日本')
  assert.equal(toColumns('日本語', 5), '日本…')
  assert.equal(toColumns('日本語', 4), '日… ')
  assert.equal(toColumns('e\u0301e\u0301', 3), 'e\u0301e\u0301 ')
  assert.equal(toColumns('👩‍👩‍👧x', 4), '👩‍👩‍👧x ')
})
