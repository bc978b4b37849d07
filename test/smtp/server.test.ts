import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSmtp } from '../helpers/smtp.ts'
import { play } from '../helpers/transcript.ts'
import { Wire } from '../helpers/wire.ts'

test('a typical transaction (RFC 5321 appendix D.1)', async t => {
  const smtp = await startSmtp(t)
  await play(
    smtp.port,
    `S: 220 … ESMTP Mailcatch
     C: EHLO bar.com
     S: 250-…
     S: 250-PIPELINING
     S: 250-8BITMIME
     S: 250-SMTPUTF8
     S: 250-ENHANCEDSTATUSCODES
     S: 250-DSN
     S: 250-AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2
     S: 250-STARTTLS
     S: 250 SIZE 1048576
     C: MAIL FROM:<Smith@bar.com>
     S: 250 2.1.0 …
     C: RCPT TO:<Jones@foo.com>
     S: 250 2.1.5 …
     C: RCPT TO:<Green@foo.com>
     S: 250 2.1.5 …
     C: RCPT TO:<Brown@foo.com>
     S: 250 2.1.5 …
     C: DATA
     S: 354 …
     C: Blah blah blah...
     C: ...etc. etc. etc.
     C: .
     S: 250 2.0.0 Ok: queued as 1
     C: QUIT
     S: 221 2.0.0 …
     CLOSED`,
  )
  const [mail] = await smtp.mails()
  assert.deepEqual(mail?.reception.envelope, {
    mailFrom: 'Smith@bar.com',
    rcptTo: ['Jones@foo.com', 'Green@foo.com', 'Brown@foo.com'],
  })
  assert.equal(mail.raw, 'Blah blah blah...\r\n..etc. etc. etc.\r\n')
  assert.equal(mail.reception.helo, 'bar.com')
  assert.equal(mail.reception.listener, 'smtp')
  assert.equal(mail.reception.peer?.address, '127.0.0.1')
})
