import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSaslAnswer } from '../../../server/imap/commands/authenticate.ts'
import { ImapSyntaxError } from '../../../server/imap/errors.ts'

test('an answer to a challenge is base64, perhaps of nothing', () => {
  assert.deepEqual(readSaslAnswer('AGEAYg=='), Buffer.from('\0a\0b'))
  assert.deepEqual(readSaslAnswer(''), Buffer.alloc(0))
  assert.deepEqual(readSaslAnswer('='), Buffer.alloc(0))
})

test('a star gives up', () => {
  assert.equal(readSaslAnswer('*'), null)
})

test('anything else is refused', () => {
  for (const line of ['**', 'AGEAY', 'AGEA YgAA', 'AGEAYg== ', 'x!', 'AGEA\0']) {
    assert.throws(() => readSaslAnswer(line), ImapSyntaxError, line)
  }
})
