import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { mailsTo } from '../helpers/arrived.ts'
import { descriptorsOf, memoryOf, noProcessFigures } from '../helpers/process-figures.ts'
import { roundTrip } from '../helpers/round-trip.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { startVictim } from '../helpers/victim.ts'
import { Wire } from '../helpers/wire.ts'

// security.md §1: what is common to the mail ports. What a server without limits would hold: test/helpers/flood.test.ts.

const MIB = 1024 ** 2
const MANY = 512
const victim = await startVictim({ after })
const { smtp, pop3, imap, smtps, pop3s, imaps, http } = victim.ports

const attack = (name: string, play: () => Promise<void>) =>
  test(name, { skip: noProcessFigures }, () => victim.survives(play))

type MailPort = {
  readonly name: string
  readonly port: number
  readonly tlsPort: number
  readonly greeting: RegExp
  /** What it greets with where there are too many connections. */
  readonly isFull: RegExp
  /** A command that any client may say, and how its answer ends. */
  readonly command: string
  readonly answer: RegExp
  readonly startTls: readonly string[]
}

const MAIL_PORTS: readonly MailPort[] = [
  {
    name: 'SMTP',
    port: smtp,
    tlsPort: smtps ?? 0,
    greeting: /^220 /,
    isFull: /^421 4\.7\.0 /,
    command: 'NOOP',
    answer: /^250 /,
    startTls: ['EHLO client.example', 'STARTTLS'],
  },
  {
    name: 'POP3',
    port: pop3 ?? 0,
    tlsPort: pop3s ?? 0,
    greeting: /^\+OK /,
    isFull: /^-ERR /,
    command: 'CAPA',
    answer: /^\.$/,
    startTls: ['STLS'],
  },
  {
    name: 'IMAP',
    port: imap ?? 0,
    tlsPort: imaps ?? 0,
    greeting: /^\* OK /,
    isFull: /^\* BYE /,
    command: 'a NOOP',
    answer: /^a OK /,
    startTls: ['a STARTTLS'],
  },
]

const openAll = (port: number, count: number): Promise<Wire[]> =>
  Promise.all(Array.from({ length: count }, () => Wire.open(port)))

/** The first line that is as wanted; those before it are passed over. */
async function until(wire: Wire, pattern: RegExp): Promise<string> {
  for (;;) {
    const line = await wire.line()
    if (line === null) throw new Error(`the server closed before ${pattern}`)
    if (pattern.test(line)) return line
  }
}

const destroyAll = (wires: readonly Wire[]): void => {
  for (const wire of wires) wire.destroy()
}

attack(
  `half-open and slow: ${MANY} connections a port that say nothing, or an octet at a time`,
  async () => {
    const opened = await Promise.all(MAIL_PORTS.map(({ port }) => openAll(port, MANY)))
    for (const [index, { greeting }] of MAIL_PORTS.entries()) {
      for (const wire of opened[index] ?? []) assert.match((await wire.line()) ?? '', greeting)
    }
    assert.ok(descriptorsOf(victim.pid) > 3 * MANY, 'they are not there together')
    await roundTrip(victim)
    for (let at = 0; at < 4; at++) {
      for (const [index, { command }] of MAIL_PORTS.entries()) {
        for (const wire of opened[index] ?? []) wire.write(command[at] ?? '')
      }
      await roundTrip(victim)
    }
    // The control: each octet counts; once the command is whole, it is answered.
    for (const [index, { command, answer }] of MAIL_PORTS.entries()) {
      for (const wire of opened[index] ?? []) wire.write(`${command.slice(4)}\r\n`)
      for (const wire of opened[index] ?? []) await until(wire, answer)
    }
    for (const wires of opened) destroyAll(wires)
  },
)

