import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { cramMd5 } from '../../server/auth/sasl.ts'
import { Pop3Client, startPop3 } from '../helpers/pop3.ts'
import { play } from '../helpers/transcript.ts'
import { Wire } from '../helpers/wire.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const auth = { user: 'tim', password: 'tanstaaftanstaaf' }
const PLAIN = base64(`\0${auth.user}\0${auth.password}`)

test('USER and PASS (RFC 1939 §7)', async t => {
  const pop3 = await startPop3(t, { auth: { user: 'mrose', password: 'se cret ' } })
  await play(
    pop3.port,
    `S: +OK …
     C: PASS se cret 
     S: -ERR …
     C: USER mrose
     S: +OK …
     C: PASS wrong
     S: -ERR [AUTH] …
     C: PASS se cret 
     S: -ERR …
     C: user mrose
     S: +OK …
     C: pass se cret 
     S: +OK 0 messages
     C: USER mrose
     S: -ERR …
     C: QUIT
     S: +OK …
     CLOSED`,
  )
})

test('PASS comes right behind USER, or not at all', async t => {
  const pop3 = await startPop3(t)
  for (const between of ['NOOP', 'CAPA', 'UTF8', 'FOO', 'USER', 'AUTH', 'APOP x']) {
    const client = await Pop3Client.open(pop3.port)
    await client.ask('USER any')
    if (/^\+OK/.test(await client.ask(between)) && between !== 'UTF8') await client.rest()
    assert.match(await client.ask('PASS any'), /^-ERR/, between)
    await client.ask('USER any')
    assert.match(await client.ask('PASS any'), /^\+OK/, between)
    client.destroy()
  }
})

