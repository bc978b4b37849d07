import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { flood } from '../helpers/flood.ts'
import { noProcessFigures } from '../helpers/process-figures.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { startVictim } from '../helpers/victim.ts'
import { Wire } from '../helpers/wire.ts'

// security.md §1, for POP3. What one session is told is in test/pop3/hostile.test.ts; here is what stays of an attack. What
// a flood does where there is no limit: test/helpers/flood.test.ts.

const MIB = 1024 ** 2
const victim = await startVictim({ after })
const port = victim.ports.pop3 ?? 0

const attack = (name: string, play: () => Promise<void>) =>
  test(name, { skip: noProcessFigures }, () => victim.survives(play))

async function open(): Promise<Wire> {
  const wire = await Wire.open(port)
  assert.match((await wire.line()) ?? '', /^\+OK /)
  return wire
}

async function ask(wire: Wire, command: string): Promise<string> {
  wire.write(Buffer.from(`${command}\r\n`, 'latin1'))
  return (await wire.line()) ?? 'closed'
}

async function login(user: string): Promise<Wire> {
  const wire = await open()
  assert.match(await ask(wire, `USER ${user}`), /^\+OK/)
  assert.match(await ask(wire, 'PASS any'), /^\+OK/)
  return wire
}

async function send(recipient: string, message: string): Promise<void> {
  const sender = await Sender.open(victim.ports.smtp)
  await sender.send(dataOf(Buffer.from(message, 'latin1')), 'app@example.com', recipient)
  sender.close()
}

/** The lines up to the one with a dot alone. */
async function rest(wire: Wire): Promise<string[]> {
  const lines: string[] = []
  for (;;) {
    const line = await wire.line()
    if (line === null) throw new Error('the server closed within an answer')
    if (line === '.') return lines
    lines.push(line)
  }
}

attack('endless line: before the login, behind it, and within SASL', async () => {
  const stages = [
    await open(),
    await login('line@example.com'),
    await open().then(async wire => {
      assert.match(await ask(wire, 'AUTH PLAIN'), /^\+ /)
      return wire
    }),
  ]
  for (const wire of stages) {
    const sent = await flood(wire, 512 * MIB)
    assert.ok(sent < 64 * MIB, `${sent} octets were taken`)
    assert.equal(await wire.line(), '-ERR the line is too long')
    assert.equal(await wire.line(), null)
    wire.destroy()
  }
})

attack('bad sequences: a command out of its state does nothing', async () => {
  await send('sequence@example.com', 'Subject: x\r\n\r\nx\r\n')
  for (const command of ['STAT', 'LIST', 'RETR 1', 'DELE 1', 'NOOP', 'RSET', 'TOP 1 0', 'UIDL']) {
    const wire = await open()
    assert.equal(await ask(wire, command), '-ERR log in first')
    assert.equal(await ask(wire, 'PASS any'), '-ERR USER comes first')
    wire.destroy()
  }
  const wire = await login('sequence@example.com')
  for (const command of ['USER a', 'PASS a', 'APOP a b', 'AUTH PLAIN', 'STLS', 'UTF8']) {
    assert.equal(await ask(wire, command), '-ERR you are logged in')
  }
  // The control: in its state, it does something.
  assert.match(await ask(wire, 'DELE 1'), /^\+OK/)
  assert.match(await ask(wire, 'RETR 1'), /^-ERR/)
  assert.match(await ask(wire, 'RSET'), /^\+OK/)
  wire.destroy()
})

attack('a client that vanishes deletes nothing', async () => {
  await send('vanished@example.com', 'Subject: stays\r\n\r\nx\r\n')
  for (const leave of ['reset', 'end', 'destroy'] as const) {
    const wire = await login('vanished@example.com')
    assert.match(await ask(wire, 'DELE 1'), /^\+OK/)
    wire[leave]()
    await wire.over()
  }
  const wire = await login('vanished@example.com')
  assert.match(await ask(wire, 'STAT'), /^\+OK 1 /)
  // The control: QUIT does.
  assert.match(await ask(wire, 'DELE 1'), /^\+OK/)
  assert.match(await ask(wire, 'QUIT'), /^\+OK/)
  const next = await login('vanished@example.com')
  assert.match(await ask(next, 'STAT'), /^\+OK 0 /)
  for (const each of [wire, next]) each.destroy()
})

