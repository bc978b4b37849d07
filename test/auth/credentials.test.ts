import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptsCredentials, isSameText } from '../../server/auth/credentials.ts'

test('any credentials do where none are set', () => {
  assert.ok(acceptsCredentials(null, { user: '', password: '' }))
})

test('those that are set must be right, both of them', () => {
  const expected = { user: 'ann', password: 'sécret' }
  assert.ok(acceptsCredentials(expected, { user: 'ann', password: 'sécret' }))
  for (const given of [
    { user: 'ann', password: 'secret' },
    { user: 'Ann', password: 'sécret' },
    { user: 'ann', password: '' },
    { user: '', password: 'sécret' },
    { user: 'annsécret', password: '' },
  ]) {
    assert.ok(!acceptsCredentials(expected, given), JSON.stringify(given))
  }
})

test('texts of different lengths are compared, not thrown at', () => {
  assert.ok(isSameText('', ''))
  assert.ok(!isSameText('a', 'aa'))
})
