import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replies, replyTo } from '../../server/smtp/replies.ts'
import { StoreError } from '../../server/store/store-error.ts'

test('every store error has its reply, and no other error has one', () => {
  const told = (['full', 'io', 'too-big', 'closed'] as const).map(code => {
    const reply = replyTo(new StoreError(code, 'details that stay here'), 1000)
    return `${reply?.responseCode} ${reply?.message}`
  })
  assert.deepEqual(told, [
    '452 4.3.1 Insufficient system storage',
    '451 4.3.0 The message could not be stored',
    '552 5.3.4 Message is larger than 1000 octets',
    '421 4.3.2 Server is shutting down',
  ])
  const own = replies.tooManyRecipients()
  assert.equal(replyTo(own, 1000), own)
  assert.equal(replyTo(new TypeError('a bug'), 1000), null)
})
