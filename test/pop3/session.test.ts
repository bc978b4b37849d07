import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { Pop3Client, startPop3 } from '../helpers/pop3.ts'
import { Wire } from '../helpers/wire.ts'

const LOGIN = 'USER any\r\nPASS any\r\n'

test('a thousand pipelined commands are answered in order', async t => {
  const pop3 = await startPop3(t)
  await pop3.put('Subject: one\r\n\r\n')
  await pop3.put(`Subject: two\r\n\r\n${'.x\r\n'.repeat(10_000)}`)
  const round = [
    ['NOOP', '+OK'],
    ['LIST 1', '+OK 1 16'],
    ['FOO', '-ERR'],
    ['RETR 3', '-ERR'],
    ['RETR 1', '+OK 16 octets|Subject: one||.'],
    ['TOP 2 1', '+OK|Subject: two||..x|.'],
    ['UIDL 2', '+OK 2'],
    ['DELE x', '-ERR'],
    ['STAT', '+OK 2'],
    ['RSET', '+OK'],
  ] as const
  const client = await Pop3Client.login(pop3.port)
  client.write(
    round
      .map(([command]) => `${command}\r\n`)
      .join('')
      .repeat(100),
  )
  for (let count = 0; count < 100; count++) {
    for (const [command, answer] of round) {
      for (const line of answer.split('|')) {
        assert.ok((await client.line()).startsWith(line), command)
      }
    }
  }
  assert.match(await client.ask('QUIT'), /^\+OK/)
})

test('a client with very many commands does not hold up the others', async t => {
  const pop3 = await startPop3(t, { isOnDisk: true })
  await pop3.put('Subject: x\r\n\r\n')
  const busy = await Pop3Client.login(pop3.port)
  const other = await Pop3Client.login(pop3.port, 'bob@example.com')
  busy.write('RETR 1\r\n'.repeat(20_000))
  await busy.line()
  // Answered between those of the other, not behind them.
  assert.equal(await other.ask('STAT'), '+OK 0 0')
  const received = busy.socket.bytesRead
  busy.write('QUIT\r\n')
  await busy.over()
  assert.ok(received < busy.socket.bytesRead / 2, `${received} of ${busy.socket.bytesRead}`)
  other.destroy()
})

test('however the input is cut, the answers are the same', async t => {
  const pop3 = await startPop3(t)
  await pop3.put('Subject: x\r\n\r\n.\r\nbody\r\n')
  const input =
    'CAPA\r\nAUTH PLAIN\r\n*\r\nAUTH PLAIN AGFueQBhbnk=\r\nSTAT\r\nfoo\r\n\r\nLIST\nRETR 1\r\n' +
    'TOP 1 1\r\nUIDL 1\r\n\xff\xfe\r\nDELE 1\r\nRSET\r\nQUIT\r\n'
  const play = async (pieces: readonly string[]): Promise<string> => {
    const client = await Pop3Client.open(pop3.port)
    for (const piece of pieces) {
      client.write(piece)
      await setImmediate()
    }
    const answers = await client.all()
    await client.over()
    return answers
  }
  const whole = await play([input])
  assert.match(whole, /\.\.\r\nbody\r\n\.\r\n/)
  assert.equal(await play([...input]), whole)
  const cuts = fc.array(fc.nat(input.length), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(cuts, async places => {
      const sorted = [0, ...places.sort((a, b) => a - b), input.length]
      const pieces = sorted.slice(1).map((place, index) => input.slice(sorted[index], place))
      assert.equal(await play(pieces), whole)
    }),
    { numRuns: 50 },
  )
})

test('a client may close its end and still read what it asked for', async t => {
  const pop3 = await startPop3(t)
  await pop3.put('Subject: x\r\n\r\nbody\r\n')
  const client = await Pop3Client.open(pop3.port)
  client.socket.end(`${LOGIN}RETR 1\r\nDELE 1\r\nQUIT\r\n`)
  const answers = await client.all()
  assert.match(answers, /\r\nbody\r\n\.\r\n\+OK message 1 deleted\r\n\+OK .*\r\n$/)
  assert.equal(pop3.store.total, 0)
})

