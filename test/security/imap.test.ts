import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { constants, deflateRawSync } from 'node:zlib'
import { flood } from '../helpers/flood.ts'
import { askImap, openImap } from '../helpers/imap.ts'
import { memoryOf, noProcessFigures } from '../helpers/process-figures.ts'
import { getText } from '../helpers/round-trip.ts'
import { startVictim } from '../helpers/victim.ts'
import { Wire } from '../helpers/wire.ts'

// security.md §1, for IMAP. What one session is told is in test/imap/hostile.test.ts; here is what stays of an attack. What
// a flood does where there is no limit: test/helpers/flood.test.ts.

const MIB = 1024 ** 2
const victim = await startVictim({ after })
const port = victim.ports.imap ?? 0

const attack = (name: string, play: () => Promise<void>) =>
  test(name, { skip: noProcessFigures }, () => victim.survives(play))

async function openStranger(): Promise<Wire> {
  const wire = await Wire.open(port)
  assert.match((await wire.line()) ?? '', /^\* OK /)
  return wire
}

const ask = async (wire: Wire, command: string): Promise<string> =>
  (await askImap(wire, command)).at(-1) ?? 'closed'

async function openInbox(user: string): Promise<Wire> {
  const wire = await openImap(port, user)
  assert.match(await ask(wire, 'SELECT INBOX'), /^OK/)
  return wire
}

/** A message of so many octets put into an INBOX. */
async function append(wire: Wire, message: string): Promise<void> {
  assert.match(await ask(wire, `APPEND INBOX {${message.length}+}\r\n${message}`), /^OK/)
}

/** Milliseconds that whoever asked for something else meanwhile had to wait at the most. */
async function longestWait(play: () => Promise<void>): Promise<number> {
  let longest = 0
  let isOver = false
  const asking = (async () => {
    while (!isOver) {
      const begun = performance.now()
      await getText(victim, 'livez')
      longest = Math.max(longest, performance.now() - begun)
    }
  })()
  await play().finally(() => {
    isOver = true
  })
  await asking
  return longest
}

attack('endless line: before login, behind it, within SASL and within IDLE', async () => {
  const sasl = await openStranger()
  sasl.write('a AUTHENTICATE PLAIN\r\n')
  assert.match((await sasl.line()) ?? '', /^\+ /)
  const idle = await openInbox('line@example.com')
  idle.write('a IDLE\r\n')
  assert.match((await idle.line()) ?? '', /^\+ /)
  for (const wire of [await openStranger(), await openImap(port), sasl, idle]) {
    const sent = await flood(wire, 512 * MIB)
    assert.ok(sent < 64 * MIB, `${sent} octets were taken`)
    assert.match((await wire.line()) ?? '', /^\* BYE /)
    wire.destroy()
  }
})

attack(
  '1 GB literals are refused at their announcement, at once on a hundred connections',
  async () => {
    const before = memoryOf(victim.pid)
    const wires = await Promise.all(Array.from({ length: 50 }, openStranger))
    const known = await Promise.all(Array.from({ length: 50 }, () => openImap(port)))
    for (const wire of wires) {
      assert.match(await ask(wire, 'LOGIN {1073741824}'), /^NO \[TOOBIG\]/)
      wire.write('x LOGIN {1073741824+}\r\n')
    }
    for (const wire of known) {
      assert.match(await ask(wire, 'APPEND INBOX {1073741824}'), /^NO \[TOOBIG\]/)
      assert.match(await ask(wire, 'SELECT {1073741824}'), /^NO \[TOOBIG\]/)
      wire.write('x APPEND INBOX {1073741824+}\r\n')
    }
    for (const wire of [...wires, ...known]) {
      assert.match((await wire.line()) ?? '', /^\* BYE \[TOOBIG\]/)
      wire.destroy()
    }
    assert.ok(memoryOf(victim.pid) - before < 100 * MIB)
    // The control: a literal of a size that is allowed is asked for, and taken.
    const wire = await openStranger()
    wire.write('a LOGIN {3}\r\n')
    assert.equal(await wire.line(), '+ OK')
    wire.write('ann {3+}\r\nany\r\n')
    assert.match((await wire.line()) ?? '', /^a OK/)
    wire.destroy()
  },
)

attack('ten thousand literals in one command hold nobody up', async () => {
  const wire = await openInbox('literals@example.com')
  const other = await openImap(port)
  const begun = performance.now()
  wire.write(`a SEARCH ${'{0+}\r\n '.repeat(9_000)}ALL\r\n`)
  assert.match(await ask(other, 'NOOP'), /^OK/)
  assert.match((await wire.line()) ?? '', /^a BAD /)
  assert.ok(performance.now() - begun < 5_000)
  for (const each of [wire, other]) each.destroy()
})