test('APOP: any digest without a login set, the right one with it', async t => {
  const open = await startPop3(t)
  const anybody = await Pop3Client.open(open.port)
  assert.match(await anybody.ask(`APOP a b ${'0'.repeat(32)}`), /^\+OK/)
  anybody.destroy()

  const pop3 = await startPop3(t, { auth })
  const wire = await Wire.open(pop3.port)
  const timestamp = /<[^<>\s]+@[^<>\s]+>$/.exec((await wire.line()) ?? '')?.[0]
  assert.ok(timestamp)
  const ask = async (command: string) => {
    wire.write(`${command}\r\n`)
    return (await wire.line()) ?? ''
  }
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  assert.match(await ask('APOP tim'), /^-ERR [^[]/)
  assert.match(await ask('APOP tim 123'), /^-ERR [^[]/)
  assert.match(await ask(`APOP tim ${md5(auth.password)}`), /^-ERR \[AUTH\]/)
  assert.match(await ask(`APOP tim ${md5(timestamp + auth.password)}`), /^\+OK/)
  wire.destroy()
})

test('the timestamp is another in each greeting (RFC 1939 §7)', async t => {
  const pop3 = await startPop3(t)
  const greetings = new Set<string>()
  for (let count = 0; count < 20; count++) {
    const wire = await Wire.open(pop3.port)
    greetings.add((await wire.line()) ?? '')
    wire.destroy()
  }
  assert.equal(greetings.size, 20)
})

test('AUTH PLAIN, as RFC 4616 §4 and RFC 5034 have it', async t => {
  const pop3 = await startPop3(t, { auth })
  await play(
    pop3.port,
    `S: +OK …
     C: AUTH PLAIN
     S: + 
     C: ${PLAIN}
     S: +OK 0 messages
     C: AUTH PLAIN
     S: -ERR …`,
  )
  await play(pop3.port, `S: +OK …\nC: auth plain ${PLAIN}\nS: +OK 0 messages`)
})

test('AUTH LOGIN, CRAM-MD5, XOAUTH2 and OAUTHBEARER', async t => {
  const pop3 = await startPop3(t, { auth })
  await play(
    pop3.port,
    `S: +OK …
     C: AUTH LOGIN
     S: + ${base64('Username:')}
     C: ${base64(auth.user)}
     S: + ${base64('Password:')}
     C: ${base64(auth.password)}
     S: +OK 0 messages`,
  )
  await play(
    pop3.port,
    `S: +OK …
     C: AUTH XOAUTH2 ${base64(`user=tim\x01auth=Bearer ${auth.password}\x01\x01`)}
     S: +OK 0 messages`,
  )
  await play(
    pop3.port,
    `S: +OK …
     C: AUTH OAUTHBEARER ${base64(`n,a=tim,\x01auth=Bearer ${auth.password}\x01\x01`)}
     S: +OK 0 messages`,
  )
  const client = await Pop3Client.open(pop3.port)
  const challenge = Buffer.from((await client.ask('AUTH CRAM-MD5')).slice(2), 'base64').toString()
  const digest = cramMd5(auth.password, challenge)
  assert.match(await client.ask(base64(`tim ${digest}`)), /^\+OK/)
  client.destroy()
})

test('an exchange that comes to nothing leaves the session as it was', async t => {
  const pop3 = await startPop3(t, { auth })
  await play(
    pop3.port,
    `S: +OK …
     C: AUTH PLAIN
     S: + 
     C: *
     S: -ERR …
     C: AUTH LOGIN
     S: + …
     C: *
     S: -ERR …
     C: AUTH PLAIN =
     S: -ERR [AUTH] …
     C: AUTH PLAIN ${PLAIN}x
     S: -ERR that is no base64
     C: AUTH PLAIN
     S: + 
     C: no base64
     S: -ERR that is no base64
     C: AUTH CRAM-MD5 ${PLAIN}
     S: -ERR [AUTH] …
     C: AUTH GSSAPI
     S: -ERR …
     C: AUTH PLAIN ${PLAIN} ${PLAIN}
     S: -ERR …
     C: AUTH PLAIN ${base64('\0tim\0wrong')}
     S: -ERR [AUTH] …
     C: AUTH PLAIN ${PLAIN}
     S: +OK 0 messages`,
  )
})

test('AUTH alone lists the mechanisms, as it did before CAPA was', async t => {
  const pop3 = await startPop3(t)
  const client = await Pop3Client.open(pop3.port)
  const lines = await client.fetch('AUTH')
  assert.equal(lines, 'CRAM-MD5\r\nPLAIN\r\nLOGIN\r\nXOAUTH2\r\nOAUTHBEARER\r\n')
  client.destroy()
})

test('a response of SASL may be longer than a command', async t => {
  const token = 'x'.repeat(8_000)
  const pop3 = await startPop3(t, { auth: { user: 'tim', password: token } })
  const response = base64(`user=tim\x01auth=Bearer ${token}\x01\x01`)
  const first = await Pop3Client.open(pop3.port)
  assert.match(await first.ask(`AUTH XOAUTH2 ${response}`), /^\+OK/)
  first.destroy()
  const second = await Pop3Client.open(pop3.port)
  assert.match(await second.ask('AUTH XOAUTH2'), /^\+ /)
  assert.match(await second.ask(response), /^\+OK/)
  second.destroy()
  const third = await Pop3Client.open(pop3.port)
  await third.ask('AUTH XOAUTH2')
  assert.match(await third.ask('x'.repeat(12_288)), /^-ERR the line is too long/)
  await third.over()
})

test('with a login set, its user sees everything, and any address with its password its own', async t => {
  const pop3 = await startPop3(t, { auth: { user: 'team@example.com', password: 'pw' } })
  await pop3.put('Subject: one\r\n\r\n', ['ann@example.com'])
  await pop3.put('Subject: two\r\n\r\n', ['bob@example.com'])
  for (const [user, answer] of [
    ['team@example.com', /^\+OK 2 messages/],
    ['ann@example.com', /^\+OK 1 message$/],
    ['any', /^-ERR \[AUTH\]/],
    ['ann@example.com ', /^\+OK 0/],
  ] as const) {
    const client = await Pop3Client.open(pop3.port)
    await client.ask(`USER ${user}`)
    assert.match(await client.ask('PASS pw'), answer, user)
    client.destroy()
  }
})

test('names and passwords are UTF-8, prepared by SASLprep (RFC 6856 §2.2)', async t => {
  const pop3 = await startPop3(t, { auth: { user: 'zoë', password: 'pâss' } })
  const login = async (user: string, password: string) => {
    const wire = await Wire.open(pop3.port)
    await wire.line()
    wire.write(Buffer.concat([Buffer.from(`USER ${user}\r\nPASS `), Buffer.from(password)]))
    wire.write('\r\n')
    const [first, second] = [(await wire.line()) ?? '', (await wire.line()) ?? '']
    wire.destroy()
    return first.startsWith('+OK') ? second : first
  }
  assert.match(await login('zoë', 'pâss'), /^\+OK/)
  assert.match(await login('zoe\u0308', 'pa\u0302ss'), /^\+OK/)
  assert.match(await login('zo\u00ad\u00eb', 'pâss'), /^\+OK/)
  assert.match(await login('zoë', 'pass'), /^-ERR \[AUTH\]/)
  assert.match(await login('zoë\u202e', 'pâss'), /^-ERR \[AUTH\]/)
  const client = await Pop3Client.open(pop3.port)
  assert.match(await client.ask('USER zo\xeb'), /^-ERR \[AUTH\]/)
  client.destroy()
})

test('UTF8 is legal before the login, and STLS is not behind it (RFC 6856 §2)', async t => {
  const pop3 = await startPop3(t)
  await pop3.put('Subject: \xc3\xa9\r\n\r\n\xc3\xa9\r\n')
  const client = await Pop3Client.open(pop3.port)
  assert.match(await client.ask('UTF8 x'), /^-ERR/)
  assert.match(await client.ask('UTF8'), /^\+OK/)
  assert.match(await client.ask('STLS'), /^-ERR/)
  await client.ask('USER any')
  await client.ask('PASS any')
  assert.equal(await client.fetch('RETR 1'), 'Subject: \xc3\xa9\r\n\r\n\xc3\xa9\r\n')
  assert.match(await client.ask('UTF8'), /^-ERR/)
  client.destroy()
})

test('a name that no account can have is refused', async t => {
  const pop3 = await startPop3(t)
  const client = await Pop3Client.open(pop3.port)
  const name = `${'x'.repeat(1_000)}@example.com`
  assert.match(await client.ask(`AUTH PLAIN ${base64(`\0${name}\0x`)}`), /^-ERR \[AUTH\]/)
  assert.match(await client.ask(`AUTH PLAIN ${base64('\0a\0x')}`), /^\+OK/)
  client.destroy()
})
