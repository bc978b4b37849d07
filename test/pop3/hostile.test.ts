import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { ConnectionLimit } from '../../server/net/connection-limit.ts'
import { commands } from '../../server/pop3/commands.ts'
import { Pop3Client, startPop3 } from '../helpers/pop3.ts'
import { Wire } from '../helpers/wire.ts'

const MAIL = 'Subject: x\r\n\r\nbody\r\n'

/** The server is alive when a stranger still gets the message. */
async function assertAlive(port: number): Promise<void> {
  const client = await Pop3Client.login(port)
  assert.equal(await client.fetch('RETR 1'), MAIL)
  assert.match(await client.ask('QUIT'), /^\+OK/)
  await client.over()
}

const STAGES = [
  [],
  ['USER any'],
  ['AUTH PLAIN'],
  ['STLS'],
  ['USER any', 'PASS any'],
  ['USER any', 'PASS any', 'DELE 1'],
  ['USER any', 'PASS any', 'RETR 2'],
] as const

test('a client that breaks off at any stage harms nobody and removes nothing', async t => {
  const limit = new ConnectionLimit()
  const pop3 = await startPop3(t, { limit, isOnDisk: true })
  await pop3.put(MAIL)
  await pop3.put(`Subject: large\r\n\r\n${`${'x'.repeat(98)}\r\n`.repeat(100_000)}`)
  for (const stage of STAGES) {
    for (const leave of ['reset', 'end', 'destroy'] as const) {
      const wire = await Wire.open(pop3.port)
      await wire.line()
      for (const command of stage) {
        wire.write(`${command}\r\n`)
        await wire.line()
      }
      wire[leave]()
      if (leave === 'end') wire.destroy()
    }
  }
  await assertAlive(pop3.port)
  await pop3.close()
  assert.equal(limit.open, 0)
  assert.equal(pop3.store.total, 2)
  assert.deepEqual(
    pop3.lines.filter(line => line.startsWith('error')),
    [],
  )
})

test('garbage instead of a TLS handshake ends that connection alone', async t => {
  const pop3 = await startPop3(t)
  const pop3s = await pop3.another({ implicitTls: true })
  await pop3.put(MAIL)
  const garbage = [
    'USER any\r\nPASS any\r\nDELE 1\r\nQUIT\r\n',
    Buffer.alloc(1000),
    Buffer.alloc(100_000, 0xff),
    Buffer.from('16030102000100', 'hex'),
    Buffer.from(`1603010005010000${'00'.repeat(200)}`, 'hex'),
  ]
  for (const octets of garbage) {
    for (const leave of ['reset', 'end'] as const) {
      const plain = await Wire.open(pop3.port)
      await plain.line()
      plain.write('STLS\r\n')
      assert.match((await plain.line()) ?? '', /^\+OK/)
      plain.write(octets)
      plain[leave]()
      await plain.over()

      const implicit = await Wire.open(pop3s.port)
      implicit.write(octets)
      implicit[leave]()
      await implicit.over()
    }
  }
  await assertAlive(pop3.port)
  const wire = await Wire.openTls(pop3s.port)
  assert.match((await wire.line()) ?? '', /^\+OK/)
  wire.destroy()
})

test('garbage instead of commands ends the session before long, before the login and behind it', async t => {
  const pop3 = await startPop3(t)
  await pop3.put(MAIL)
  const garbage = [
    'x\r\n'.repeat(100_000),
    '\0'.repeat(100_000),
    '\r\n'.repeat(100_000),
    '\xff\xfe\r\n'.repeat(100),
    `USER ${'x'.repeat(100_000)}`,
    'x'.repeat(10_000_000),
    '+OK\r\n'.repeat(1_000),
  ]
  for (const text of garbage) {
    for (const login of ['', 'USER any\r\nPASS any\r\nDELE 1\r\n']) {
      const client = await Pop3Client.open(pop3.port)
      client.write(`${login}${text}`)
      client.write('QUIT\r\n')
      await client.over()
    }
  }
  await assertAlive(pop3.port)
  assert.equal(pop3.store.total, 1)
})

