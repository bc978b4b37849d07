import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Answer, type Made, type Order, PROGRESS, PROGRESS_LENGTH } from './orders.ts'

/** One execution may take so long; starting and loading a target, longer. */
const HUNG_MS = 5000
const LOADING_MS = 60_000
const LOOK_MS = 250
const HEAP_MB = 512
const ENTRY = fileURLToPath(new URL('./executing.ts', import.meta.url))
const NO_OUTGOING = new URL('../helpers/no-outgoing.js', import.meta.url).href

/** What came of an order: an answer, or the end of the process. */
export type Outcome =
  | Answer
  | {
      readonly what: 'hung'
      readonly number: number
      readonly message: string
      readonly where: string
    }
  | {
      readonly what: 'died'
      readonly number: number
      readonly message: string
      readonly where: string
    }

export type Failure = Exclude<Outcome, { readonly what: 'held' | 'made' }>

/** How far it is, as the file says: also that of a process that is no more. */
export type Progress = {
  readonly number: number
  readonly beat: number
  readonly isBusy: boolean
  readonly slowest: number
  readonly slowestNumber: number
  readonly heap: number
  /** Seconds of the processor since the order was given. */
  readonly cpu: number
}

/**
 * A process that executes targets, watched from here: one that hangs is killed, one that died is started anew at the next
 * order. One order at a time.
 */
export class Executor {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mailcatch-fuzz-'))
  readonly #file = join(this.#folder, 'progress')
  readonly #hungAfter: number
  #child: ChildProcess | undefined
  #complaints = ''

  /** @param hungAfter ms that one execution may take. */
  constructor(hungAfter = HUNG_MS) {
    this.#hungAfter = hungAfter
  }

  progress(): Progress {
    const values = new Float64Array(PROGRESS_LENGTH)
    const file = openSync(this.#file, 'r')
    readSync(file, values, 0, values.byteLength, 0)
    closeSync(file)
    const { number, beat, isBusy, slowest, slowestNumber, heap, cpu } = PROGRESS
    return {
      number: values[number] ?? 0,
      beat: values[beat] ?? 0,
      isBusy: values[isBusy] === 1,
      slowest: values[slowest] ?? 0,
      slowestNumber: values[slowestNumber] ?? 0,
      heap: values[heap] ?? 0,
      cpu: values[cpu] ?? 0,
    }
  }

  order(order: Order): Promise<Outcome> {
    const child = this.#child ?? this.#start()
    return new Promise(resolve => {
      let { beat } = this.progress()
      let since = performance.now()
      const end = (outcome: Outcome): void => {
        clearInterval(watch)
        child.off('message', onMessage).off('exit', onExit)
        resolve(outcome)
      }
      const onMessage = (answer: unknown): void => end(answer as Answer)
      const onExit = (code: number | null, signal: string | null): void => {
        this.#child = undefined
        const how = signal ?? `exit code ${code}`
        const message = `the process died: ${how}\n${this.#complaints.slice(-2000)}`
        end({ what: 'died', number: this.progress().number, message, where: `died ${how}` })
      }
      const watch = setInterval(() => {
        const now = this.progress()
        if (now.beat !== beat) {
          beat = now.beat
          since = performance.now()
        }
        if (performance.now() - since < (now.isBusy ? this.#hungAfter : LOADING_MS)) return
        child.off('exit', onExit).kill('SIGKILL')
        this.#child = undefined
        const message = `one execution took more than ${this.#hungAfter} ms`
        end({ what: 'hung', number: now.number, message, where: 'hung' })
      }, LOOK_MS)
      child.on('message', onMessage).on('exit', onExit)
      child.send(order)
    })
  }

  /** The input of an execution; throws where even that cannot be made. */
  async make(module: string, seed: number, number: number): Promise<Made> {
    const outcome = await this.order({ what: 'make', module, seed, number })
    if (outcome.what === 'made') return outcome.made
    throw new Error(`no input can be made for execution ${number}: ${JSON.stringify(outcome)}`)
  }

  /** `null` where everything holds. */
  async check(module: string, { input, repeat }: Made): Promise<Failure | null> {
    const outcome = await this.order({ what: 'check', module, input, repeat })
    return outcome.what === 'held' || outcome.what === 'made' ? null : outcome
  }

  async close(): Promise<void> {
    const child = this.#child
    if (child) {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    }
    rmSync(this.#folder, { recursive: true })
  }

  #start(): ChildProcess {
    writeFileSync(this.#file, new Float64Array(PROGRESS_LENGTH))
    this.#complaints = ''
    const child = fork(ENTRY, [this.#file], {
      execArgv: ['--import', 'tsx', '--import', NO_OUTGOING, `--max-old-space-size=${HEAP_MB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-8000)
    })
    this.#child = child
    return child
  }
}
