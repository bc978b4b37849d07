import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { mailsTo, type Summary } from '../helpers/arrived.ts'
import { flood } from '../helpers/flood.ts'
import { noProcessFigures } from '../helpers/process-figures.ts'
import { getText } from '../helpers/round-trip.ts'
import { falseEnds, smuggled, unstuffed } from '../helpers/smuggled.ts'
import { startVictim } from '../helpers/victim.ts'
import { Wire } from '../helpers/wire.ts'

// security.md §1, for SMTP. What one connection is told is in test/smtp/hostile.test.ts; here is what stays of an attack. What
// a flood does where there is no limit: test/helpers/flood.test.ts.

const MIB = 1024 ** 2
const LIMIT = MIB
const victim = await startVictim({ after }, ['--max-message-size', String(LIMIT)])

const attack = (name: string, play: () => Promise<void>) =>
  test(name, { skip: noProcessFigures }, () => victim.survives(play))

async function open(): Promise<Wire> {
  const wire = await Wire.open(victim.ports.smtp)
  assert.match(await wire.reply(), /^220 /)
  assert.match(await wire.ask('EHLO client.example'), /^250/)
  return wire
}

async function openData(recipient: string): Promise<Wire> {
  const wire = await open()
  assert.match(await wire.ask('MAIL FROM:<app@example.com>'), /^250 /)
  assert.match(await wire.ask(`RCPT TO:<${recipient}>`), /^250 /)
  assert.match(await wire.ask('DATA'), /^354 /)
  return wire
}

/** A message in commands, behind EHLO, and what they are answered. */
const commandsTo = (recipient: string): string =>
  `MAIL FROM:<evil@example.com>\r\nRCPT TO:<${recipient}>\r\nDATA\r\nx\r\n.\r\n`
const TAKEN = ['250', '250', '354', '250']

/** The codes of what is still to be answered, until there are so many of them, or the connection is over. */
async function codesOf(wire: Wire, most = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  const codes: string[] = []
  for (let reply = ' '; codes.length < most && reply !== ''; ) {
    reply = await wire.reply()
    if (reply !== '') codes.push(reply.slice(0, 3))
  }
  return codes
}

const mails = (recipient: string) => mailsTo(victim, recipient)

const rawOf = (mail: Summary | undefined, as = ''): Promise<string> =>
  getText(victim, `v1/messages/${mail?.id}/raw${as}`)

attack('endless line: a command without an end is cut off, and nothing of it is kept', async () => {
  const wire = await open()
  const sent = await flood(wire, 512 * MIB)
  assert.ok(sent < 64 * MIB, `${sent} octets were taken`)
  assert.match(await wire.reply(), /^421 .*Command line too long/)
  wire.destroy()
})

attack(
  'line before size check: a line past any limit is refused before its SIZE is looked at',
  async () => {
    const wire = await open()
    // What the parameter says is what decides, where the line may be read.
    assert.match(await wire.ask(`MAIL FROM:<a@example.com> SIZE=${LIMIT + 1}`), /^552 /)
    wire.write('MAIL FROM:<a@example.com> SIZE=1 X=')
    const sent = await flood(wire, 512 * MIB)
    assert.ok(sent < 64 * MIB, `${sent} octets were taken`)
    assert.match(await wire.reply(), /^421 .*Command line too long/)
    wire.destroy()

    // Within DATA a line counts as octets of the message, whether it ends or not.
    const data = await openData('line@example.com')
    assert.equal(await flood(data, 2 * LIMIT), 2 * LIMIT)
    assert.match(await data.ask('\r\n.'), /^552 5\.3\.4 /)
    assert.deepEqual(await mails('line@example.com'), [])
    data.destroy()
  },
)