/** These go on otherwise, or end the session. */
const OTHERWISE = new Set(['QUIT', 'STLS', 'AUTH', 'DELE'])

const keyword = fc.constantFrom(...[...commands.keys()].filter(name => !OTHERWISE.has(name)), 'FOO')
const argument = fc.oneof(
  fc.constantFrom('', ' ', '   ', ' any', ' -1', ' 1', ' 0', ' 2', ' 1 1', ' 1 0 '),
  fc.uint8Array({ maxLength: 40 }).map(octets => {
    const text = Buffer.from(octets).toString('latin1')
    return ` ${text.replace(/[\r\n]/g, '')}`
  }),
)
const line = fc
  .tuple(keyword, argument, fc.boolean())
  .map(([name, rest, isSmall]) => `${isSmall ? name.toLowerCase() : name}${rest}`)

test('every line has an answer, whatever it is, until the session is over', async t => {
  const pop3 = await startPop3(t)
  await pop3.put(MAIL)
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 40 }), async lines => {
      const client = await Pop3Client.open(pop3.port)
      try {
        for (const text of lines) {
          const answer = await client.ask(text)
          if (answer === '') break
          assert.match(answer, /^(?:\+OK|-ERR)(?: [\x20-\x7e]{1,505})?$/, text)
          const isLong = /^(?:RETR|TOP|CAPA)\b/i.test(text) || /^(?:LIST|UIDL) *$/i.test(text)
          if (isLong && answer.startsWith('+OK')) await client.rest()
        }
      } finally {
        client.destroy()
        await client.over()
      }
    }),
    { numRuns: 100 },
  )
  await assertAlive(pop3.port)
  assert.equal(pop3.store.total, 1)
})

test('no octet of a mail or of a client gets into an answer of ours', async t => {
  const pop3 = await startPop3(t)
  const bait = '+OK\r\n.\r\n-ERR bait\r\n'
  await pop3.put(`Subject: bait\r\n +OK bait\r\n\r\n${bait}`)
  const client = await Pop3Client.open(pop3.port)
  const answers = [
    await client.ask('USER bait'),
    await client.ask('PASS bait'),
    await client.ask('bait'),
    await client.ask('STAT bait'),
    await client.ask('RETR bait'),
    await client.ask('TOP 1 bait'),
    await client.ask('UIDL'),
    await client.rest(),
    await client.ask('DELE 1'),
  ]
  assert.doesNotMatch(answers.join('\n'), /bait/)
  client.destroy()
})

test('500 connections half open leave room for one more, and go when the server goes', async t => {
  const limit = new ConnectionLimit({ total: 501 })
  const pop3 = await startPop3(t, { limit })
  await pop3.put(MAIL)
  const idle = await Promise.all(Array.from({ length: 500 }, () => Wire.open(pop3.port)))
  await Promise.all(idle.map(wire => wire.line()))
  for (const wire of idle) wire.write('USE')
  await assertAlive(pop3.port)
  assert.ok(limit.open >= 500)
  await pop3.close()
  assert.equal(limit.open, 0)
  for (const wire of idle) wire.destroy()
})

test('who asks without reading is held up, and does not slow the others down', async t => {
  const pop3 = await startPop3(t, { isOnDisk: true })
  await pop3.put(MAIL)
  for (let count = 0; count < 5; count++) await pop3.put(`${MAIL}${'x'.repeat(1_000_000)}`)
  await pop3.put(MAIL, ['bob@example.com'])
  const greedy = connect(pop3.port, '127.0.0.1')
  greedy.on('error', () => {})
  greedy.pause()
  greedy.write(`USER any\r\nPASS any\r\n${'RETR 2\r\n'.repeat(50_000)}`)
  const before = process.memoryUsage().rss
  for (let count = 0; count < 20; count++) {
    const client = await Pop3Client.login(pop3.port, 'bob@example.com')
    assert.equal(await client.fetch('RETR 1'), MAIL)
    await client.ask('QUIT')
  }
  assert.ok(process.memoryUsage().rss - before < 100 * 1024 ** 2)
  greedy.destroy()
})
