import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Cli, makeHome, type Ready } from './cli.ts'
import { descriptorsOf, filesOf, memoryOf } from './process-figures.ts'
import { type Address, getText, roundTrip } from './round-trip.ts'
import { refuseOutgoing } from './watched.ts'

const COLLECT = new URL('./collect-on-signal.js', import.meta.url).href

/** Milliseconds that a message may take to be sent and read by every way. */
const QUICK = 1000
/** Octets that may be held by the process, or in use in it, more than before. */
const ROOM = 50 * 1024 ** 2
/** Files that the store may have opened meanwhile: it keeps some open that it writes to. */
const FILES = 3
/** What is said where something was not handled: by the program itself, or by Node. */
const FAULT = /^error: (?:two )?unexpected|unhandled|uncaught/im
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

/**
 * Starts the program on free ports with a data directory of its own, until the test, or its file, is over. `imports` are
 * the URLs of modules that are loaded before it.
 */
export async function startVictim(
  t: { after(end: () => Promise<void>): void },
  args: readonly string[] = [],
  login?: Address['login'],
  imports: readonly string[] = [],
): Promise<Victim> {
  const home = makeHome()
  const free = ['smtp', 'smtps', 'pop3', 'pop3s', 'imap', 'imaps', 'http', 'https']
  const ports = free.flatMap(name => [`--${name}-port`, '0'])
  const auth = login ? ['--auth', `${login.user}:${login.password}`] : []
  const cli = new Cli(['--json', ...ports, ...auth, ...args], {
    home: home.path,
    env: {
      NODE_OPTIONS: [COLLECT, ...imports].reduce(
        (options, url) => `${options} --import=${url}`.trim(),
        process.env.NODE_OPTIONS ?? '',
      ),
    },
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

  /** Has it collect what is no longer used. Resolves with the octets that still are, in the heap and beside it. */
  const collected = async (): Promise<number> => {
    const said = cli.stderr.length
    process.kill(pid, 'SIGUSR2')
    for (;;) {
      const [, octets] = /^collected: (\d+) octets stay\n/m.exec(cli.stderr.slice(said)) ?? []
      if (octets !== undefined) return Number(octets)
      const isOver = await Promise.race([
        once(cli.child, 'said').then(() => false),
        cli.exited.then(() => true),
      ])
      if (isOver) throw new Error(`it has ended:\n${cli.stderr}`)
    }
  }

  const look = async (): Promise<Figures> => {
    const heap = await collected()
    return { heap, memory: memoryOf(pid), files: filesOf(pid), others: othersOf(pid) }
  }

  /** Waits until no figure is greater than that. Resolves with what each was above it at the least. */
  const excess = async (most: Figures): Promise<Figures> => {
    const end = performance.now() + PATIENCE
    const above = { ...most }
    for (const name of figureNames) above[name] = Number.POSITIVE_INFINITY
    for (;;) {
      const now = await look()
      // What the store has open comes and goes.
      for (const name of figureNames) above[name] = Math.min(above[name], now[name] - most[name])
      if (figureNames.every(name => above[name] <= 0) || performance.now() > end) return above
      // Another process' memory and descriptors tell nobody when they change.
      await setTimeout(50)
    }
  }

  return {
    ...address,
    ports: ready.ports,
    pid,
    async survives(attack) {
      const before = await look()
      const ids = await idsOf(address)
      const said = cli.stderr.length
      await attack()
      assert.equal(cli.child.exitCode, null, `it has ended:\n${cli.stderr}`)
      const times: number[] = []
      // Others are at work on this machine: one quick round is what has to be possible.
      do times.push(await roundTrip(address))
      while (times.at(-1) !== undefined && Math.min(...times) > QUICK && times.length < 5)
      assert.ok(Math.min(...times) <= QUICK, `a message took ${times.map(Math.round)} ms`)
      const above = await excess({
        heap: before.heap + ROOM,
        memory: before.memory + ROOM,
        files: before.files + FILES,
        others: before.others,
      })
      const megabytes = (octets: number) => `${Math.round((ROOM + octets) / 1024 ** 2)} MB`
      const stays = [
        ...(above.others > 0 ? [`${above.others} descriptors are left open`] : []),
        ...(above.files > 0 ? [`${above.files + FILES} files are left open`] : []),
        ...(above.memory > 0 ? [`${megabytes(above.memory)} more are held than before`] : []),
        ...(above.heap > 0 ? [`${megabytes(above.heap)} more are in use than before`] : []),
      ]
      assert.ok(stays.length === 0, stays.join(', '))
      const left = await idsOf(address)
      const lost = [...ids].filter(id => !left.has(id))
      assert.deepEqual(lost, [], 'messages are lost')
      assert.doesNotMatch(cli.stderr.slice(said), FAULT)
      refuseOutgoing(cli.stderr)
    },
  }
}

/** Octets in use, after a collection; octets that the process takes; its descriptors of files, and all others. */
type Figures = { heap: number; memory: number; files: number; others: number }
const figureNames = ['heap', 'memory', 'files', 'others'] as const

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