test('bad commands: three before the login, twenty behind it, one after the other', async t => {
  const pop3 = await startPop3(t)
  const before = await Pop3Client.open(pop3.port)
  before.write('FOO\r\nSTAT\r\n')
  for (let count = 0; count < 2; count++) assert.match(await before.line(), /^-ERR/)
  assert.match(await before.ask('CAPA'), /^\+OK/)
  await before.rest()
  before.write('\r\nNOOP\r\n\xff\r\nCAPA\r\n')
  for (let count = 0; count < 3; count++) assert.match(await before.line(), /^-ERR/)
  assert.equal(await before.line(), '')

  const behind = await Pop3Client.login(pop3.port)
  for (let count = 0; count < 19; count++) assert.match(await behind.ask('FOO'), /^-ERR/)
  assert.match(await behind.ask('STAT'), /^\+OK/)
  // A message that there is not is no bad command.
  for (let count = 0; count < 30; count++) assert.match(await behind.ask('RETR 1'), /^-ERR/)
  for (let count = 0; count < 20; count++) assert.match(await behind.ask('USER any'), /^-ERR/)
  assert.equal(await behind.line(), '')
})

test('a line has 255 octets at most, and the session goes on behind a longer one', async t => {
  const pop3 = await startPop3(t)
  const client = await Pop3Client.open(pop3.port)
  const longest = `USER ${'x'.repeat(248)}`
  assert.match(await client.ask(longest), /^\+OK/)
  assert.match(await client.ask(`${longest}x`), /^-ERR the line is too long/)
  assert.match(await client.ask('x'.repeat(10_000)), /^-ERR/)
  assert.match(await client.ask('CAPA'), /^\+OK/)
  await client.rest()
  assert.match(await client.ask('x'.repeat(20_000)), /^-ERR the line is too long/)
  await client.over()
  const behind = await Pop3Client.login(pop3.port)
  assert.match(await behind.ask('x'.repeat(10_000)), /^-ERR/)
  assert.match(await behind.ask('STAT'), /^\+OK/)
  behind.destroy()
})

test('a browser is turned away at its first line', async t => {
  const pop3 = await startPop3(t)
  await pop3.put('Subject: x\r\n\r\n')
  const deletion = `${LOGIN}DELE 1\r\nQUIT\r\n`
  for (const first of [
    'POST / HTTP/1.1',
    'GET /?USER HTTP/1.1',
    'PRI * HTTP/2.0',
    'USER /any HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'CONNECT localhost:1110 HTTP/1.1',
    'PUT /',
  ]) {
    const client = await Pop3Client.open(pop3.port)
    client.write(`${first}\r\n${deletion}`)
    assert.equal(await client.all(), '-ERR this is POP3, and no web server\r\n', first)
    assert.equal(pop3.store.total, 1)
  }
})

test('logins that fail are answered late, and five of them are enough', async t => {
  const failure = 60
  const pop3 = await startPop3(t, {
    auth: { user: 'ann', password: 'secret' },
    patience: { failure },
  })
  const client = await Pop3Client.open(pop3.port)
  const began = performance.now()
  for (let count = 0; count < 5; count++) {
    await client.ask('USER ann')
    assert.match(await client.ask(`PASS ${count}`), /^-ERR \[AUTH\] wrong name or password/)
  }
  assert.ok(performance.now() - began >= 5 * failure - 5)
  assert.equal(await client.line(), '')
  assert.equal(pop3.lines.filter(line => line.includes('a login failed')).length, 5)
  assert.doesNotMatch(pop3.lines.join(''), /ann|secret/)
})

test('who falls silent is left, whatever was said before', async t => {
  const pop3 = await startPop3(t, { patience: { login: 60, idle: 60 } })
  const pop3s = await pop3.another({ implicitTls: true, patience: { login: 60 } })
  for (const opening of ['', 'USER a', 'USER any\r\n', 'AUTH PLAIN\r\n', LOGIN, `${LOGIN}DELE`]) {
    const client = await Pop3Client.open(pop3.port)
    client.write(opening)
    assert.doesNotMatch(await client.all(), /-ERR/)
  }
  const starting = await Pop3Client.open(pop3.port)
  assert.match(await starting.ask('STLS'), /^\+OK/)
  await starting.over()
  const mute = await Wire.open(pop3s.port)
  await mute.over()
})

