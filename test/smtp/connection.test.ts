import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { createSecureContext } from 'node:tls'
import { MemorySocket, segmentsOf } from '../helpers/memory-socket.ts'
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

test('messages that come in one go, replies unread, are all stored', async t => {
  const smtp = await startSmtp(t)
  const wire = await Wire.open(smtp.port)
  const message = (number: number) =>
    `MAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nDATA\r\n${number}\r\n.\r\n`
  wire.write(`HELO client.example\r\n${message(1)}${message(2)}${message(3)}QUIT\r\n`)
  let reply = await wire.reply()
  while (!reply.startsWith('221')) {
    assert.match(reply, /^(?:2|354)/)
    reply = await wire.reply()
  }
  const mails = await smtp.mails()
  assert.deepEqual(
    mails.map(({ raw }) => raw),
    ['1\r\n', '2\r\n', '3\r\n'],
  )
})

test('what is left of a line that is too long is no command', async t => {
  const smtp = await startSmtp(t)
  const said = Buffer.from(`FOO\r\n${'x'.repeat(12_401)}\r\nNOOP\r\n`)
  for (const lengths of [[said.length], [5, 12_401, 1]]) {
    const socket = new MemorySocket(segmentsOf(said, lengths))
    smtp.accept(socket.socket)
    await once(socket, 'close')
    assert.match(`${socket.sent}`, /^220 .*\r\n500 .*\r\n421 4\.4\.2 .*too long\r\n$/)
  }
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

test('ten logins that fail end the connection', async t => {
  const smtp = await startSmtp(t, { auth: { user: 'ann', password: 'right' } })
  const plain = (password: string) =>
    `AUTH PLAIN ${Buffer.from(`\0ann\0${password}`).toString('base64')}`
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  for (let count = 1; count < 10; count++) {
    assert.match(await wire.ask(plain(`wrong ${count}`)), /^535 5\.7\.8 /)
  }
  assert.match(await wire.ask(plain('wrong 10')), /^421 4\.7\.0 Too many failed logins/)
  assert.equal(await wire.ask(plain('right')), '')
  wire.destroy()
  const other = await Wire.open(smtp.port)
  await other.reply()
  await other.ask('EHLO client.example')
  assert.match(await other.ask(plain('right')), /^235 /)
  other.destroy()
})

test('octets that come one by one do not keep a connection alive', async t => {
  const idleTimeout = 1_000
  const smtp = await startSmtp(t, { idleTimeout })
  const smtps = await startSmtp(t, { idleTimeout, implicitTls: true })
  // The head of a TLS record, which tells of 512 octets.
  const record = Uint8Array.of(0x16, 3, 1, 2, 0, 1)
  const trickled = async (
    port: number,
    commands: readonly string[],
    opening: string | Uint8Array,
  ) => {
    const wire = await Wire.open(port)
    for (const command of commands) assert.match(await wire.ask(command), /^[23]/)
    wire.write(opening)
    const trickle = setInterval(() => wire.write('\0'), 50)
    await wire.over()
    clearInterval(trickle)
    wire.destroy()
  }
  const busy = async () => {
    const wire = await Wire.open(smtp.port)
    await wire.reply()
    for (let count = 0; count < 6; count++) {
      assert.match(await wire.ask('NOOP'), /^250 /)
      await new Promise(resolve => setTimeout(resolve, idleTimeout / 4))
    }
    wire.destroy()
  }
  await Promise.all([
    trickled(smtp.port, [], 'EH'),
    trickled(smtp.port, ['EHLO client.example'], 'MAIL'),
    trickled(smtp.port, ['NOOP', 'EHLO client.example', 'AUTH LOGIN'], 'YQ'),
    trickled(smtp.port, ['NOOP', 'EHLO client.example', 'STARTTLS'], record),
    trickled(smtps.port, [], record),
    // The control: whoever says something goes on.
    busy(),
  ])
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

test('what follows STARTTLS in clear text is not run, and ends the connection (CVE-2011-0411)', async t => {
  const smtp = await startSmtp(t)
  for (const injected of [
    'MAIL FROM:<evil@example.com>\r\n',
    'STARTTLS\r\n',
    'half a command',
    '\r\n',
    'NOOP\r\n'.repeat(50_000),
    'EHLO evil.example\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nx\r\n.\r\n',
  ]) {
    const wire = await Wire.open(smtp.port)
    await wire.reply()
    await wire.ask('EHLO client.example')
    // What comes before it may be pipelined (RFC 3207 §4).
    wire.write(`NOOP\r\nSTARTTLS\r\n${injected}`)
    assert.match(await wire.reply(), /^250 /)
    assert.match(await wire.reply(), /^421 4\.7\.0 Nothing may follow STARTTLS/)
    assert.equal(await wire.reply(), '')
    wire.destroy()
  }
  assert.equal(smtp.store.total, 0)
})

test('what comes behind STARTTLS while the certificate is made ends the connection too', async t => {
  for (const outcome of ['made', 'failed'] as const) {
    let settle = () => {}
    const smtp = await startSmtp(t, {
      secureContext: () =>
        new Promise((resolve, reject) => {
          settle = () => (outcome === 'made' ? resolve(createSecureContext()) : reject(new Error()))
        }),
    })
    const wire = await Wire.open(smtp.port)
    await wire.reply()
    await wire.ask('EHLO client.example')
    wire.write('NOOP\r\nSTARTTLS\r\n')
    await wire.reply()
    await wire.writeAll('MAIL FROM:<evil@example.com>\r\n')
    const other = await Wire.open(smtp.port)
    await other.ask('HELO client.example')
    settle()
    assert.match(await wire.reply(), /^421 4\.7\.0 Nothing may follow STARTTLS/, outcome)
    for (const each of [wire, other]) each.destroy()
  }
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