attack(
  'endless body: what goes on past four times the limit is cut off, and leaves nothing',
  async () => {
    const wires = await Promise.all(Array.from({ length: 8 }, () => openData('body@example.com')))
    const line = Buffer.from(`${'x'.repeat(1022)}\r\n`.repeat(64))
    const sent = await Promise.all(wires.map(wire => flood(wire, 512 * MIB, line)))
    for (const [index, wire] of wires.entries()) {
      assert.ok((sent[index] ?? 0) > 4 * LIMIT && (sent[index] ?? 0) < 64 * MIB, `${sent[index]}`)
      assert.match(await wire.reply(), /^552 5\.3\.4 /)
      wire.destroy()
    }
    assert.deepEqual(await mails('body@example.com'), [])
  },
)

attack(
  'endless header: 150 000 fields, and one field of a megabyte, are stored and shown',
  async () => {
    for (const [recipient, header] of [
      ['fields@example.com', 'X:\r\n'.repeat(150_000)],
      ['field@example.com', `X: ${' x\r\n'.repeat(200_000)}`],
      ['long@example.com', `To: ${'a@example.com,'.repeat(50_000)}\r\n`],
    ] as const) {
      const wire = await openData(recipient)
      const message = `Subject: endless\r\n${header}\r\nbody\r\n`
      await wire.writeAll(message)
      assert.match(await wire.ask('.'), /^250 2\.0\.0 Ok/)
      const [mail] = await mails(recipient)
      assert.equal(mail?.subject, 'endless')
      assert.ok((await rawOf(mail)) === message, `${recipient} is not as it was sent`)
      wire.destroy()
    }
  },
)

attack('SIZE claims: what no message can have is refused, what is no number too', async () => {
  const wire = await open()
  const claims = [
    [`${LIMIT + 1}`, '552'],
    ['1073741824', '552'],
    ['99999999999999999999', '552'],
    ['-1', '501'],
    ['1e3', '501'],
    ['0x10', '501'],
    ['NaN', '501'],
    ['', '501'],
    // The control: what is true, and what is small and a lie, goes on.
    ['1', '250'],
  ] as const
  const answers: string[][] = []
  for (const [claim] of claims) {
    const answer = await wire.ask(`MAIL FROM:<a@example.com> SIZE=${claim}`)
    answers.push([claim, answer.slice(0, 3)])
  }
  assert.deepEqual(answers, claims)
  assert.match(await wire.ask('RCPT TO:<size@example.com>'), /^250 /)
  assert.match(await wire.ask('DATA'), /^354 /)
  assert.equal(await flood(wire, 2 * LIMIT), 2 * LIMIT)
  assert.match(await wire.ask('\r\n.'), /^552 5\.3\.4 /)
  wire.destroy()
})

