import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSecureContext } from 'node:tls'
import { startSmtp } from '../helpers/smtp.ts'
import { play } from '../helpers/transcript.ts'
import { Wire } from '../helpers/wire.ts'

test('who talks before the greeting is served', async t => {
  const smtp = await startSmtp(t)
  await play(
    smtp.port,
    `C: EHLO client.example
     C: MAIL FROM:<>
     C: RCPT TO:<a@example.com>
     C: DATA
     C: Subject: pipelined
     C:
     C: .
     C: QUIT
     S: 220 …
     S: 250-…
     S: 250-PIPELINING
     S: 250-…
     S: 250-…
     S: 250-…
     S: 250-…
     S: 250-…
     S: 250-…
     S: 250 SIZE …
     S: 250 2.1.0 …
     S: 250 2.1.5 …
     S: 354 …
     S: 250 2.0.0 Ok: queued as 1
     S: 221 …
     CLOSED`,
  )
  assert.equal((await smtp.mails())[0]?.raw, 'Subject: pipelined\r\n\r\n')
})

test('AUTH in a transaction or a second time is 503', async t => {
  const smtp = await startSmtp(t)
  await play(
    smtp.port,
    `S: 220 …
     C: HELO client.example
     S: 250 …
     C: MAIL FROM:<a@example.com>
     S: 250 …
     C: AUTH LOGIN
     S: 503 5.5.1 AUTH is not permitted …
     C: RSET
     S: 250 …
     C: AUTH PLAIN AHVzZXIAcGFzcw==
     S: 235 2.7.0 …
     C: AUTH PLAIN AHVzZXIAcGFzcw==
     S: 503 5.5.1 …`,
  )
})

test('a line as long as RFC 4954 §4 wants is read, a longer one ends the connection', async t => {
  const smtp = await startSmtp(t)
  const token = (octets: number) =>
    Buffer.from(`user=ann\u0001auth=Bearer ${'x'.repeat(octets)}\u0001\u0001`).toString('base64')
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  assert.match(await wire.ask(`AUTH XOAUTH2 ${token(9100)}`), /^235 /)
  assert.match(await wire.ask(`NOOP ${'x'.repeat(20_000)}`), /^421 /)
  await wire.over()
})

test('addresses and DSN parameters are kept as they were given', async t => {
  const smtp = await startSmtp(t)
  await play(
    smtp.port,
    `S: 220 …
     C: HELO client.example
     S: 250 …
     C: MAIL FROM:<"a b"@XN--BCHER-KVA.example> RET=hdrs ENVID=QQ+2B314159 BODY=8BITMIME SMTPUTF8 SIZE=10
     S: 250 …
     C: RCPT TO:<Carol@Ivory.EDU> NOTIFY=FAILURE,DELAY ORCPT=rfc822;Carol+2Bx@Ivory.EDU
     S: 250 …
     C: RCPT TO:<carol@ivory.edu> NOTIFY=NEVER
     S: 250 …
     C: RCPT TO:<root>
     S: 250 …
     C: DATA
     S: 354 …
     C: x
     C: .
     S: 250 …`,
  )
  const [mail] = await smtp.mails()
  assert.deepEqual(mail?.reception.envelope, {
    mailFrom: '"a b"@XN--BCHER-KVA.example',
    rcptTo: ['Carol@Ivory.EDU', 'carol@ivory.edu', 'root'],
  })
  assert.deepEqual(mail.reception.dsn, {
    ret: 'hdrs',
    envid: 'QQ+2B314159',
    recipients: [
      {
        address: 'Carol@Ivory.EDU',
        notify: ['FAILURE', 'DELAY'],
        orcpt: 'rfc822;Carol+2Bx@Ivory.EDU',
      },
      { address: 'carol@ivory.edu', notify: ['NEVER'] },
    ],
  })
})

test('STARTTLS forgets what was said before, and counts the connection until it ends', async t => {
  const smtp = await startSmtp(t)
  await play(
    smtp.port,
    `S: 220 …
     C: HELO client.example
     S: 250 …
     C: MAIL FROM:<before@example.com>
     S: 250 …
     C: STARTTLS
     S: 220 2.0.0 …
     TLS
     C: RCPT TO:<a@example.com>
     S: 503 5.5.1 …HELO…
     C: HELO again.example
     S: 250 …
     C: RCPT TO:<a@example.com>
     S: 503 5.5.1 …need MAIL…
     C: MAIL FROM:<after@example.com>
     S: 250 …
     C: RCPT TO:<a@example.com>
     S: 250 …
     C: DATA
     S: 354 …
     C: x
     C: .
     S: 250 …
     C: STARTTLS
     S: 503 5.5.1 …`,
  )
  const [mail] = await smtp.mails()
  assert.equal(mail?.reception.envelope.mailFrom, 'after@example.com')
  assert.equal(mail.reception.helo, 'again.example')
  assert.match(mail.reception.tls?.protocol ?? '', /^TLSv1\.[23]$/)
  assert.ok(mail.reception.tls?.cipher)
})

test('what follows STARTTLS in clear text is never executed', async t => {
  const smtp = await startSmtp(t)
  for (const injected of [
    'MAIL FROM:<evil@example.com>\r\n',
    'NOOP\r\n'.repeat(500),
    'EHLO evil.example\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nx\r\n.\r\n',
  ]) {
    const wire = await Wire.open(smtp.port)
    await wire.reply()
    await wire.ask('EHLO client.example')
    wire.write(`STARTTLS\r\n${injected}`)
    assert.match(await wire.reply(), /^220 /)
    // Either the handshake fails, since the octets went to it, or they are gone.
    const isSecure = await wire.startTls().then(
      () => true,
      () => false,
    )
    if (isSecure) {
      assert.match(await wire.ask('RCPT TO:<c@example.com>'), /^503 5\.5\.1 .*HELO/)
      assert.match(await wire.ask('EHLO client.example'), /^250-/)
      assert.match(await wire.ask('RCPT TO:<c@example.com>'), /^503 5\.5\.1 .*MAIL/)
    }
    wire.destroy()
  }
  assert.equal(smtp.store.total, 0)
})

test('without a certificate STARTTLS is 454, and the mail goes on in clear text', async t => {
  const smtp = await startSmtp(t, {
    secureContext: () => Promise.reject(new Error('no certificate')),
  })
  await play(
    smtp.port,
    `S: 220 …
     C: HELO client.example
     S: 250 …
     C: STARTTLS
     S: 454 4.7.0 …
     C: MAIL FROM:<a@example.com>
     S: 250 …`,
  )
  assert.match(smtp.lines.join(''), /error: SMTP: TLS is not available: Error: no certificate/)
})

test('a client that leaves while its certificate is made harms nobody', async t => {
  let make = () => {}
  const smtp = await startSmtp(t, {
    secureContext: () =>
      new Promise(resolve => {
        make = () => resolve(createSecureContext())
      }),
  })
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  // What comes before STARTTLS is answered, so STARTTLS has been read soon after.
  wire.write('NOOP\r\nSTARTTLS\r\n')
  await wire.reply()
  wire.reset()
  await smtp.close()
  make()
  await new Promise(setImmediate)
  assert.doesNotMatch(smtp.lines.join(''), /error/)
})
