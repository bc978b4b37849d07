import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectionLimit } from '../../server/net/connection-limit.ts'
import { startSmtp } from '../helpers/smtp.ts'
import { Wire } from '../helpers/wire.ts'

/** The server is alive when a stranger's mail still arrives. */
async function assertAlive(port: number): Promise<void> {
  const wire = await Wire.open(port)
  assert.match(await wire.reply(), /^220 /)
  await wire.ask('EHLO client.example')
  await wire.ask('MAIL FROM:<alive@example.com>')
  await wire.ask('RCPT TO:<b@example.com>')
  await wire.ask('DATA')
  assert.match(await wire.ask('Subject: alive\r\n\r\nx\r\n.'), /^250 2\.0\.0 Ok/)
  wire.destroy()
}

const STAGES = [
  [],
  ['EHLO client.example'],
  ['EHLO client.example', 'AUTH LOGIN'],
  ['EHLO client.example', 'MAIL FROM:<a@example.com>'],
  ['EHLO client.example', 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>'],
  ['EHLO client.example', 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA'],
  [
    'EHLO client.example',
    'MAIL FROM:<a@example.com>',
    'RCPT TO:<b@example.com>',
    'DATA',
    `${'half a message\r\n'.repeat(30_000)}`,
  ],
  ['EHLO client.example', 'STARTTLS'],
] as const

test('a client that breaks off at any stage leaves nothing, and harms nobody', async t => {
  const limit = new ConnectionLimit()
  const smtp = await startSmtp(t, { limit })
  for (const stage of STAGES) {
    for (const leave of ['reset', 'end', 'destroy'] as const) {
      const wire = await Wire.open(smtp.port)
      await wire.reply()
      for (const command of stage) {
        await wire.writeAll(`${command}\r\n`)
        if (!command.startsWith('half')) await wire.reply()
      }
      wire[leave]()
    }
  }
  await assertAlive(smtp.port)
  await smtp.close()
  assert.equal(limit.open, 0)
  assert.deepEqual(
    (await smtp.mails()).map(({ reception }) => reception.envelope.mailFrom),
    ['alive@example.com'],
  )
})

test('garbage instead of a TLS handshake ends that connection alone', async t => {
  const smtp = await startSmtp(t)
  const smtps = await startSmtp(t, { implicitTls: true })
  const garbage = [
    'EHLO client.example\r\n',
    Buffer.alloc(1000),
    Buffer.alloc(100_000, 0xff),
    Buffer.from('16030102000100', 'hex'),
    Buffer.from(`1603010005010000${'00'.repeat(200)}`, 'hex'),
  ]
  for (const octets of garbage) {
    for (const leave of ['reset', 'end'] as const) {
      const plain = await Wire.open(smtp.port)
      await plain.reply()
      await plain.ask('EHLO client.example')
      assert.match(await plain.ask('STARTTLS'), /^220 /)
      plain.write(octets)
      plain[leave]()
      await plain.over()

      const implicit = await Wire.open(smtps.port)
      implicit.write(octets)
      implicit[leave]()
      await implicit.over()
    }
  }
  await assertAlive(smtp.port)
  const wire = await Wire.openTls(smtps.port)
  assert.match(await wire.reply(), /^220 /)
  wire.destroy()
})

test('a server that closes within handshakes of TLS lives to the end of it', async t => {
  const other = await startSmtp(t, { implicitTls: true })
  for (const implicitTls of [false, true]) {
    const smtp = await startSmtp(t, { implicitTls })
    const wires = await Promise.all(Array.from({ length: 10 }, () => Wire.open(smtp.port)))
    for (const wire of wires) {
      if (!implicitTls) {
        for (const command of ['NOOP', 'EHLO client.example', 'STARTTLS']) await wire.ask(command)
        await wire.reply()
      }
      // Of a record of 512 octets.
      await wire.writeAll(Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 0, 0))
    }
    // A whole handshake elsewhere takes longer than these take to begin.
    const last = await Wire.openTls(other.port)
    assert.match(await last.reply(), /^220 /)
    last.destroy()
    await smtp.close()
    await Promise.all(wires.map(wire => wire.over()))
    for (const wire of wires) wire.destroy()
  }
})

test('garbage instead of commands ends the connection before long', async t => {
  const smtp = await startSmtp(t)
  for (const garbage of [
    'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\nMAIL FROM:<a@example.com>\r\n',
    'x\r\n'.repeat(100_000),
    '\0'.repeat(100_000),
    '\r\n'.repeat(100_000),
    '\xff\xfe\r\n'.repeat(100),
    `EHLO ${'x'.repeat(100_000)}`,
  ]) {
    const wire = await Wire.open(smtp.port)
    await wire.writeAll(Buffer.from(garbage, 'latin1'))
    await wire.over()
    wire.destroy()
  }
  await assertAlive(smtp.port)
  assert.equal(smtp.store.total, 1)
})

test('a request of HTTP ends the connection at its first line, whatever its method', async t => {
  const smtp = await startSmtp(t)
  const behind =
    'Host: localhost\r\n\r\nEHLO evil.example\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nx\r\n.\r\n'
  for (const line of [
    'GET / HTTP/1.1',
    'PATCH / HTTP/1.1',
    'patch /form HTTP/1.1',
    'ANYTHING / HTTP/1.0',
    'OPTIONS * HTTP/1.1',
    'CONNECT localhost:1025 HTTP/1.1',
    'GET http://localhost:1025/ HTTP/1.1',
    'MAIL /a%20b HTTP/1.1',
    'PRI * HTTP/2.0',
    'GET / HTTP/2',
  ]) {
    const wire = await Wire.open(smtp.port)
    await wire.reply()
    wire.write(`${line}\r\n${behind}`)
    assert.equal(await wire.reply(), '421 4.4.2 HTTP requests not allowed', line)
    assert.equal(await wire.reply(), '', line)
    wire.destroy()
  }
  assert.equal(smtp.store.total, 0)
  // The control: what is behind is a message, once the line does not end as a request does.
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  wire.write(`PATCH / HTTP/1.1 x\r\n${behind}`)
  const codes: string[] = []
  for (let count = 0; count < 8; count++) codes.push((await wire.reply()).slice(0, 3))
  assert.deepEqual(codes, ['500', '500', '500', '250', '250', '250', '354', '250'])
  assert.equal(smtp.store.total, 1)
  wire.destroy()
})

test('pipelined commands of any sort get an answer each', async t => {
  const smtp = await startSmtp(t)
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  const commands = [
    ['NOOP', '250'],
    ['MAIL FROM:<', '501'],
    ['RCPT TO:<a@example.com>', '503'],
    ['DATA', '503'],
    ['RSET', '250'],
    ['VRFY a', '252'],
    ['HELP', '214'],
    ['MAIL FROM:<> X=\u0007', '501'],
  ] as const
  const rounds = 200
  const written = wire.writeAll(
    commands
      .map(([command]) => `${command}\r\n`)
      .join('')
      .repeat(rounds),
  )
  for (let round = 0; round < rounds; round++) {
    for (const [command, code] of commands) {
      assert.equal((await wire.reply()).slice(0, 3), code, command)
    }
  }
  await written
  wire.destroy()
})

test('a message is kept octet for octet: NULs, 8 bits, bare CR and LF, a line of 20 MB', async t => {
  const smtp = await startSmtp(t, { maxMessageSize: 64 * 1024 * 1024 })
  const bodies = [
    'a\0b\0\0\r\n',
    `${Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet)).join('')}\r\n`,
    'bare\rCR\nLF\r\r\n\n\r\n',
    '\r\n\r\n\r\n',
    '',
    `${'x'.repeat(20 * 1024 * 1024)}\r\n`,
  ]
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  for (const body of bodies) {
    await wire.ask('MAIL FROM:<a@example.com> BODY=8BITMIME')
    await wire.ask('RCPT TO:<b@example.com>')
    await wire.ask('DATA')
    await wire.writeAll(Buffer.from(body, 'latin1'))
    assert.match(await wire.ask('.'), /^250 2\.0\.0 Ok/)
  }
  wire.destroy()
  const raws = (await smtp.mails()).map(({ raw }) => raw)
  for (const [index, body] of bodies.entries()) {
    assert.ok(raws[index] === body, `body ${index} came as ${raws[index]?.length} octets`)
  }
})

test('a body of nothing but dots is taken in one go', async t => {
  const smtp = await startSmtp(t, { maxMessageSize: 64 * 1024 * 1024 })
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  await wire.ask('MAIL FROM:<a@example.com>')
  await wire.ask('RCPT TO:<b@example.com>')
  await wire.ask('DATA')
  await wire.writeAll('..\r\n'.repeat(100_000))
  assert.match(await wire.ask('.'), /^250 2\.0\.0 Ok/)
  assert.ok((await smtp.mails())[0]?.raw === '.\r\n'.repeat(100_000))
  wire.destroy()
})

test('a message of 60 MiB is refused at its end by the default limit', async t => {
  const smtp = await startSmtp(t, { maxMessageSize: 50 * 1024 * 1024 })
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  await wire.ask('MAIL FROM:<a@example.com>')
  await wire.ask('RCPT TO:<b@example.com>')
  await wire.ask('DATA')
  const line = `${'x'.repeat(1022)}\r\n`.repeat(1024)
  for (let mebibyte = 0; mebibyte < 60; mebibyte++) await wire.writeAll(line)
  assert.equal(await wire.ask('.'), '552 5.3.4 Message is larger than 52428800 octets')
  assert.equal(smtp.store.total, 0)
  assert.match(await wire.ask('NOOP'), /^250 /)
  wire.destroy()
})

test('500 connections half open leave room for one more, and go when the server goes', async t => {
  const limit = new ConnectionLimit({ total: 501 })
  const smtp = await startSmtp(t, { limit })
  const idle = await Promise.all(Array.from({ length: 500 }, () => Wire.open(smtp.port)))
  await Promise.all(idle.map(wire => wire.reply()))
  for (const wire of idle) wire.write('EHL')
  await assertAlive(smtp.port)
  assert.ok(limit.open >= 500)
  await smtp.close()
  assert.equal(limit.open, 0)
  for (const wire of idle) wire.destroy()
})

test('who falls silent is told and left', async t => {
  const smtp = await startSmtp(t, { idleTimeout: 50 })
  for (const opening of ['', 'EHLO cli', 'EHLO client.example\r\nAUTH LOGIN\r\n']) {
    const wire = await Wire.open(smtp.port)
    wire.write(opening)
    const replies: string[] = []
    for (let reply = await wire.reply(); reply !== ''; reply = await wire.reply()) {
      replies.push(reply)
    }
    assert.match(replies.at(-1) ?? '', /^421 4\.4\.2 Timeout/)
  }
  const within = await Wire.open(smtp.port)
  await within.reply()
  await within.ask('EHLO client.example')
  await within.ask('MAIL FROM:<a@example.com>')
  await within.ask('RCPT TO:<b@example.com>')
  await within.ask('DATA')
  within.write('half a message')
  assert.match(await within.reply(), /^421 4\.4\.2 /)
  await within.over()
  assert.equal(smtp.store.total, 0)
})

test('a message that never ends is cut off, though octets keep coming', async t => {
  const smtp = await startSmtp(t, { messageTimeout: 50 })
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  await wire.ask('EHLO client.example')
  await wire.ask('MAIL FROM:<a@example.com>')
  await wire.ask('RCPT TO:<b@example.com>')
  await wire.ask('DATA')
  const trickle = setInterval(() => wire.write('x'), 5)
  const reply = await wire.reply()
  clearInterval(trickle)
  assert.match(reply, /^421 4\.4\.2 The message took too long/)
  await wire.over()
  assert.equal(smtp.store.total, 0)
})
