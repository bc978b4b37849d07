import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { ConnectionLimit } from '../../server/net/connection-limit.ts'
import { PortInUseError } from '../../server/net/listener.ts'
import { Pop3Client, startPop3 } from '../helpers/pop3.ts'
import { play } from '../helpers/transcript.ts'
import { Wire } from '../helpers/wire.ts'

/** Messages of 120 and 200 octets, as in the RFC's examples. */
const EXAMPLE = [120, 200].map(size => `Subject: x\r\n\r\n${'a'.repeat(size - 16)}\r\n`)

test('an example session (RFC 1939 §10)', async t => {
  const pop3 = await startPop3(t)
  for (const message of EXAMPLE) await pop3.put(message)
  await play(
    pop3.port,
    `S: +OK … <…@…>
     C: APOP mrose c4c9334bac560ecc979e58001b3e22fb
     S: +OK 2 messages
     C: STAT
     S: +OK 2 320
     C: LIST
     S: +OK 2 messages
     S: 1 120
     S: 2 200
     S: .
     C: RETR 1
     S: +OK 120 octets
     S: Subject: x
     S:
     S: ${'a'.repeat(104)}
     S: .
     C: DELE 1
     S: +OK message 1 deleted
     C: RETR 2
     S: +OK 200 octets
     S: Subject: x
     S:
     S: ${'a'.repeat(184)}
     S: .
     C: DELE 2
     S: +OK message 2 deleted
     C: QUIT
     S: +OK …
     CLOSED`,
  )
  assert.equal(pop3.store.total, 0)
})

test('a session before and behind TLS (RFC 2595 §4)', async t => {
  const pop3 = await startPop3(t)
  await play(
    pop3.port,
    `S: +OK …
     C: CAPA
     S: +OK …
     S: TOP
     S: UIDL
     S: USER
     S: SASL CRAM-MD5 PLAIN LOGIN XOAUTH2 OAUTHBEARER
     S: RESP-CODES
     S: AUTH-RESP-CODE
     S: PIPELINING
     S: UTF8 USER
     S: EXPIRE NEVER
     S: STLS
     S: IMPLEMENTATION Mailcatch
     S: .
     C: USER frated
     S: +OK …
     C: STLS
     S: +OK begin TLS
     TLS
     C: PASS of-frated
     S: -ERR …
     C: STLS
     S: -ERR …
     C: USER mrose
     S: +OK …
     C: PASS secret
     S: +OK 0 messages
     C: STLS
     S: -ERR …
     C: QUIT
     S: +OK …
     CLOSED`,
  )
})

test('TLS from the first octet on', async t => {
  const pop3 = await startPop3(t, { implicitTls: true })
  const wire = await Wire.openTls(pop3.port)
  assert.match((await wire.line()) ?? '', /^\+OK /)
  wire.write('STLS\r\nCAPA\r\n')
  assert.match((await wire.line()) ?? '', /^-ERR /)
  const lines: (string | null)[] = []
  for (let line = await wire.line(); line !== '.'; line = await wire.line()) lines.push(line)
  assert.ok(lines.includes('TOP') && !lines.includes('STLS'))
  wire.destroy()
})

test('without STLS where it is switched off', async t => {
  const pop3 = await startPop3(t, { startTls: false })
  const client = await Pop3Client.open(pop3.port)
  assert.match(await client.ask('STLS'), /^-ERR /)
  assert.doesNotMatch(await client.fetch('CAPA'), /STLS/)
  client.destroy()
})

test('mail that arrives during a session appears in the next one', async t => {
  const pop3 = await startPop3(t)
  await pop3.put('Subject: one\r\n\r\n')
  const first = await Pop3Client.login(pop3.port)
  await pop3.put('Subject: two\r\n\r\n')
  assert.equal(await first.ask('STAT'), '+OK 1 16')
  assert.match(await first.ask('RETR 2'), /^-ERR /)
  assert.match(await first.ask('QUIT'), /^\+OK /)
  const second = await Pop3Client.login(pop3.port)
  assert.equal(await second.ask('STAT'), '+OK 2 32')
  assert.equal(await second.fetch('RETR 2'), 'Subject: two\r\n\r\n')
  second.destroy()
})

