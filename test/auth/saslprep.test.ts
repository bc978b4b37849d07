import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saslprep } from '../../server/auth/saslprep.ts'

test('what looks the same becomes the same (the examples of RFC 4013 §3)', () => {
  assert.equal(saslprep('I\u00adX'), 'IX')
  assert.equal(saslprep('user'), 'user')
  assert.equal(saslprep('USER'), 'USER')
  assert.equal(saslprep('\u00aa'), 'a')
  assert.equal(saslprep('\u2168'), 'IX')
  assert.equal(saslprep('\u0007'), null)
  assert.equal(saslprep('\u06271'), null)
})

test('printable ASCII stays as it is', () => {
  const text = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')
  assert.equal(saslprep(text), text)
  assert.equal(saslprep(''), '')
})

test('composed and decomposed, and spaces of every kind', () => {
  assert.equal(saslprep('Zoe\u0308'), 'Zo\u00eb')
  assert.equal(saslprep('a\u00a0b\u3000c\u200bd'), 'a b c d')
  assert.equal(saslprep('a\ufe0fb\u200dc\ufeff'), 'abc')
})

test('what none may have', () => {
  const none = [
    ...['\0', '\t', '\x7f', '\x80', '\u2028', '\u{1d173}', '\ue000', '\u{10fffd}', '\ufdd0'],
    ...['\u{1ffff}', '\ufffd', '\u2ff0', '\u200e', '\u202e', '\u206a', '\u{e0001}', '\u{e0041}'],
  ]
  for (const character of none) {
    assert.equal(saslprep(`a${character}b`), null, character.codePointAt(0)?.toString(16))
  }
})

test('text runs from right to left, or does not', () => {
  assert.equal(saslprep('\u05e9\u05dc\u05d5\u05dd'), '\u05e9\u05dc\u05d5\u05dd')
  assert.equal(saslprep('\u05e9 1 \u05dd'), '\u05e9 1 \u05dd')
  assert.equal(saslprep('\u05e9a\u05dd'), null)
  assert.equal(saslprep('\u05e91'), null)
})