attack('unlimited recipients: a thousand are taken, of ten thousand', async () => {
  const wire = await open()
  await wire.ask('MAIL FROM:<a@example.com>')
  const commands = Array.from({ length: 10_000 }, (_, at) => `RCPT TO:<r${at}@crowd.example>\r\n`)
  const written = wire.writeAll(commands.join(''))
  const codes = new Map<string, number>()
  for (let count = 0; count < commands.length; count++) {
    const code = (await wire.reply()).slice(0, 9)
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  await written
  assert.deepEqual(Object.fromEntries(codes), { '250 2.1.5': 1_000, '452 4.5.3': 9_000 })
  await wire.ask('DATA')
  assert.match(await wire.ask('Subject: crowd\r\n\r\nx\r\n.'), /^250 2\.0\.0 Ok/)
  const [mail] = await mails('r999@crowd.example')
  assert.equal(mail?.rcptTo.length, 1_000)
  assert.deepEqual(await mails('r1000@crowd.example'), [])

  // Long ones are fewer: they share the room that the head of a raw file has.
  await wire.ask('MAIL FROM:<a@example.com>')
  let taken = 0
  for (; taken < 1_000; taken++) {
    const answer = await wire.ask(`RCPT TO:<"${'\u00e9'.repeat(5_000)}${taken}"@crowd.example>`)
    if (answer.startsWith('452 4.5.3')) break
    assert.match(answer, /^250 /)
  }
  assert.ok(taken > 0 && taken < 1_000, `${taken} were taken`)
  wire.destroy()
})

const SEQUENCES = [
  ['MAIL FROM:<a@example.com>', '503'],
  ['RCPT TO:<b@example.com>', '503'],
  ['DATA', '503'],
  ['AUTH PLAIN AGEAYg==', '503'],
  ['EHLO client.example', '250'],
  ['RCPT TO:<b@example.com>', '503'],
  ['DATA', '503'],
  ['MAIL FROM:<a@example.com>', '250'],
  ['MAIL FROM:<a@example.com>', '503'],
  ['DATA', '503'],
  ['AUTH PLAIN AGEAYg==', '503'],
  ['RCPT TO:<sequence@example.com>', '250'],
  ['EHLO client.example', '250'],
  ['DATA', '503'],
  ['MAIL FROM:<a@example.com>', '250'],
  ['RCPT TO:<sequence@example.com>', '250'],
  ['RSET', '250'],
  ['DATA', '503'],
  ['BDAT 4 LAST', '500'],
  ['XCLIENT ADDR=1.2.3.4', '500'],
] as const

attack('bad sequences: a step out of order is 503, and starts nothing', async () => {
  const wire = await Wire.open(victim.ports.smtp)
  await wire.reply()
  const answers: string[][] = []
  for (const [command] of SEQUENCES) {
    answers.push([command, (await wire.ask(command)).slice(0, 3)])
  }
  assert.deepEqual(answers, SEQUENCES)
  assert.deepEqual(await mails('sequence@example.com'), [])
  // The control: in their order they are a message.
  const data = await openData('sequence@example.com')
  assert.match(await data.ask('Subject: in order\r\n\r\nx\r\n.'), /^250 /)
  assert.equal((await mails('sequence@example.com')).length, 1)
  for (const each of [wire, data]) each.destroy()
})

attack(
  'pipelined garbage: the connection is closed before long, what is behind is not run',
  async () => {
    const commands = commandsTo('garbage@example.com')
    for (const garbage of ['\0\r\n', '\xff\xfe\xfd\r\n', 'GARBAGE\r\n', '\x16\x03\x01\x02\r\n']) {
      const wire = await open()
      await wire.writeAll(Buffer.from(`${garbage.repeat(50_000)}${commands}`, 'latin1'))
      assert.deepEqual(await codesOf(wire), [...Array.from({ length: 9 }, () => '500'), '421'])
      wire.destroy()
    }
    assert.deepEqual(await mails('garbage@example.com'), [])
    // The control: those commands are good ones.
    const wire = await open()
    await wire.writeAll(commands)
    assert.deepEqual(await codesOf(wire, TAKEN.length), TAKEN)
    assert.equal((await mails('garbage@example.com')).length, 1)
    wire.destroy()
  },
)

attack('NULs and 8-bit octets in commands: nothing of them gets into an answer', async () => {
  const wire = await open()
  for (const [command, pattern] of [
    ['MAIL FROM:<a\0b@example.com>', /^501 /],
    ['MAIL\0 FROM:<a@example.com>', /^500 /],
    ['MAIL FROM:<a@example.com> ENVID=a\0b', /^501 /],
    ['MAIL FROM:<\x80\x81@example.com>', /^501 |^250 /],
    ['RSET', /^250 /],
    ['EHLO a\0b', /^501 /],
    // Some apps say a host name that is none.
    ['EHLO \xff\xfe', /^250/],
    ['NOOP \0\0\0', /^250 /],
    ['VRFY \xff\0', /^252 /],
    ['HELP \x1b[2J', /^214 /],
    // The control: an address in UTF-8 is taken.
    [Buffer.from('MAIL FROM:<é@example.com> SMTPUTF8').toString('latin1'), /^250 /],
  ] as const) {
    wire.write(Buffer.from(`${command}\r\n`, 'latin1'))
    const reply = await wire.reply()
    assert.match(reply, pattern, JSON.stringify(command))
    assert.match(reply, /^[\x20-\x7e\n]*$/, JSON.stringify(command))
  }
  wire.destroy()
})

attack(
  'header injection by CR in an address: CR, LF, NUL and the like are no part of a path',
  async () => {
    const octets = ['\r', '\n', '\0', '\x0b', '\x0c', '\x85', '\x1b', '\r\n', '\n\r']
    for (const verb of ['MAIL FROM', 'RCPT TO'] as const) {
      for (const octet of octets) {
        const wire = await open()
        if (verb === 'RCPT TO') await wire.ask('MAIL FROM:<app@example.com>')
        const paths = [
          `<a${octet}Bcc: evil@example.com>`,
          `<"a${octet}X-Injected: yes"@example.com>`,
          `<injected@example.com${octet}X-Injected: yes>`,
        ]
        for (const path of paths) {
          wire.write(`${verb}:${path}\r\n`)
          const said = JSON.stringify([verb, path])
          assert.match(await wire.reply(), /^501 /, said)
          // A line ends with LF: what follows it is a command of its own, and none that there is.
          if (octet.includes('\n')) assert.match(await wire.reply(), /^500 /, said)
        }
        wire.destroy()
      }
    }
    // The control: without them it is an address, which is kept and delivered to as it is.
    const wire = await open()
    await wire.ask('MAIL FROM:<"a X-Injected: yes"@example.com>')
    await wire.ask('RCPT TO:<"injected X-Injected: yes"@example.com>')
    await wire.ask('DATA')
    assert.match(await wire.ask('Subject: x\r\n\r\nx\r\n.'), /^250 /)
    const [mail, ...more] = await mails('*injected*')
    assert.deepEqual(more, [])
    assert.deepEqual(mail?.rcptTo, ['"injected X-Injected: yes"@example.com'])
    const delivered = await rawOf(mail, '?as=delivered')
    assert.match(delivered, /^Return-Path: <"a X-Injected: yes"@example\.com>\r\n/)
    assert.doesNotMatch(delivered, /^X-Injected/m)
    wire.destroy()
  },
)

attack(
  'STARTTLS injection: commands in its segment end the connection, and are not run',
  async () => {
    const commands = `EHLO evil.example\r\n${commandsTo('injected@example.org')}`
    const wire = await open()
    wire.write(`STARTTLS\r\n${commands}`)
    assert.deepEqual(await codesOf(wire), ['421'])
    assert.deepEqual(await mails('injected@example.org'), [])
    // The control: those commands are good ones within TLS.
    const within = await open()
    assert.match(await within.ask('STARTTLS'), /^220 /)
    await within.startTls()
    within.write(commands)
    assert.deepEqual(await codesOf(within, 1 + TAKEN.length), ['250', ...TAKEN])
    assert.equal((await mails('injected@example.org')).length, 1)
    for (const each of [wire, within]) each.destroy()
  },
)

attack('smuggling: what is behind an end that is none is part of the one mail', async () => {
  const smuggle = async (end: string, codes: readonly string[]) => {
    const wire = await openData('outer@example.com')
    wire.write(`${smuggled(end)}QUIT\r\n`)
    assert.deepEqual(await codesOf(wire), codes, JSON.stringify(end))
    wire.destroy()
  }
  for (const end of falseEnds) {
    await smuggle(end, ['250', '221'])
    const [mail] = await mails('outer@example.com')
    assert.equal(await rawOf(mail), unstuffed(smuggled(end)), JSON.stringify(end))
  }
  assert.equal((await mails('outer@example.com')).length, falseEnds.length)
  assert.deepEqual(await mails('b@example.com'), [])
  // The control: behind a true end it is a mail of its own.
  await smuggle('\r\n.\r\n', ['250', ...TAKEN, '221'])
  assert.equal((await mails('outer@example.com')).length, falseEnds.length + 1)
  assert.equal((await mails('b@example.com')).length, 1)
})