test('octets that come one by one do not keep a session alive', async t => {
  const pop3 = await startPop3(t, { patience: { login: 100 } })
  const client = await Pop3Client.open(pop3.port)
  const trickle = setInterval(() => client.write('x'), 10)
  await client.over()
  clearInterval(trickle)
})

test('a second session waits for the first, and is told in the end', async t => {
  const pop3 = await startPop3(t, { lockPatience: 100 })
  const pop3s = await pop3.another({ lockPatience: 60_000 })
  const first = await Pop3Client.login(pop3.port, 'ann@example.com')
  const bob = await Pop3Client.login(pop3.port, 'bob@example.com')
  const second = await Pop3Client.open(pop3.port)
  await second.ask('USER Ann@example.com')
  assert.match(await second.ask('PASS any'), /^-ERR \[IN-USE\] /)
  // It may try again on the same connection, and here another one, on another port, is first.
  const third = await Pop3Client.open(pop3s.port)
  await third.ask('USER ann@EXAMPLE.com')
  third.write('PASS any\r\n')
  assert.match(await first.ask('QUIT'), /^\+OK/)
  assert.match(await third.line(), /^\+OK/)
  assert.match(await third.ask('QUIT'), /^\+OK/)
  await second.ask('USER ann@example.com')
  assert.match(await second.ask('PASS any'), /^\+OK/)
  for (const client of [bob, second]) client.destroy()
})

test('a session that breaks off, or leaves while it waits, gives the maildrop free', async t => {
  const pop3 = await startPop3(t, { lockPatience: 60_000 })
  const first = await Pop3Client.login(pop3.port)
  const leaving = await Pop3Client.open(pop3.port)
  leaving.write(LOGIN)
  assert.match(await leaving.line(), /^\+OK/)
  leaving.socket.resetAndDestroy()
  const next = await Pop3Client.open(pop3.port)
  next.write(LOGIN)
  first.socket.resetAndDestroy()
  assert.match(await next.line(), /^\+OK/)
  assert.match(await next.line(), /^\+OK/)
  next.destroy()
})

test('what came behind STLS in the clear ends the session', async t => {
  const pop3 = await startPop3(t)
  for (const injected of ['CAPA\r\n', 'x', `${LOGIN}STAT\r\n`]) {
    const client = await Pop3Client.open(pop3.port)
    client.write(`STLS\r\n${injected}`)
    assert.equal(await client.all(), '-ERR nothing may follow STLS\r\n')
  }
  const late = await Pop3Client.open(pop3.port)
  assert.match(await late.ask('STLS'), /^\+OK/)
  late.write(`${LOGIN}STAT\r\n`)
  // At most the alert of TLS.
  assert.doesNotMatch(await late.all(), /OK|ERR/)
  assert.ok(pop3.lines.some(line => line.includes('TLS could not be begun')))
})

test('a fault of ours is no matter of the client: it is logged, and the session goes on', async t => {
  const memory = memoryFs()
  const broken = new Set<string>()
  const pop3 = await startPop3(t, {
    fs: {
      ...memory,
      readRange: async (path, start, end) => {
        if (broken.has('read')) throw Object.assign(new Error('EIO: read'), { code: 'EIO' })
        return memory.readRange(path, start, end)
      },
    },
  })
  await pop3.put('Subject: x\r\n\r\n')
  const client = await Pop3Client.login(pop3.port)
  broken.add('read')
  assert.match(await client.ask('RETR 1'), /^-ERR \[SYS\/TEMP\] that failed here/)
  assert.equal(pop3.lines.filter(line => line.includes('EIO')).length, 1)
  broken.clear()
  assert.equal(await client.fetch('RETR 1'), 'Subject: x\r\n\r\n')
  client.destroy()
})
