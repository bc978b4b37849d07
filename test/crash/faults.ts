import { mock } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { MailStore } from '../../server/store/mail-store.ts'
import { StoreError } from '../../server/store/store-error.ts'
import { type CrashDisk, crashDisk } from '../helpers/crash-fs.ts'
import { type Fault, type Faults, failingFs } from '../helpers/failing-fs.ts'
import { type Random, randomFrom } from '../helpers/random.ts'
import { readerHere } from '../helpers/reader-here.ts'
import { usualStore } from '../helpers/store.ts'
import { Ledger } from './ledger.ts'
import {
  type Action,
  deliver,
  deliverLarge,
  type Load,
  type Mails,
  remove,
  update,
  updateMany,
} from './load.ts'
import { mailboxActions } from './mailbox-load.ts'
import { logins, look } from './sight.ts'
import { storeTarget } from './target.ts'

/** Every way in which a call may fail. */
export const everyFault: readonly Fault[] = [
  'ENOSPC',
  'EIO',
  'EMFILE',
  'EACCES',
  'EROFS',
  'short write',
]

/** Those that differ for the store, and one of those that are all the same to it. */
export const mostFaults = (k: number): readonly Fault[] => [
  'ENOSPC',
  'short write',
  (['EIO', 'EMFILE', 'EACCES', 'EROFS'] as const)[k % 4] ?? 'EIO',
]

export type FaultOptions = {
  /** Those that are tried at a call. */
  readonly faults: (k: number) => readonly Fault[]
  readonly fsync: boolean
  /** Whether every call fails from the first that does on, until what was asked for is over. */
  readonly lasts: boolean
}

const directory = '/home/ann/mail'
/** So few that retention has work. */
const maxMessages = 5

/** A store on a disk whose calls can fail, and what is known of it. */
class Patient {
  readonly disk: CrashDisk = crashDisk()
  readonly random: Random = randomFrom(1)
  readonly faults: Faults = failingFs(this.disk.boot(this.random).fs)
  readonly ledger = new Ledger()
  readonly logged: string[] = []
  readonly #fsync: boolean
  readonly #mails: Mails = { next: 1, raws: new Map() }
  #store: MailStore | null = null

  constructor({ fsync }: FaultOptions) {
    this.#fsync = fsync
    this.ledger.maxMessages = maxMessages
  }