attack('pipelined garbage ends the session before long, what is behind is not run', async () => {
  await send('garbage@example.com', 'Subject: x\r\n\r\nx\r\n')
  const login = 'USER garbage@example.com\r\nPASS any\r\n'
  for (const garbage of ['\0\r\n', '\xff\xfe\r\n', 'GARBAGE\r\n', '\x16\x03\x01\x02\r\n', '\n']) {
    for (const [opening, most] of [
      ['', 3],
      [login, 20],
    ] as const) {
      const wire = await open()
      const text = `${opening}${garbage.repeat(20_000)}DELE 1\r\nQUIT\r\n`
      await wire.writeAll(Buffer.from(text, 'latin1'))
      const refused: string[] = []
      for (let line = await wire.line(); line !== null; line = await wire.line()) {
        if (!line.startsWith('+OK')) refused.push(line)
      }
      assert.deepEqual(
        refused,
        Array.from({ length: most }, () => '-ERR unknown command'),
      )
      wire.destroy()
    }
  }
  // The control: what stood behind it is a good command.
  const wire = await open()
  wire.write(`${login}DELE 1\r\n`)
  for (let line = 0; line < 3; line++) assert.match((await wire.line()) ?? '', /^\+OK/)
  wire.destroy()
})

attack('STARTTLS injection: what comes behind STLS in clear text is not run', async () => {
  await send('stls@example.com', 'Subject: x\r\n\r\nx\r\n')
  for (const injected of ['CAPA\r\n', 'USER stls@example.com\r\nPASS any\r\nDELE 1\r\n', 'US']) {
    const wire = await open()
    wire.write(`STLS\r\n${injected}`)
    assert.equal(await wire.line(), '-ERR nothing may follow STLS')
    assert.equal(await wire.line(), null)
    wire.destroy()
  }
  // What was said before TLS is forgotten; the control: said within it, it counts.
  const wire = await open()
  assert.match(await ask(wire, 'USER stls@example.com'), /^\+OK/)
  assert.match(await ask(wire, 'STLS'), /^\+OK/)
  await wire.startTls()
  assert.equal(await ask(wire, 'PASS any'), '-ERR USER comes first')
  assert.match(await ask(wire, 'USER stls@example.com'), /^\+OK/)
  assert.match(await ask(wire, 'PASS any'), /^\+OK/)
  assert.match(await ask(wire, 'STAT'), /^\+OK 1 /)
  wire.destroy()
})

attack('NULs and 8-bit octets in commands, and numbers that are none', async () => {
  await send('octets@example.com', 'Subject: x\r\n\r\nx\r\n')
  for (const name of ['a\0b', '\xff\xfe', 'octets@example.com\0']) {
    const stranger = await open()
    await ask(stranger, `USER ${name}`)
    assert.match(await ask(stranger, 'PASS any'), /^-ERR [\x20-\x7e]+$/, JSON.stringify(name))
    stranger.destroy()
  }
  const wire = await login('octets@example.com')
  const numbers = ['0', '-1', '+1', '1e0', '01', '1.0', '0x1', '2', '4294967297', '9'.repeat(200)]
  for (const number of [...numbers, '__proto__', 'NaN', '1\0', '\xb9', '1\u2028']) {
    assert.match(await ask(wire, `RETR ${number}`), /^-ERR [\x20-\x7e]+$/, number)
    // Bad ones in a row would end the session; the control: the number that there is.
    assert.match(await ask(wire, 'LIST 1'), /^\+OK 1 /)
  }
  wire.destroy()
})

/** What ends a message for one server or another. */
const ENDS = [
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r.\r\n',
  '\n.\r',
  '\r\n\0.\r\n',
  '\r\n.\0\r\n',
]

attack('smuggling: a mail with an end of data in it is one answer to RETR and to TOP', async () => {
  for (const [index, end] of ENDS.entries()) {
    const recipient = `smuggling${index}@example.com`
    const message = `Subject: outer\r\n\r\n.first${end}+OK injected\r\n..\r\nlast\r\n`
    await send(recipient, message)
    const wire = await login(recipient)
    for (const command of ['RETR 1', 'TOP 1 100']) {
      assert.match(await ask(wire, command), /^\+OK/)
      const lines = await rest(wire)
      assert.equal(lines.at(-1), 'last', JSON.stringify([command, end]))
      assert.ok(lines.some(line => line.endsWith('+OK injected')))
      // What is behind the answer is the answer to the next command.
      assert.match(await ask(wire, 'NOOP'), /^\+OK$|^\+OK [^i]/)
    }
    wire.destroy()
  }
  // The control: sent without its dots stuffed, such a mail would end early for a client.
  const naive = ENDS.map(end => `.first${end}+OK injected\r\n..\r\nlast\r\n.\r\n`)
  const cut = naive.filter(text => /(?:^|[\r\n])\.[\r\n]/.test(text.slice(0, -3)))
  assert.ok(cut.length >= 6, `${cut.length} of them`)
})
