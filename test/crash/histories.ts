import { mock } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { MailStore } from '../../server/store/mail-store.ts'
import { type CrashDisk, crashDisk, type Machine } from '../helpers/crash-fs.ts'
import { type Random, randomFrom } from '../helpers/random.ts'
import { readerHere } from '../helpers/reader-here.ts'
import { usualStore } from '../helpers/store.ts'
import { Ledger } from './ledger.ts'
import { deliver, inboxMix, type Load, type Mails, type Mix, run, updateHeavily } from './load.ts'
import { everythingMix } from './mailbox-load.ts'
import { logins, look } from './sight.ts'
import { storeTarget } from './target.ts'
import { Watch } from './watch.ts'

/**
 * How a history goes: what `--fsync` promises is held against power losses, what is promised without it against
 * killed processes. Of a power loss without `--fsync` nothing is promised but that the store opens and works.
 */
export type Kind = 'power loss' | 'kill' | 'careless'

export type Told = {
  readonly wrong: readonly string[]
  readonly acknowledged: number
  readonly crashes: number
}

const directory = '/home/ann/mail'

/** A few starts of a store, with many things asked for, each start but the last ended by a crash or a clean end. */
export const playHistory = async (seed: number, kind: Kind): Promise<Told> => {
  const random = randomFrom(seed)
  let ledger = new Ledger()
  let watch = new Watch(ledger, random)
  if (random.chance(0.25)) ledger.maxMessages = random.between(4, 20)
  const mails: Mails = { next: 1, raws: new Map() }
  let mix: Mix = random.chance(0.2) ? inboxMix : everythingMix
  if (random.chance(0.04)) mix = [...mix, [20, updateHeavily]]
  let disk = crashDisk()
  let crashes = 0
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    for (let start = random.between(1, 5); start > 0 && ledger.wrong.length === 0; start--) {
      const calls = random.chance(0.3) ? random.integer(40) : random.integer(400)
      const machine = disk.boot(random, { calls })
      // What is not promised is not held against the store; that it opens and works is.
      if (kind === 'careless') [ledger, watch] = forget(random)
      const living = live(machine, { random, ledger, watch, mails, logins, mix, kind })
      await Promise.race([living, machine.off])
      machine.cut()
      // Else the process was killed, and the next one finds what this one did not sync.
      if (kind !== 'kill' && random.chance(0.8)) disk = disk.afterPowerLoss(random)
      crashes++
      mock.timers.reset()
      mock.timers.enable({ apis: ['setTimeout'] })
    }
    for (let again = 0; again < 2 && ledger.wrong.length === 0; again++) {
      if (kind === 'careless') [ledger, watch] = forget(random)
      await finish(disk, { random, ledger, watch, mails, logins, mix, kind })
    }
  } catch (error) {
    ledger.wrong.push((error as Error).stack ?? String(error))
  } finally {
    mock.timers.reset()
  }
  return { wrong: ledger.wrong, acknowledged: ledger.acknowledged, crashes }
}

type Life = Omit<Load, 'target'> & {
  readonly watch: Watch
  readonly mix: Mix
  readonly kind: Kind
}

const forget = (random: Random): [Ledger, Watch] => {
  const ledger = new Ledger()
  return [ledger, new Watch(ledger, random)]
}

const check = async (store: MailStore, life: Life, isRestarted: boolean): Promise<void> => {
  const { ledger, watch, kind } = life
  const found = await look(store, watch.since)
  const seen = new Map(found.seen)
  if (ledger.state.size === 0) ledger.adopt(seen)
  if (kind === 'careless') return
  ledger.check(seen, { isRestarted })
  watch.check(found)
}

const open = async (machine: Machine, life: Life) => {
  const { ledger, kind } = life
  const store = await MailStore.open({
    ...usualStore,
    directory,
    fs: machine.fs,
    reader: readerHere(),
    maxMessages: ledger.maxMessages ?? 10_000,
    fsync: kind === 'power loss',
  })
  await check(store, life, true)
  return { store, load: { ...life, target: storeTarget(store) } }
}

/** One start. Resolves with true where it came to its end with nothing under way. */
const live = async (machine: Machine, life: Life): Promise<boolean> => {
  const { random, ledger, mix } = life
  const { store, load } = await open(machine, life)
  if (ledger.wrong.length > 0) return true
  for (let phase = random.between(1, 3); phase > 0; phase--) {
    let rest = random.between(1, 25)
    await run(load, { mix, width: random.between(1, 5), isOver: () => rest-- <= 0 })
    await check(store, life, false)
    // The flush of the index two seconds later, and what is asked for meanwhile.
    if (random.chance(0.5)) mock.timers.tick(2_000)
    if (random.chance(0.1)) machine.cutAfter(random.integer(10))
    if (random.chance(0.5)) await setImmediate()
  }
  if (random.chance(0.3)) return true
  if (random.chance(0.6)) machine.cutAfter(random.integer(20))
  await store.close()
  return true
}

/** The last starts: what is there stays, the next message is taken, and no file is left that nothing needs. */
const finish = async (disk: CrashDisk, life: Life): Promise<void> => {
  const machine = disk.boot(life.random)
  const { store, load } = await open(machine, life)
  let rest = 3
  await run(load, { mix: [[1, deliver]], width: 1, isOver: () => rest-- <= 0 })
  // Retention may be at work.
  for (let turn = 0; turn < 50; turn++) await setImmediate()
  const { messages } = await look(store)
  await store.close()
  machine.cut()
  const paths = [...disk.files().keys()]
  const needless = paths.filter(path => path.includes('.tmp'))
  for (const path of paths.filter(path => path.endsWith('.crlf.eml'))) {
    if (!paths.includes(path.replace('.crlf', ''))) needless.push(path)
  }
  life.ledger.wrong.push(...needless.map(path => `${path} is left`))
  const files = paths.filter(path => /\/\d+\.eml$/.test(path)).length
  // After a power loss without --fsync there may be files of which not even the first line is there.
  if (files !== messages && life.kind !== 'careless') {
    life.ledger.wrong.push(`${files} raw files for ${messages} messages`)
  }
}

/** Plays histories of the seeds from `seed` on, up to the third that goes wrong. */
export const playHistories = async (
  kind: Kind,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<Told> => {
  const wrong: string[] = []
  let acknowledged = 0
  let crashes = 0
  let failures = 0
  for (let index = 0; index < count && failures < 3; index++) {
    const told = await playHistory(seed + index, kind)
    acknowledged += told.acknowledged
    crashes += told.crashes
    if (told.wrong.length === 0) continue
    failures++
    wrong.push(`MAILCATCH_SEED=${seed + index}: ${told.wrong.slice(0, 5).join('\n')}`)
  }
  return { wrong, acknowledged, crashes }
}
