import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ImapError, ImapSyntaxError } from '../../server/imap/errors.ts'

test('an error is the reply that it causes', () => {
  const plain = new ImapError('NO', 'not now')
  assert.equal(plain.response, 'NO not now')
  const coded = new ImapError('NO', 'no such mailbox', 'TRYCREATE')
  assert.equal(coded.response, 'NO [TRYCREATE] no such mailbox')
  assert.equal(new ImapError('BYE', 'too much', 'TOOBIG').response, 'BYE [TOOBIG] too much')
})

test('a syntax error is a BAD that says where', () => {
  const error = new ImapSyntaxError('expected a tag', 0)
  assert.ok(error instanceof ImapError)
  assert.equal(error.response, 'BAD expected a tag at octet 1')
  assert.equal(error.position, 0)
})
