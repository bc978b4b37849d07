import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shown, startOf } from '../../server/testing/words.ts'

test('a long text is cut between two characters', () => {
  assert.equal(startOf('ab😀', 3), 'ab')
  assert.equal(startOf('ab😀', 4), 'ab😀')
  assert.equal(startOf('a😀b', 3), 'a😀')
  assert.equal(startOf('ab', 3), 'ab')
  assert.equal(shown(` ${'x'.repeat(199)}😀\n😀 `), `${'x'.repeat(199)}…`)
  assert.equal(shown('one\n  two'), 'one two')
})
