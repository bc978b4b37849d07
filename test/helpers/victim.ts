import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { Cli, makeHome, type Ready } from './cli.ts'
import { descriptorsOf, filesOf, memoryOf } from './process-figures.ts'
import { type Address, getText, roundTrip } from './round-trip.ts'
import { refuseOutgoing } from './watched.ts'

const COLLECT = new URL('./collect-on-signal.js', import.meta.url).href

/** Milliseconds that a message may take to be sent and read by every way. */
const QUICK = 1000
/** Octets that may be held more than before. */
const ROOM = 50 * 1024 ** 2
/** Files that the store may have opened meanwhile: it keeps some open that it writes to. */
const FILES = 3
/** Milliseconds that sockets may take to go, and memory to be given back. */
const PATIENCE = 5_000

/** A Mailcatch in a process of its own that is attacked, and has to be as it was afterwards. */
export type Victim = Address & {
  readonly ports: Ready['ports']
  readonly pid: number
  /**
   * Plays an attack. Rejects where afterwards a message is not sent and read within a second by SMTP, HTTP, POP3 and
   * IMAP, more than 50 MB are held that were not before, a descriptor is left open, or a message has gone; and where
   * something was not handled, or tried to go out. What the attack itself opened it has to close.
   */
  survives(attack: () => Promise<void>): Promise<void>
}

/** Starts the program on free ports with a data directory of its own, until the test, or its file, is over. */
export async function startVictim(
  t: { after(end: () => Promise<void>): void },
  args: readonly string[] = [],
  login?: Address['login'],
): Promise<Victim> {
  const home = makeHome()
  const free = ['smtp', 'smtps', 'pop3', 'pop3s', 'imap', 'imaps', 'http', 'https']
  const ports = free.flatMap(name => [`--${name}-port`, '0'])
  const auth = login ? ['--auth', `${login.user}:${login.password}`] : []
  const cli = new Cli(['--json', ...ports, ...auth, ...args], {
    home: home.path,
    env: { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${COLLECT}`.trim() },
  })
  t.after(async () => {
    const { code } = await cli.end().finally(home.remove)
    assert.ok(code === 0 || code === null, `it ended with ${code}:\n${cli.stderr}`)
  })
  const ready = await cli.ready()
  const { pid } = ready
  const address: Address = { url: ready.url, ports: ready.ports, ...(login && { login }) }
  // What is loaded and opened at first use is no leak: parser, workers, files.
  for (let trip = 0; trip < 3; trip++) await roundTrip(address)
  for (const path of ['?q=body:nothing', '/latest/checks', '/latest/select?css=p']) {
    await getText(address, `v1/messages${path}`)
  }

  /** Waits until a figure is no greater than that. Resolves with what it was above it at the least. */
  const excess = async (figure: (pid: number) => number, most: number): Promise<number> => {
    const end = performance.now() + PATIENCE
    for (let above = Number.POSITIVE_INFINITY; ; ) {
      process.kill(pid, 'SIGUSR2')
      // What the store has open comes and goes.
      above = Math.min(above, figure(pid) - most)
      if (above <= 0 || performance.now() > end) return above
      // Another process' memory and descriptors tell nobody when they change.
      await setTimeout(50)
    }
  }

  return {
    ...address,
    ports: ready.ports,
    pid,
    async survives(attack) {
      process.kill(pid, 'SIGUSR2')
      const before = {
        memory: memoryOf(pid),
        files: filesOf(pid),
        others: othersOf(pid),
        ids: await idsOf(address),
      }
      const said = cli.stderr.length
      await attack()
      assert.equal(cli.child.exitCode, null, `it has ended:\n${cli.stderr}`)
      const times: number[] = []
      // Others are at work on this machine: one quick round is what has to be possible.
      do times.push(await roundTrip(address))
      while (times.at(-1) !== undefined && Math.min(...times) > QUICK && times.length < 5)
      assert.ok(Math.min(...times) <= QUICK, `a message took ${times.map(Math.round)} ms`)
      const left = await excess(othersOf, before.others)
      assert.ok(left <= 0, `${left} descriptors are left open`)
      const files = await excess(filesOf, before.files + FILES)
      assert.ok(files <= 0, `${files + FILES} files are left open`)
      const held = ROOM + (await excess(memoryOf, before.memory + ROOM))
      assert.ok(held <= ROOM, `${Math.round(held / 1024 ** 2)} MB more are held than before`)
      const ids = await idsOf(address)
      const lost = [...before.ids].filter(id => !ids.has(id))
      assert.deepEqual(lost, [], 'messages are lost')
      assert.doesNotMatch(cli.stderr.slice(said), /unhandled|uncaught/i)
      refuseOutgoing(cli.stderr)
    },
  }
}

/** Sockets, pipes, what threads have. */
const othersOf = (pid: number): number => descriptorsOf(pid) - filesOf(pid)

/** The ids of everything that is in the inbox. */
async function idsOf(address: Address): Promise<ReadonlySet<number>> {
  const ids = new Set<number>()
  for (let before = ''; ; ) {
    const answer = await getText(address, `v1/messages?limit=1000${before}`)
    const { messages } = JSON.parse(answer) as { messages: readonly { id: number }[] }
    for (const { id } of messages) ids.add(id)
    const last = messages.at(-1)
    if (messages.length < 1000 || last === undefined) return ids
    before = `&before=${last.id}`
  }
}