attack('endless APPEND: what is announced is taken, what goes on behind it is a line', async () => {
  const wire = await openImap(port, 'append@example.com')
  wire.write('a APPEND INBOX {20+}\r\nSubject: x\r\n\r\nbody\r\n')
  const sent = await flood(wire, 512 * MIB)
  assert.ok(sent < 64 * MIB, `${sent} octets were taken`)
  assert.match((await wire.line()) ?? '', /^\* BYE /)
  wire.destroy()
  const next = await openInbox('append@example.com')
  assert.deepEqual(
    (await askImap(next, 'STATUS INBOX (MESSAGES)'))[0],
    '* STATUS INBOX (MESSAGES 0)',
  )
  // The control: an APPEND that ends is there.
  await append(next, 'Subject: x\r\n\r\nbody\r\n')
  assert.deepEqual(
    (await askImap(next, 'STATUS INBOX (MESSAGES)')).at(-2),
    '* STATUS INBOX (MESSAGES 1)',
  )
  next.destroy()
})

attack('parentheses without an end: held open, and in every command that has some', async () => {
  const wires = await Promise.all(Array.from({ length: 100 }, () => openInbox('deep@example.com')))
  // CVE-2026-27857: kept by never sending the end of the line.
  for (const wire of wires) await wire.writeAll(`a SEARCH ${'('.repeat(60_000)}`)
  const [first] = wires as [Wire]
  const other = await openInbox('deep@example.com')
  assert.match(await ask(other, 'SEARCH ((((ALL))))'), /^OK/)
  for (const wire of wires) wire.write('\r\n')
  for (const wire of wires) assert.match((await wire.line()) ?? '', /^a (?:BAD|NO) /)
  const commands = ['FETCH 1', 'STORE 1 FLAGS', 'LIST', 'STATUS INBOX', 'ID', 'SORT', 'THREAD X U']
  for (const command of [...commands, 'SEARCH NOT', 'SEARCH OR', 'SEARCH RETURN']) {
    assert.match(await ask(first, `${command} ${'('.repeat(30_000)}`), /^(?:BAD|NO) /, command)
    assert.match(await ask(first, 'NOOP'), /^OK/)
  }
  for (const wire of [...wires, other]) wire.destroy()
})

attack('search keys, ranges, sort keys, header names and keywords without an end', async () => {
  const wire = await openInbox('keys@example.com')
  for (let count = 0; count < 50; count++) await append(wire, `Subject: ${count}\r\n\r\nbody\r\n`)
  const begun = performance.now()
  const many = (count: number, item: string, separator = ' ') =>
    Array.from({ length: count }, () => item).join(separator)
  for (const [command, answer] of [
    [`SEARCH ${many(15_000, 'ALL')}`, /^NO \[LIMIT\]/],
    [`SEARCH ${many(12_000, 'NOT')} ALL`, /^(?:NO \[LIMIT\]|BAD)/],
    [`SEARCH ${many(7_000, 'OR SEEN')} ALL`, /^(?:NO \[LIMIT\]|BAD)/],
    [`SEARCH ${many(400, 'BODY zzzz')}`, /^OK/],
    [`FETCH ${many(900, '1:*', ',')} FLAGS`, /^OK/],
    [`UID FETCH ${many(15_000, '1:*', ',')} UID`, /^(?:OK|NO \[LIMIT\]|BAD)/],
    [`SORT (${many(6_000, 'SUBJECT')}) UTF-8 ALL`, /^(?:OK|NO \[LIMIT\]|BAD)/],
    [`FETCH 1:* BODY.PEEK[HEADER.FIELDS (${many(12_000, 'a')})]`, /^(?:OK|NO \[LIMIT\]|BAD)/],
    [`FETCH 1:* (${many(6_000, 'ENVELOPE')})`, /^(?:OK|NO \[LIMIT\]|BAD)/],
    [`STORE 1:* +FLAGS (${Array.from({ length: 5_000 }, (_, at) => `k${at}`).join(' ')})`, /^NO/],
    [`STORE 1 +FLAGS (${'k'.repeat(60_000)})`, /^NO/],
    // The control: a few of each are nothing to be refused.
    ['SEARCH ALL ALL NOT SEEN', /^OK/],
    ['STORE 1 +FLAGS (k1 k2)', /^OK/],
  ] as const) {
    assert.match(await ask(wire, command), answer, command.slice(0, 60))
  }
  assert.ok(performance.now() - begun < 10_000, `${performance.now() - begun} ms`)
  wire.destroy()
})