attack(`TLS handshakes that never end: ${MANY} on the TLS ports and behind STARTTLS`, async () => {
  // The head of a record that tells of 512 octets.
  const record = Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 0)
  const wires: Wire[] = []
  for (const { port, tlsPort, startTls } of MAIL_PORTS) {
    const plain = await openAll(port, Math.ceil(MANY / 6))
    for (const wire of plain) {
      await wire.line()
      for (const command of startTls) {
        wire.write(`${command}\r\n`)
        await until(wire, /^250 |^220 |^\+OK|^a OK/)
      }
    }
    wires.push(...plain, ...(await openAll(tlsPort, Math.ceil(MANY / 6))))
  }
  for (const wire of wires) wire.write(record)
  await roundTrip(victim)
  for (const { tlsPort, greeting } of MAIL_PORTS) {
    const wire = await Wire.openTls(tlsPort)
    assert.match((await wire.line()) ?? '', greeting)
    wire.destroy()
  }
  assert.ok(descriptorsOf(victim.pid) > wires.length, 'they are not there together')
  // The control: they are waited for within the handshake; what is no part of one ends each of them.
  for (const wire of wires) wire.write(Buffer.alloc(600, 0xff))
  await Promise.all(wires.map(wire => wire.over()))
  destroyAll(wires)
})

attack(
  'connection flood: 1 500 connections that are broken off at once, some before the greeting',
  async () => {
    for (const { port, greeting } of MAIL_PORTS) {
      for (let round = 0; round < 5; round++) {
        const wires = await openAll(port, 100)
        // The control: half of them are really served.
        for (const wire of wires.slice(50)) assert.match((await wire.line()) ?? '', greeting)
        for (const wire of wires) wire.reset()
      }
    }
  },
)

