import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { ConnectionLimit } from '../../server/net/connection-limit.ts'
import { askImap, openImap, type RunningImap, startImap } from '../helpers/imap.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'
import { play } from '../helpers/transcript.ts'
import { Wire } from '../helpers/wire.ts'

/** The server is alive when a stranger can still read mail. */
async function assertAlive(imap: RunningImap): Promise<void> {
  const wire = await openImap(imap.port, 'alive@example.com')
  assert.match((await askImap(wire, 'SELECT INBOX')).at(-1) ?? '', /^OK/)
  wire.destroy()
  assert.deepEqual(
    imap.lines.filter(line => line.startsWith('error')),
    [],
  )
}

test('literals past the limit are refused before an octet of them (CVE-2024-34055)', async t => {
  const imap = await startImap(t)
  await play(
    imap.port,
    `S: * OK …
     C: a LOGIN {1025}
     S: a NO [TOOBIG] the literal is too large
     C: b LOGIN {1000000000}
     S: b NO [TOOBIG] …
     C: c LOGIN {99999999999999999999}
     S: c NO [TOOBIG] …
     C: d LOGIN {1000000000+}
     S: * BYE [TOOBIG] the literal is too large
     CLOSED`,
  )
  await imap.play(`C: a APPEND INBOX {1000000000}
     S: a NO [TOOBIG] …
     C: b SELECT {65537}
     S: b NO [TOOBIG] …
     C: c APPEND INBOX {1000000000+}
     S: * BYE [TOOBIG] …
     CLOSED`)
  await assertAlive(imap)
})

test('lines without an end', async t => {
  const imap = await startImap(t)
  const stranger = await Wire.open(imap.port)
  await stranger.line()
  await stranger.writeAll('a '.repeat(100_000))
  assert.match((await stranger.line()) ?? '', /^\* BYE /)
  await stranger.over()
  const known = await openImap(imap.port)
  known.write(`a SEARCH ${'x'.repeat(70_000)}\r\n`)
  assert.equal(await known.line(), 'a BAD the command line is too long')
  await known.writeAll('x'.repeat(2_000_000))
  assert.match((await known.line()) ?? '', /^\* BYE \[TOOBIG\]/)
  await known.over()
  await assertAlive(imap)
})

test('parentheses 10 000 deep, and sets of 100 000 ranges (CVE-2026-27857, CVE-2021-40110)', async t => {
  const imap = await startImap(t)
  await imap.deliver('one', 'two')
  const wire = await openImap(imap.port)
  await askImap(wire, 'SELECT INBOX')
  const deep = (command: string) => askImap(wire, `${command} ${'('.repeat(10_000)}`)
  for (const command of ['SEARCH', 'FETCH 1', 'STORE 1 FLAGS', 'LIST', 'STATUS INBOX', 'ID']) {
    assert.match((await deep(command)).join(), /^(BAD|NO)/, command)
  }
  const since = performance.now()
  const set = Array.from({ length: 10_000 }, (_, at) => 4_000_000_000 - 2 * at).join(',')
  assert.match((await askImap(wire, `UID FETCH ${set.slice(0, 60_000)} FLAGS`)).join(), /^(OK|BAD)/)
  const all = Array.from({ length: 12_000 }, () => '1:*').join(',')
  assert.equal((await askImap(wire, `UID FETCH ${all} UID`)).length, 3)
  assert.match((await askImap(wire, `FETCH 1:4294967295 FLAGS`)).join(), /^BAD/)
  assert.equal((await askImap(wire, `UID FETCH 1:4294967295 UID`)).length, 3)
  const keys = 'NOT '.repeat(600)
  assert.match((await askImap(wire, `SEARCH ${keys}ALL`)).join(), /^(NO \[LIMIT\]|BAD)/)
  assert.ok(performance.now() - since < 5_000)
  wire.destroy()
  await assertAlive(imap)
})

test('a pattern of LIST that would make others backtrack', async t => {
  const imap = await startImap(t)
  const wire = await openImap(imap.port)
  await askImap(wire, `CREATE ${'a'.repeat(200)}`)
  const since = performance.now()
  for (const pattern of [
    '*a'.repeat(900),
    '%a'.repeat(900),
    '*%'.repeat(20_000),
    'a*'.repeat(150),
  ]) {
    assert.match((await askImap(wire, `LIST "" "${pattern}b"`)).join(), /^OK/)
  }
  assert.match((await askImap(wire, `LIST "" (${'a '.repeat(200)}a)`)).join(), /^NO \[LIMIT\]/)
  assert.ok(performance.now() - since < 3_000)
  wire.destroy()
})