test('a name sees everything, an address its own mail alone', async t => {
  const pop3 = await startPop3(t)
  await pop3.put('Subject: one\r\n\r\n', ['Ann@Example.com'])
  await pop3.put('Subject: two\r\n\r\n', ['bob@example.com'])
  await pop3.put('Subject: three\r\n\r\n', ['bob@example.com', 'ann+x@example.com'])
  const counts = [
    ['any', 3],
    ['ANN@example.com', 2],
    ['bob@example.com', 2],
    ['nobody@example.com', 0],
  ] as const
  for (const [user, count] of counts) {
    const client = await Pop3Client.login(pop3.port, user)
    assert.match(await client.ask('STAT'), new RegExp(`^\\+OK ${count} `), user)
    assert.match(await client.ask('QUIT'), /^\+OK/)
  }

  const ann = await Pop3Client.login(pop3.port, 'ann@example.com')
  await ann.ask('DELE 2')
  assert.match(await ann.ask('QUIT'), /^\+OK/)
  const again = await Pop3Client.login(pop3.port, 'ann@example.com')
  assert.match(await again.ask('STAT'), /^\+OK 1 /)
  again.destroy()
  const bob = await Pop3Client.login(pop3.port, 'bob@example.com')
  assert.match(await bob.ask('STAT'), /^\+OK 2 /)
  bob.destroy()
  assert.equal(pop3.store.total, 3)
})

test('UIDL stays, and so does what was not read', async t => {
  const pop3 = await startPop3(t)
  for (let serial = 0; serial < 3; serial++) await pop3.put(`n: ${serial}\r\n\r\n`)
  const uidls = async () => {
    const client = await Pop3Client.login(pop3.port)
    const lines = await client.fetch('UIDL')
    await client.fetch('RETR 1')
    assert.match(await client.ask('QUIT'), /^\+OK/)
    return lines.split('\r\n').slice(0, -1)
  }
  const before = await uidls()
  for (const line of before) assert.match(line, /^\d+ [\x21-\x7e]{1,70}$/)
  assert.equal(new Set(before.map(line => line.split(' ')[1])).size, 3)
  assert.equal(pop3.store.unread, 3)
  assert.deepEqual(await uidls(), before)
  await pop3.store.remove([1])
  const [two, three] = before.slice(1).map(line => line.split(' ')[1])
  assert.deepEqual(await uidls(), [`1 ${two}`, `2 ${three}`])
})

test('one too many is told so', async t => {
  const limit = new ConnectionLimit({ total: 1 })
  const pop3 = await startPop3(t, { limit })
  const first = await Pop3Client.open(pop3.port)
  const wire = await Wire.open(pop3.port)
  assert.equal(await wire.line(), '-ERR [SYS/TEMP] too many connections')
  await wire.over()
  assert.match(await first.ask('QUIT'), /^\+OK/)
  await first.over()
})

test('a port in use is an error', async t => {
  const pop3 = await startPop3(t)
  await assert.rejects(
    pop3.another({ port: pop3.port }),
    error => error instanceof PortInUseError && error.frontEnd === 'POP3',
  )
})

test('listens on both loopback addresses', async t => {
  const { port, addresses } = await startPop3(t)
  assert.deepEqual(addresses, ['127.0.0.1', '::1'])
  const socket = connect(port, '::1')
  assert.match(String((await once(socket, 'data'))[0]), /^\+OK /)
  socket.destroy()
})

test('closing ends idle sessions, deletes nothing, and is quick', async t => {
  const limit = new ConnectionLimit()
  const pop3 = await startPop3(t, { limit })
  const pop3s = await pop3.another({ implicitTls: true, limit })
  await pop3.put('Subject: one\r\n\r\n')
  const marking = await Pop3Client.login(pop3.port)
  await marking.ask('DELE 1')
  const idle = await Pop3Client.open(pop3.port)
  const waiting = await Pop3Client.open(pop3.port)
  waiting.write('USER any\r\nPASS any\r\n')
  assert.match(await waiting.line(), /^\+OK/)
  const within = await Pop3Client.open(pop3.port)
  assert.match(await within.ask('AUTH PLAIN'), /^\+ /)
  const mute = connect(pop3s.port, '127.0.0.1')
  await once(mute, 'connect')
  const began = performance.now()
  await Promise.all([pop3.close(), pop3s.close()])
  assert.ok(performance.now() - began < 7_000)
  for (const client of [marking, idle, waiting, within]) await client.over()
  mute.destroy()
  assert.equal(limit.open, 0)
  assert.equal(pop3.store.total, 1)
})