attack('patterns of LIST and LSUB that match in very many ways hold nobody up', async () => {
  const wire = await openImap(port, 'patterns@example.com')
  for (let number = 10; number < 42; number++) {
    const name = Array.from({ length: 9 }, () => `${number}${'a'.repeat(200)}`).join('/')
    assert.match(await ask(wire, `SUBSCRIBE ${name}`), /^OK/)
  }
  const pattern = '*aaaaaaaaa'.repeat(90)
  const many = Array.from({ length: 10 }, (_, at) => `${pattern}${at}z`).join(' ')
  const waited = await longestWait(async () => {
    for (const command of [
      `LIST (SUBSCRIBED) "" (${many})`,
      `LIST (SUBSCRIBED RECURSIVEMATCH) "" (${many})`,
      `LIST "" (${many}) RETURN (SUBSCRIBED)`,
      `LSUB "" ${pattern}z`,
    ]) {
      assert.deepEqual(await askImap(wire, command), [`OK ${command.slice(0, 4)} completed`])
    }
    for (const command of [
      `LIST "" (${many} ${many})`,
      `LIST "${'*a'.repeat(500)}" (a b c)`,
      `LSUB "" ${'%a'.repeat(2_000)}`,
    ]) {
      assert.match(await ask(wire, command), /^NO \[LIMIT\]/)
    }
  })
  assert.ok(waited < 500, `/livez took ${waited} ms`)
  // The controls: what matches is told, and who is held up is heard of.
  assert.equal((await askImap(wire, 'LIST (SUBSCRIBED) "" (*10aaa*/%/41a*a b)')).length, 1)
  assert.equal((await askImap(wire, 'LIST (SUBSCRIBED) "" (%/%/%/%/%/%/%/*%a*a)')).length, 33)
  const held = await longestWait(async () => {
    process.kill(victim.pid, 'SIGSTOP')
    await setTimeout(1_000)
    process.kill(victim.pid, 'SIGCONT')
  })
  assert.ok(held > 500, `a process that stood still took ${held} ms`)
  wire.destroy()
})

attack('COMPRESS bombs: a megabyte that unpacks to a thousand is cut off', async () => {
  const bomb = deflateRawSync(Buffer.alloc(256 * MIB, 'x'), {
    finishFlush: constants.Z_SYNC_FLUSH,
  })
  assert.ok(bomb.length < MIB)
  const before = memoryOf(victim.pid)
  for (let count = 0; count < 8; count++) {
    const wire = await openImap(port)
    assert.match(await ask(wire, 'COMPRESS DEFLATE'), /^OK/)
    await wire.writeAll(bomb)
    await wire.over()
    wire.destroy()
  }
  assert.ok(memoryOf(victim.pid) - before < 100 * MIB)
  // The control: a command in the same packing is answered.
  const wire = await openImap(port)
  assert.match(await ask(wire, 'COMPRESS DEFLATE'), /^OK/)
  wire.write(deflateRawSync('z LOGOUT\r\n', { finishFlush: constants.Z_SYNC_FLUSH }))
  await wire.over()
  wire.destroy()
})

attack('bad sequences: a command out of its state does nothing', async () => {
  const known = ['SELECT INBOX', 'APPEND INBOX {5+}\r\nhello', 'LIST "" *', 'IDLE', 'CREATE x']
  const selected = [
    'FETCH 1 FLAGS',
    'SEARCH ALL',
    'EXPUNGE',
    'CLOSE',
    'STORE 1 FLAGS ()',
    'MOVE 1 x',
  ]
  for (const command of [...known, ...selected]) {
    const wire = await openStranger()
    const answer = known.includes(command) ? 'BAD log in first' : 'BAD no mailbox is selected'
    assert.equal(await ask(wire, command), answer)
    wire.destroy()
  }
  const wire = await openImap(port, 'sequence@example.com')
  for (const command of selected) {
    assert.equal(await ask(wire, command), 'BAD no mailbox is selected')
  }
  for (const command of ['LOGIN a b', 'AUTHENTICATE PLAIN', 'STARTTLS']) {
    assert.equal(await ask(wire, command), 'BAD you are logged in')
  }
  // The control: in its state, it does something.
  assert.match(await ask(wire, 'SELECT INBOX'), /^OK/)
  assert.match(await ask(wire, 'SEARCH ALL'), /^OK/)
  wire.destroy()
})