test('what is no name, no date, no flag, no number', async t => {
  const imap = await startImap(t)
  await imap.deliver('one')
  await imap.play(`C: a SELECT "&Jjo!"
     S: a NO [CANNOT] …
     C: b CREATE "&U,BTFw-&ZeVnLIqe-"
     S: b NO [CANNOT] …
     C: c CREATE "a\x01b"
     S: c NO [CANNOT] …
     C: d CREATE {3+}
     C: a\x00b
     S: d BAD …
     C: e APPEND INBOX "32-Jan-1996 02:44:25 -0700" {5+}
     C: hello
     S: e BAD there is no such date and time at octet …
     C: f APPEND INBOX (\\Nope) {5+}
     C: hello
     S: f BAD …
     C: g EXAMINE INBOX
     S: * FLAGS …
     S: * OK …
     S: * 1 EXISTS
     S: * 1 RECENT
     S: * OK …
     S: * OK …
     S: * OK …
     S: * OK …
     S: * OK …
     S: g OK …
     C: h FETCH -1 FLAGS
     S: h BAD …
     C: i FETCH 1e0 FLAGS
     S: i BAD …
     C: j FETCH __proto__ FLAGS
     S: j BAD …
     C: k FETCH 00001 FLAGS
     S: k BAD …
     C: l UID FETCH 4294967296 FLAGS
     S: l BAD …
     C: m SEARCH SINCE 31-Feb-2020
     S: m BAD …
     C: n SEARCH CHARSET KOI8-R ALL
     S: n NO [BADCHARSET (…)] …`)
  await assertAlive(imap)
})

test('a client that breaks off at any stage leaves nothing, and harms nobody', async t => {
  const limit = new ConnectionLimit()
  const imap = await startImap(t, { limit })
  await imap.deliver('one')
  const stages = [
    [],
    ['a AUTHENTICATE PLAIN'],
    ['a STARTTLS'],
    ['a LOGIN {3}'],
    ['a LOGIN x y', 'b SELECT INBOX'],
    ['a LOGIN x y', 'b SELECT INBOX', 'c IDLE'],
    ['a LOGIN x y', 'b SELECT INBOX', 'c FETCH 1 BODY[]'],
    ['a LOGIN x@example.com y', 'b APPEND INBOX {100000+}\r\nhalf a message'],
    ['a LOGIN x y', 'b COMPRESS DEFLATE'],
  ]
  for (const stage of stages) {
    for (const leave of ['reset', 'end', 'destroy'] as const) {
      const wire = await Wire.open(imap.port)
      await wire.line()
      for (const command of stage) {
        wire.write(`${command}\r\n`)
        if (!command.includes('half')) await wire.line()
      }
      wire[leave]()
    }
  }
  await assertAlive(imap)
  await imap.close()
  assert.equal(limit.open, 0)
  assert.equal(imap.store.total, 1)
})

const WORDS = [
  ...['a', 'LOGIN', 'SELECT', 'INBOX', 'FETCH', 'UID', '1:*', 'BODY[]', '(', ')', '"', '\\', '{5}'],
  ...['{5+}', '\r\n', '\r', '\n', ' ', '  ', 'STORE', '+FLAGS', 'SEARCH', 'NOT', 'APPEND', 'IDLE'],
  ...[
    'DONE',
    'LIST',
    '""',
    '*',
    '%',
    '$',
    '\0',
    '\xff',
    'SORT',
    'THREAD',
    'RETURN',
    'STATUS',
    '~{3}',
  ],
  ...[
    'COPY',
    'MOVE',
    'CREATE',
    'DELETE',
    'RENAME',
    'Trash',
    'BODY.PEEK[1.2.HEADER]<0.5>',
    '<',
    '>',
  ],
]

const seed = chosenSeed()

test(`words at random, and garbage (seed ${seed})`, async t => {
  const imap = await startImap(t)
  await imap.deliver('one', 'two', 'three')
  const random = randomFrom(seed)
  for (let round = 0; round < 60; round++) {
    const wire = random.chance(0.8) ? await openImap(imap.port) : await Wire.open(imap.port)
    if (random.chance(0.7)) wire.write('s SELECT INBOX\r\n')
    for (let line = 0; line < 15; line++) {
      if (random.chance(0.05)) wire.write(randomBytes(200))
      else {
        const words = Array.from({ length: 1 + random.integer(8) }, () => random.pick(WORDS))
        wire.write(Buffer.from(`t${line} ${words.join(random.pick([' ', '']))}\r\n`, 'latin1'))
      }
    }
    wire.write('\r\nz LOGOUT\r\n')
    wire.end()
    await wire.over()
    wire.destroy()
  }
  await assertAlive(imap)
})

test('too many connections', async t => {
  const imap = await startImap(t, { limit: new ConnectionLimit({ total: 2 }) })
  const wires = [await Wire.open(imap.port), await Wire.open(imap.port)]
  for (const wire of wires) await wire.line()
  await play(imap.port, 'S: * BYE [UNAVAILABLE] too many connections\nCLOSED')
  for (const wire of wires) wire.destroy()
})

test('a hundred sessions that fetch everything share the event loop', async t => {
  const imap = await startImap(t)
  await imap.deliver(...Array.from({ length: 1_000 }, (_, at) => `mail ${at}`))
  const wires = await Promise.all(Array.from({ length: 100 }, () => openImap(imap.port)))
  const other = await openImap(imap.port)
  for (const wire of wires) wire.write('a EXAMINE INBOX\r\nb FETCH 1:* (UID FLAGS ENVELOPE)\r\n')
  let turns = 0
  const done = Promise.all(
    wires.map(async wire => {
      while (!(await wire.line())?.startsWith('b '));
    }),
  ).then(() => true)
  while (!(await Promise.race([done, askImap(other, 'NOOP').then(() => false)]))) turns++
  assert.ok(turns > 3, `another had ${turns} turns`)
  for (const wire of [...wires, other]) wire.destroy()
})