attack(
  'connection flood: past 3 000 open connections each port says so, and those that are there are served',
  async () => {
    const wires: Wire[] = []
    for (const { port, greeting } of MAIL_PORTS) {
      const opened = await openAll(port, 900)
      for (const wire of opened) assert.match((await wire.line()) ?? '', greeting)
      wires.push(...opened)
    }
    // HTTP has the places that are left, but for those of others.
    const web = await openAll(http, 320)
    for (const wire of web) wire.write('GET /v1/stats HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const answers = await Promise.all(web.map(wire => wire.line()))
    const refused = answers.filter(answer => answer === 'HTTP/1.1 503 Service Unavailable')
    assert.ok(refused.length >= 20 && refused.length < 30, `${refused.length} are refused`)
    const served = answers.filter(answer => answer === 'HTTP/1.1 200 OK')
    assert.equal(served.length, web.length - refused.length)
    for (const [index, { port, command, answer, isFull }] of MAIL_PORTS.entries()) {
      const late = await Wire.open(port)
      assert.match((await late.line()) ?? '', isFull)
      await late.over()
      const early = wires[index * 900]
      early?.write(`${command}\r\n`)
      if (early) await until(early, answer)
    }
    destroyAll([...wires, ...web])
  },
)

attack('command flood: 5 000 commands at once on each of four connections a port', async () => {
  const COUNT = 5_000
  const sessions = await Promise.all(MAIL_PORTS.map(({ port }) => openAll(port, 4)))
  const floods = MAIL_PORTS.flatMap(({ command, answer }, index) =>
    (sessions[index] ?? []).map(async wire => {
      await wire.line()
      // Read as it comes, and counted: the control is that nothing of it is lost.
      let answers = 0
      const pattern = new RegExp(answer.source, 'gm')
      const counted = new Promise<void>(resolve => {
        let text = ''
        wire.socket.removeAllListeners('data')
        wire.socket.on('data', chunk => {
          text += chunk
          const end = text.lastIndexOf('\n') + 1
          answers += text.slice(0, end).replaceAll('\r', '').match(pattern)?.length ?? 0
          text = text.slice(end)
          if (answers === COUNT) resolve()
        })
      })
      await wire.writeAll(`${command}\r\n`.repeat(COUNT))
      await counted
    }),
  )
  const served = roundTrip(victim)
  await Promise.all(floods)
  await served
  for (const wires of sessions) destroyAll(wires)
})

attack('clients that never read their answers are held up, and hold nothing', async () => {
  const sender = await Sender.open(smtp)
  const large = `Subject: large\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(5_000)}`
  for (let at = 0; at < 4; at++) {
    await sender.send(dataOf(Buffer.from(large)), 'app@example.com', `greedy${at}@example.com`)
  }
  sender.close()
  const before = memoryOf(victim.pid)
  const wires: Wire[] = []
  for (let at = 0; at < 4; at++) {
    const user = `greedy${at}@example.com`
    for (const [port, commands] of [
      [pop3 ?? 0, `USER ${user}\r\nPASS any\r\n${'RETR 1\r\n'.repeat(5_000)}`],
      [
        imap ?? 0,
        `a LOGIN ${user} any\r\na EXAMINE INBOX\r\n${'a FETCH 1 BODY[]\r\n'.repeat(5_000)}`,
      ],
      [smtp, 'EHLO client.example\r\n'.repeat(200_000)],
    ] as const) {
      const wire = await Wire.open(port)
      await wire.line()
      wire.socket.pause()
      wire.write(commands)
      wires.push(wire)
    }
  }
  for (let trip = 0; trip < 3; trip++) await roundTrip(victim)
  const held = memoryOf(victim.pid) - before
  assert.ok(held < 150 * MIB, `${Math.round(held / MIB)} MB are held for them`)
  // The control: there is more to be read than anybody would hold.
  const [greedy] = wires as [Wire]
  greedy.socket.removeAllListeners('data')
  await new Promise<void>(resolve => {
    let octets = 0
    greedy.socket.on('data', (chunk: Buffer) => {
      octets += chunk.length
      if (octets > 32 * MIB) resolve()
    })
    greedy.socket.resume()
  })
  destroyAll(wires)
})

/** What a client has said when it vanishes. */
const STAGES: readonly (readonly [keyof typeof victim.ports, readonly string[], string])[] = [
  ['smtp', ['EHLO x', 'AUTH LOGIN'], 'YW'],
  ['smtp', ['EHLO x', 'MAIL FROM:<a@b>', 'RCPT TO:<gone@example.com>'], 'DAT'],
  [
    'smtp',
    ['EHLO x', 'MAIL FROM:<a@b>', 'RCPT TO:<gone@example.com>', 'DATA'],
    'Subject: gone\r\n.\r',
  ],
  ['pop3', ['USER gone@example.com', 'PASS any'], 'RETR'],
  ['pop3', ['AUTH PLAIN'], 'AG'],
  ['imap', ['a LOGIN gone@example.com any', 'b APPEND INBOX {100000}'], 'Subject: half'],
  ['imap', ['a LOGIN gone@example.com any', 'b SELECT {100}'], 'half'],
  ['imap', ['a LOGIN gone@example.com any', 'b SELECT INBOX', 'c IDLE'], ''],
  ['imap', ['a AUTHENTICATE PLAIN'], 'AG'],
]

attack('clients that vanish within a literal, IDLE, DATA, AUTH leave nothing', async () => {
  const wires: Wire[] = []
  for (const [name, commands, last] of STAGES) {
    // POP3 lets one session at a time into a maildrop.
    for (const wire of await openAll(victim.ports[name] ?? 0, name === 'pop3' ? 1 : 24)) {
      await wire.line()
      for (const command of commands) {
        wire.write(`${command}\r\n`)
        await until(wire, /^(?:\d{3} |\+|[abc] (?:OK|NO))/)
      }
      wire.write(last)
      wires.push(wire)
    }
  }
  // The control: they are all there.
  assert.ok(descriptorsOf(victim.pid) > wires.length)
  for (const [index, wire] of wires.entries()) {
    if (index % 3 === 0) wire.end()
    else if (index % 3 === 1) wire.reset()
    else wire.destroy()
  }
  await roundTrip(victim)
  assert.deepEqual(await mailsTo(victim, 'gone@example.com'), [])
  const wire = await Wire.open(imap ?? 0)
  for (const command of ['a LOGIN gone@example.com any', 'b STATUS INBOX (MESSAGES)']) {
    wire.write(`${command}\r\n`)
  }
  assert.match(await until(wire, /^\* STATUS/), /MESSAGES 0/)
  destroyAll([...wires, wire])
})