attack('pipelined garbage ends the session before long, what is behind is not run', async () => {
  const login = 'l LOGIN garbage@example.com any\r\n'
  for (const garbage of [
    '\0\r\n',
    '\xff\xfe\r\n',
    'GARBAGE\r\n',
    'a b c\r\n',
    '\x16\x03\x01\x02\r\n',
  ]) {
    for (const [opening, most] of [
      ['', 3],
      [login, 20],
    ] as const) {
      const wire = await openStranger()
      const text = `${opening}${garbage.repeat(20_000)}z CREATE Garbage\r\n`
      await wire.writeAll(Buffer.from(text, 'latin1'))
      const lines: string[] = []
      for (let line = await wire.line(); line !== null; line = await wire.line()) lines.push(line)
      assert.equal(lines.filter(line => /^\S+ BAD /.test(line)).length, most)
      assert.equal(lines.at(-1), '* BYE too many commands that are none')
      wire.destroy()
    }
  }
  const wire = await openImap(port, 'garbage@example.com')
  assert.deepEqual(await askImap(wire, 'LIST "" Garbage'), ['OK LIST completed'])
  // The control: what stood behind it is a good command.
  assert.match(await ask(wire, 'CREATE Garbage'), /^OK/)
  assert.equal((await askImap(wire, 'LIST "" Garbage')).length, 2)
  wire.destroy()
})

attack('STARTTLS injection: what comes behind STARTTLS in clear text is not run', async () => {
  for (const injected of [
    'b NOOP\r\n',
    'b LOGIN stls@example.com any\r\nc CREATE Evil\r\n',
    'b N',
  ]) {
    const wire = await openStranger()
    wire.write(`a STARTTLS\r\n${injected}`)
    assert.equal(await wire.line(), '* BYE octets came behind STARTTLS')
    assert.equal(await wire.line(), null)
    wire.destroy()
  }
  // The control: the same said within TLS is run.
  const wire = await openStranger()
  assert.match(await ask(wire, 'STARTTLS'), /^OK/)
  await wire.startTls()
  assert.match(await ask(wire, 'LOGIN stls@example.com any'), /^OK/)
  assert.deepEqual(await askImap(wire, 'LIST "" Evil'), ['OK LIST completed'])
  assert.match(await ask(wire, 'CREATE Evil'), /^OK/)
  wire.destroy()
})

attack('NULs and 8-bit octets in commands: nothing of them gets into an answer', async () => {
  const wire = await openInbox('octets@example.com')
  for (const [command, answer] of [
    ['SELECT "a\0b"', /^BAD/],
    ['SELECT "\xff\xfe"', /^(?:NO|BAD)/],
    ['CREATE {3+}\r\na\0b', /^BAD/],
    ['SEARCH SUBJECT "\x80"', /^(?:OK|NO|BAD)/],
    ['N\0OP', /^BAD/],
    ['LIST "" "\x1b[2J"', /^(?:OK|NO|BAD)/],
    ['ID ("name" "a\rb")', /^BAD/],
    ['CREATE "a\x07b"', /^NO/],
    // The control: without them it is a name.
    ['CREATE "a b"', /^OK/],
  ] as const) {
    wire.write(Buffer.from(`t ${command}\r\n`, 'latin1'))
    for (;;) {
      const line = (await wire.line()) ?? 'closed'
      assert.match(line, /^[\x20-\x7e]*$/, JSON.stringify(command))
      if (line.startsWith('* ')) continue
      assert.match(line.slice(2), answer, JSON.stringify(command))
      break
    }
  }
  wire.destroy()
})

attack(
  'smuggling by APPEND: what a message holds is run by nobody, here and on the way out',
  async () => {
    const wire = await openInbox('smuggling@example.com')
    const ends = ['\n.\n', '\n.\r\n', '\r\n.\n', '\r\n.\r\n', '\r.\r', '\r.\r\n', '\n.\r', '\r.\n']
    for (const end of ends) {
      await append(wire, `Subject: outer\r\n\r\nfirst${end}z CREATE Evil\r\n* BYE x\r\nlast\r\n`)
    }
    assert.deepEqual(await askImap(wire, 'LIST "" Evil'), ['OK LIST completed'])
    assert.equal((await askImap(wire, 'SEARCH ALL')).at(-2), '* SEARCH 1 2 3 4 5 6 7 8')
    const pop3 = await Wire.open(victim.ports.pop3 ?? 0)
    await pop3.line()
    for (const command of ['USER smuggling@example.com', 'PASS any', 'STAT']) {
      pop3.write(`${command}\r\n`)
      assert.match((await pop3.line()) ?? '', command === 'STAT' ? /^\+OK 8 / : /^\+OK/)
    }
    for (let number = 1; number <= ends.length; number++) {
      pop3.write(`RETR ${number}\r\n`)
      assert.match((await pop3.line()) ?? '', /^\+OK/)
      const lines: string[] = []
      for (let line = await pop3.line(); line !== '.'; line = await pop3.line()) {
        assert.notEqual(line, null)
        lines.push(line ?? '')
      }
      assert.equal(lines.at(-1), 'last')
    }
    // The control: said outside of a literal, it is a command.
    assert.match(await ask(wire, 'CREATE Evil'), /^OK/)
    assert.equal((await askImap(wire, 'LIST "" Evil')).length, 2)
    for (const each of [wire, pop3]) each.destroy()
  },
)
