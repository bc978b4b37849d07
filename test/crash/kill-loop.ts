import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { makeHome } from '../helpers/cli.ts'
import { randomFrom } from '../helpers/random.ts'
import { Ledger } from './ledger.ts'
import { inboxMix, type Load, type Mix, run } from './load.ts'
import { everythingMix } from './mailbox-load.ts'
import { type Remote, type RemoteOptions, startChild, startCommand, Unexpected } from './remote.ts'
import { logins } from './sight.ts'
import { Watch } from './watch.ts'

export type KillOptions = {
  readonly seed: number
  readonly kills: number
  /** A kill comes after a random time of load, milliseconds, from 50 up to this… */
  readonly patience: number
  /** …and not before so many were acknowledged in the round, from a tenth up to this: the machine may be slow. */
  readonly least: number
  /** The command, with SMTP and HTTP; or the child, with what mail clients do besides. */
  readonly kind: 'command' | 'child'
  /** Told after each round. */
  readonly tell?: (line: string) => void
}

export type Killed = {
  readonly wrong: readonly string[]
  readonly acknowledged: number
  /** The longest that a store took to open. Milliseconds. */
  readonly slowest: number
}

const senders = 8
/** So few that retention is at work all the time. */
const maxMessages = 50

/** Kills a process in the midst of a load, starts it again, and looks; over and over. */
export const playKills = async (options: KillOptions): Promise<Killed> => {
  const { seed, kills, patience, least, kind, tell = () => {} } = options
  const random = randomFrom(seed)
  const home = makeHome()
  const data = join(home.path, 'data')
  const ledger = new Ledger()
  ledger.maxMessages = maxMessages
  const watch = new Watch(ledger, random)
  const start = kind === 'child' ? startChild : startCommand
  const remoteOptions: RemoteOptions = { home: home.path, data, maxMessages, random }
  const base: Omit<Load, 'target'> = {
    random,
    ledger,
    mails: { next: 1, raws: new Map() },
    logins: kind === 'child' ? logins : [''],
  }
  const mix = kind === 'child' ? everythingMix : inboxMix
  let slowest = 0
  let remote: Remote | null = null
  try {
    for (let round = 0; round <= kills && ledger.wrong.length === 0; round++) {
      remote = await start(remoteOptions)
      slowest = Math.max(slowest, remote.opened ?? 0)
      await check(remote, ledger, watch)
      if (round === kills) break
      const load = { ...base, target: remote.target }
      const enough = ledger.acknowledged + random.between(least / 10, least)
      const time = random.between(50, patience)
      await loadAndKill(remote, load, mix, async () => {
        await setTimeout(time)
        while (ledger.acknowledged < enough && ledger.wrong.length === 0) await setTimeout(5)
      })
      tell(`${round + 1} kills, ${ledger.acknowledged} acknowledged`)
    }
    const code = await remote?.end()
    if (code !== 0) ledger.wrong.push(`it ended with ${code}`)
    if (ledger.wrong.length === 0) {
      remote = await start(remoteOptions)
      const { messages } = await check(remote, ledger, watch)
      await remote.end()
      ledger.wrong.push(...needless(data, messages))
    }
  } catch (error) {
    ledger.wrong.push((error as Error).stack ?? String(error))
    await remote?.kill()
  } finally {
    home.remove()
  }
  return { wrong: ledger.wrong, acknowledged: ledger.acknowledged, slowest }
}

const check = async (remote: Remote, ledger: Ledger, watch: Watch) => {
  const found = await remote.look(watch.since)
  const seen = new Map(found.seen)
  if (ledger.state.size === 0) ledger.adopt(seen)
  ledger.check(seen, { isRestarted: true })
  watch.check(found)
  return found
}

const loadAndKill = async (
  remote: Remote,
  load: Load,
  mix: Mix,
  patience: () => Promise<void>,
): Promise<void> => {
  let isOver = false
  const asking = Array.from({ length: senders }, () =>
    run(load, { mix, width: 1, isOver: () => isOver }),
  )
  const failures = asking.map(asked =>
    asked.catch(error => {
      // What the kill cuts off is expected.
      if (isOver && !(error instanceof Unexpected)) return
      load.ledger.wrong.push((error as Error).stack ?? String(error))
    }),
  )
  await patience()
  isOver = true
  await remote.kill()
  await Promise.all(failures)
}

/** Files that nothing needs. */
const needless = (data: string, messages: number): string[] => {
  const names = readdirSync(data, { recursive: true, encoding: 'utf8' })
  const files = names.filter(name => /\d+\.eml$/.test(name) && !name.includes('.crlf.')).length
  return [
    ...names.filter(name => name.endsWith('.tmp')).map(name => `${name} is left`),
    ...(files === messages ? [] : [`${files} raw files for ${messages} messages`]),
  ]
}
