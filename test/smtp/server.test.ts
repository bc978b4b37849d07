import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { ConnectionLimit } from '../../server/net/connection-limit.ts'
import { PortInUseError } from '../../server/net/listener.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { failingFs } from '../helpers/failing-fs.ts'
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

/** Says EHLO, MAIL, one RCPT and DATA. */
async function openData(port: number, recipient = 'b@example.com'): Promise<Wire> {
  const wire = await Wire.open(port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  await wire.ask('MAIL FROM:<a@example.com>')
  await wire.ask(`RCPT TO:<${recipient}>`)
  assert.match(await wire.ask('DATA'), /^354 /)
  return wire
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Logs in by CRAM-MD5 (RFC 2195 §2) and answers the last reply. */
async function cramMd5(wire: Wire, user: string, password: string): Promise<string> {
  const [, challenge = ''] = (await wire.ask('AUTH CRAM-MD5')).split(' ')
  const digest = createHmac('md5', password).update(Buffer.from(challenge, 'base64')).digest('hex')
  return wire.ask(base64(`${user} ${digest}`))
}

test('any credentials are taken and recorded, also without TLS', async t => {
  const smtp = await startSmtp(t)
  const logins: readonly ((wire: Wire) => Promise<string>)[] = [
    wire => wire.ask(`AUTH PLAIN ${base64('\0ann\0secret')}`),
    async wire => {
      assert.equal(await wire.ask('AUTH LOGIN'), '334 VXNlcm5hbWU6')
      assert.equal(await wire.ask(base64('ann')), '334 UGFzc3dvcmQ6')
      return wire.ask(base64('secret'))
    },
    wire => wire.ask(`AUTH XOAUTH2 ${base64('user=ann\u0001auth=Bearer t\u0001\u0001')}`),
    wire => cramMd5(wire, 'ann', 'anything'),
  ]
  for (const login of logins) {
    const wire = await Wire.open(smtp.port)
    await wire.reply()
    await wire.ask('EHLO client.example')
    assert.match(await login(wire), /^235 2\.7\.0 /)
    await wire.ask('MAIL FROM:<a@example.com>')
    await wire.ask('RCPT TO:<b@example.com>')
    await wire.ask('DATA')
    assert.match(await wire.ask('x\r\n.'), /^250 /)
    wire.destroy()
  }
  const users = (await smtp.mails()).map(({ reception }) => reception.authUser)
  assert.deepEqual(users, ['ann', 'ann', 'ann', 'ann'])
})

test('an empty name is a login too', async t => {
  const smtp = await startSmtp(t)
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  assert.match(await wire.ask(`AUTH PLAIN ${base64('\0\0')}`), /^235 /)
  wire.destroy()
})

test('credentials that are set are required and checked', async t => {
  const smtp = await startSmtp(t, { auth: { user: 'ann', password: 'secret' } })
  await play(
    smtp.port,
    `S: 220 …
     C: HELO client.example
     S: 250 …
     C: MAIL FROM:<a@example.com>
     S: 530 5.7.0 …
     C: RCPT TO:<a@example.com>
     S: 530 5.7.0 …
     C: AUTH PLAIN ${base64('\0ann\0wrong')}
     S: 535 5.7.8 …
     C: AUTH PLAIN ${base64('\0bob\0secret')}
     S: 535 5.7.8 …
     C: AUTH XOAUTH2 ${base64('user=ann\u0001auth=Bearer wrong\u0001\u0001')}
     S: 535 5.7.8 …
     C: AUTH PLAIN ${base64('\0ann\0secret')}
     S: 235 2.7.0 …
     C: MAIL FROM:<a@example.com>
     S: 250 …`,
  )
  for (const [user, password, code] of [
    ['ann', 'secret', '235'],
    ['ann', 'wrong', '535'],
    ['bob', 'secret', '535'],
  ] as const) {
    const wire = await Wire.open(smtp.port)
    await wire.reply()
    await wire.ask('EHLO client.example')
    assert.equal((await cramMd5(wire, user, password)).slice(0, 3), code)
    wire.destroy()
  }
})

test('a message that announces to be too big is refused at MAIL', async t => {
  const smtp = await startSmtp(t, { maxMessageSize: 1000 })
  await play(
    smtp.port,
    `S: 220 …
     C: HELO client.example
     S: 250 …
     C: MAIL FROM:<a@example.com> SIZE=1001
     S: 552 5.3.4 …
     C: MAIL FROM:<a@example.com> SIZE=99999999999999999999
     S: 552 5.3.4 …
     C: MAIL FROM:<a@example.com> SIZE=-1
     S: 501 5.5.4 …
     C: MAIL FROM:<a@example.com> SIZE=1e3
     S: 501 5.5.4 …
     C: MAIL FROM:<a@example.com> SIZE=1000
     S: 250 …`,
  )
})

test('a message that is too big is refused after its final dot, and the connection goes on', async t => {
  const smtp = await startSmtp(t, { maxMessageSize: 100_000 })
  const wire = await openData(smtp.port)
  await wire.writeAll(`${'x'.repeat(98)}\r\n`.repeat(1001))
  assert.equal(await wire.ask('.'), '552 5.3.4 Message is larger than 100000 octets')
  assert.match(await wire.ask('MAIL FROM:<a@example.com>'), /^250 /)
  await wire.ask('RCPT TO:<b@example.com>')
  await wire.ask('DATA')
  await wire.writeAll(`${'x'.repeat(98)}\r\n`.repeat(1000))
  assert.match(await wire.ask('.'), /^250 2\.0\.0 Ok/)
  const [mail] = await smtp.mails()
  assert.equal(mail?.raw.length, 100_000)
  wire.destroy()
})

test('past four times the limit the connection is closed', async t => {
  const smtp = await startSmtp(t, { maxMessageSize: 1000 })
  const wire = await openData(smtp.port)
  await wire.writeAll(`${'x'.repeat(998)}\r\n`.repeat(5))
  assert.match(await wire.reply(), /^552 5\.3\.4 /)
  await wire.over()
  assert.equal(smtp.store.total, 0)
})

test('recipients over the limit are refused, the others get the message', async t => {
  const smtp = await startSmtp(t, { maxRecipients: 1000 })
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('HELO client.example')
  await wire.ask('MAIL FROM:<a@example.com>')
  const commands = Array.from(
    { length: 10_000 },
    (_, index) => `RCPT TO:<${index}@example.com>\r\n`,
  )
  const written = wire.writeAll(commands.join(''))
  const codes = new Map<string, number>()
  for (const _ of commands) {
    const code = (await wire.reply()).slice(0, 9)
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  await written
  assert.deepEqual(
    [...codes],
    [
      ['250 2.1.5', 1000],
      ['452 4.5.3', 9000],
    ],
  )
  await wire.ask('DATA')
  assert.match(await wire.ask('x\r\n.'), /^250 /)
  const [mail] = await smtp.mails()
  assert.equal(mail?.reception.envelope.rcptTo.length, 1000)
  wire.destroy()
})

test('recipients that are few but endless are refused too', async t => {
  const smtp = await startSmtp(t)
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('HELO client.example')
  await wire.ask('MAIL FROM:<a@example.com>')
  const replies: string[] = []
  for (let index = 0; index < 60; index++) {
    replies.push(await wire.ask(`RCPT TO:<${index}${'é'.repeat(5000)}@example.com>`))
  }
  assert.match(replies[0] ?? '', /^250 /)
  assert.match(replies.at(-1) ?? '', /^452 4\.5\.3 /)
  await wire.ask('DATA')
  assert.match(await wire.ask('x\r\n.'), /^250 /)
  const [mail] = await smtp.mails()
  assert.equal(
    mail?.reception.envelope.rcptTo.length,
    replies.filter(r => r.startsWith('250')).length,
  )
  wire.destroy()
})

test('implicit TLS: the first octet is the handshake', async t => {
  const smtp = await startSmtp(t, { implicitTls: true })
  const wire = await Wire.openTls(smtp.port)
  assert.match(await wire.reply(), /^220 /)
  assert.doesNotMatch(await wire.ask('EHLO client.example'), /STARTTLS/)
  await wire.ask('MAIL FROM:<>')
  await wire.ask('RCPT TO:<b@example.com>')
  await wire.ask('DATA')
  assert.match(await wire.ask('x\r\n.'), /^250 /)
  const [mail] = await smtp.mails()
  assert.equal(mail?.reception.envelope.mailFrom, '')
  assert.equal(mail.reception.listener, 'smtps')
  assert.ok(mail.reception.tls)
  wire.destroy()
})

test('listens on both loopback addresses, and says who holds its port', async t => {
  const smtp = await startSmtp(t)
  assert.deepEqual(smtp.addresses, ['127.0.0.1', '::1'])
  const wire = await Wire.open(smtp.port, '::1')
  assert.match(await wire.reply(), /^220 /)
  wire.destroy()
  await assert.rejects(startSmtp(t, { port: smtp.port }), (error: unknown) => {
    assert.ok(error instanceof PortInUseError)
    assert.equal(error.port, smtp.port)
    assert.equal(error.frontEnd, 'SMTP')
    return true
  })
})

test('a connection too many is told so', async t => {
  const smtp = await startSmtp(t, { limit: new ConnectionLimit({ total: 2 }) })
  const first = await Wire.open(smtp.port)
  const second = await Wire.open(smtp.port)
  assert.match(await first.reply(), /^220 /)
  assert.match(await second.reply(), /^220 /)
  const third = await Wire.open(smtp.port)
  assert.equal(await third.reply(), '421 4.7.0 Too many connections, try again later')
  await third.over()
  first.destroy()
  second.destroy()
})

test('every connection is counted until it ends, whatever TLS does to its socket', async t => {
  const limit = new ConnectionLimit()
  const smtp = await startSmtp(t, { limit })
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  await wire.ask('STARTTLS')
  await wire.startTls()
  await wire.ask('EHLO client.example')
  assert.equal(limit.open, 1)
  await smtp.close()
  assert.equal(limit.open, 0)
  await wire.over()
})

test('close: idle clients are told, a message under way comes to its end', async t => {
  const smtp = await startSmtp(t)
  const idle = await Wire.open(smtp.port)
  await idle.reply()
  const busy = await openData(smtp.port)
  busy.write('Subject: under way\r\n')

  const closed = smtp.close()
  assert.match(await idle.reply(), /^421 4\.3\.2 /)
  assert.equal(await idle.line(), null)
  idle.end()
  const late = connect({ port: smtp.port, host: '127.0.0.1' })
  const [error] = await once(late, 'error')
  assert.equal(error.code, 'ECONNREFUSED')

  assert.match(await busy.ask('\r\nbody\r\n.'), /^250 2\.0\.0 Ok/)
  assert.match(await busy.reply(), /^421 4\.3\.2 /)
  busy.end()
  await closed
  assert.equal((await smtp.mails())[0]?.raw, 'Subject: under way\r\n\r\nbody\r\n')
})

test('close: clients that neither speak nor leave are cut off', async t => {
  const smtp = await startSmtp(t)
  const smtps = await startSmtp(t, { implicitTls: true })
  // Accepted and never talked to, in the midst of a command, of both handshakes; all keep their side open.
  const sockets = [smtp.port, smtp.port, smtps.port, smtps.port].map(port =>
    connect({ port, host: '127.0.0.1', allowHalfOpen: true }),
  )
  for (const socket of sockets) socket.on('error', () => {})
  const [mute, within, , handshaking] = sockets
  if (!mute || !within || !handshaking) assert.fail()
  await Promise.all(sockets.map(socket => once(socket, 'connect')))
  within.write('EHLO client.example\r\nSTARTTLS\r\n')
  // The first octets of a ClientHello of 512.
  handshaking.write(Buffer.from('16030102000100', 'hex'))
  await once(within, 'data')
  within.write(Buffer.from('16030102000100', 'hex'))
  await Promise.all([smtp.close(), smtps.close()])
  for (const socket of sockets) socket.destroy()
})

test('a disk that is full or fails is said, and the next message works', async t => {
  const { fs, fail } = failingFs(memoryFs())
  const smtp = await startSmtp(t, { fs, maxMessageSize: 10 * 1024 * 1024 })
  for (const [operation, code, reply] of [
    ['create', 'ENOSPC', '452 4.3.1 Insufficient system storage'],
    ['write', 'EDQUOT', '452 4.3.1 Insufficient system storage'],
    ['rename', 'EIO', '451 4.3.0 The message could not be stored'],
    ['create', 'EMFILE', '451 4.3.0 The message could not be stored'],
  ] as const) {
    // Small ones fail at their end, large ones in their midst.
    for (const lines of [1, 20_000]) {
      fail(operation, code)
      const wire = await openData(smtp.port)
      await wire.writeAll(`${'x'.repeat(98)}\r\n`.repeat(lines))
      assert.equal(await wire.ask('.'), reply, `${operation} ${code}`)
      assert.match(await wire.ask('MAIL FROM:<a@example.com>'), /^250 /)
      await wire.ask('RCPT TO:<b@example.com>')
      await wire.ask('DATA')
      assert.match(await wire.ask('x\r\n.'), /^250 2\.0\.0 Ok/)
      wire.destroy()
    }
  }
  assert.equal(smtp.store.total, 8)
  const errors = smtp.lines.filter(line => line.startsWith('error: SMTP: a message was refused: '))
  assert.equal(errors.length, 8)
})
