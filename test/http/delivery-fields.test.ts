import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliveryFields } from '../../server/http/messages/delivery-fields.ts'

const base = {
  envelope: { mailFrom: '', rcptTo: ['ann@example.com'] },
  listener: 'smtp',
  receivedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
}

test('The trace fields say how a message came (RFC 5321 §4.4)', () => {
  assert.equal(
    deliveryFields(7, base),
    [
      'Return-Path: <>',
      'Delivered-To: ann@example.com',
      'Received: from unknown',
      '\tby localhost (Mailcatch) with SMTP id 7;',
      '\tFri, 02 Jan 2026 03:04:05 +0000',
      '',
    ].join('\r\n'),
  )
})

test('The protocol is named as RFC 3848 says', () => {
  const protocol = (more: object) =>
    / with (\S+) id /.exec(deliveryFields(1, { ...base, ...more }))?.[1]
  const tls = { protocol: 'TLSv1.3', cipher: 'x' }
  assert.equal(protocol({ helo: 'a' }), 'ESMTP')
  assert.equal(protocol({ helo: 'a', tls }), 'ESMTPS')
  assert.equal(protocol({ helo: 'a', authUser: '' }), 'ESMTPA')
  assert.equal(protocol({ helo: 'a', tls, authUser: 'u' }), 'ESMTPSA')
  assert.equal(protocol({ listener: 'http' }), 'HTTP')
})

test('Nothing that a client said can add a field', () => {
  const fields = deliveryFields(1, {
    ...base,
    helo: 'a\r\nX-Evil: 1 (c\\)',
    envelope: { mailFrom: 'a\r\nX-Evil: 1', rcptTo: ['b\nX-Evil: 1', 'c\u2028d'] },
  })
  assert.equal(fields.split('\r\n').length, 7)
  assert.doesNotMatch(fields, /^X-Evil/m)
  assert.match(fields, /^Received: from a__X-Evil:_1__c__$/m)
})