  async open(): Promise<void> {
    this.#store = await MailStore.open({
      ...usualStore,
      directory,
      fs: this.faults.fs,
      reader: readerHere(),
      maxMessages,
      fsync: this.#fsync,
      log: line => this.logged.push(line),
    })
    if (this.ledger.state.size > 0) return
    // Nothing is in it yet, and so nothing is read.
    this.ledger.adopt(new Map((await look(this.#store)).seen))
  }

  async ask(action: Action): Promise<void> {
    if (!this.#store) throw new Error('it is not open')
    const { random, ledger } = this
    const target = storeTarget(this.#store)
    const load: Load = { random, ledger, target, mails: this.#mails, logins, most: 500 }
    for (let tries = 0; tries < 100; tries++) if (await action(load)) return
    throw new Error('there is nothing to ask for')
  }

  /** Lets what goes on behind the answers come to its end: the parser, retention, the flush two seconds later. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 60; turn++) await setImmediate()
    mock.timers.tick(2_000)
    for (let turn = 0; turn < 60; turn++) await setImmediate()
  }

  async close(): Promise<void> {
    await this.#store?.close()
  }

  async check(isRestarted: boolean): Promise<void> {
    if (!this.#store) throw new Error('it is not open')
    const { seen } = await look(this.#store)
    this.ledger.check(new Map(seen), { isRestarted })
  }

  leftovers(): string[] {
    return [...this.disk.files().keys()].filter(path => path.includes('.tmp'))
  }
}

type Step = { readonly name: string; readonly take: (patient: Patient) => Promise<void> }

const ask = (name: string, action: Action): Step => ({
  name,
  take: patient => patient.ask(action),
})

/** Everything that a store does, once. */
const script: readonly Step[] = [
  { name: 'open', take: patient => patient.open() },
  ask('send', deliver),
  ask('flag', update),
  { name: 'flush', take: patient => patient.settle() },
  ask('send', deliver),
  ask('send', deliver),
  ask('flag many', updateMany),
  ask('delete', remove),
  ask('send', deliver),
  ask('send', deliver),
  ask('send, with retention', deliver),
  ask('create a mailbox', mailboxActions.create),
  ask('append', mailboxActions.append),
  ask('append', mailboxActions.append),
  ask('copy', mailboxActions.copy),
  ask('move', mailboxActions.move),
  ask('store flags', mailboxActions.setFlags),
  ask('expunge', mailboxActions.expunge),
  ask('rename', mailboxActions.rename),
  ask('subscribe', mailboxActions.subscribe),
  ask('delete a mailbox', mailboxActions.remove),
  ask('send a large one', deliverLarge),
  { name: 'retention and flush', take: patient => patient.settle() },
  { name: 'close', take: patient => patient.close() },
  { name: 'open again', take: patient => patient.open() },
  ask('send', deliver),
  ask('delete', remove),
  { name: 'flush', take: patient => patient.settle() },
  { name: 'close', take: patient => patient.close() },
]

const isOpening = ({ name }: Step): boolean => name.startsWith('open')
const isAsking = ({ name }: Step): boolean => !/^(open|close|flush|retention)/.test(name)

const isFull = (fault: Fault): boolean => fault === 'ENOSPC' || fault === 'short write'

/** What is wrong with an error for what the fault was. */
const misfit = (error: unknown, step: Step, fault: Fault): string | null => {
  const { code, message } = error as NodeJS.ErrnoException
  if (!isAsking(step)) return (error as Error) instanceof TypeError ? message : null
  if (!(error instanceof StoreError)) return `${(error as Error).stack}`
  return code === (isFull(fault) ? 'full' : 'io') ? null : `${code}: ${message}`
}

/** Plays the script with one fault. Resolves with whether there was such a call, and with what was wrong. */
const play = async (
  k: number,
  fault: Fault,
  options: FaultOptions,
): Promise<{ readonly isReached: boolean; readonly wrong: readonly string[] }> => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const patient = new Patient(options)
  const { faults, ledger } = patient
  faults.failCall(k, fault, options.lasts ? Number.POSITIVE_INFINITY : k)
  let isClosed = true
  let isReached = false
  let at = ''
  try {
    for (const step of script) {
      at = step.name
      let error: unknown = null
      try {
        await step.take(patient)
      } catch (thrown) {
        error = thrown
        const wrong = faults.failures === 0 ? 'nothing failed' : misfit(error, step, fault)
        if (wrong) ledger.wrong.push(wrong)
      }
      if (!(isOpening(step) && error)) isClosed = step.name === 'close'
      isReached ||= faults.calls >= k
      if (faults.failures === 0) continue
      await patient.settle()
      // The fault is gone: nothing has changed but what was acknowledged, and what failed works.
      // Of a full disk nobody needs to be told where the reserve was enough.
      const isTold = error || patient.logged.length > 0 || isFull(fault)
      if (!isTold) ledger.wrong.push('nobody was told')
      faults.reset()
      if (isClosed && !isOpening(step)) break
      if (isOpening(step) && error) await patient.open()
      isClosed = false
      await patient.check(isOpening(step))
      if (error && isAsking(step)) await step.take(patient)
      await patient.ask(deliver)
      await patient.ask(update)
      await patient.settle()
      await patient.check(false)
      break
    }
    at += ', later'
    faults.reset()
    if (!isClosed) await patient.close()
    await patient.open()
    await patient.check(true)
    await patient.ask(deliver)
    await patient.close()
    ledger.wrong.push(...patient.leftovers().map(path => `${path} is left`))
  } catch (error) {
    ledger.wrong.push(`${(error as Error).stack}`)
  } finally {
    mock.timers.reset()
  }
  const where = `call ${k}, ${fault}, at ${at}`
  return { isReached, wrong: ledger.wrong.map(line => `${where}: ${line}`) }
}

/** Fails call 1, 2, … in each way, until the script passes untouched. */
export const playFaults = async (
  options: FaultOptions,
): Promise<{
  readonly runs: number
  readonly calls: number
  readonly wrong: readonly string[]
}> => {
  const wrong: string[] = []
  let runs = 0
  for (let k = 1; wrong.length < 10; k++) {
    let isUntouched = true
    for (const fault of options.faults(k)) {
      const told = await play(k, fault, options)
      runs++
      wrong.push(...told.wrong)
      if (told.isReached) isUntouched = false
    }
    if (isUntouched) return { runs, calls: k - 1, wrong }
  }
  return { runs, calls: 0, wrong }
}
