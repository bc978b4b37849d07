import type { Worker } from 'node:worker_threads'
import type { ContentSource } from '../mime/content.ts'
import { startWorker } from '../worker.ts'
import type { Answers } from './condition.ts'
import type { Entry, Message } from './message.ts'
import type { Probe, SentProbe } from './probe.ts'
import { QueryError } from './query-error.ts'
import type {
  Asked,
  AskedMessage,
  Fields,
  SearchJob,
  SearchResult,
  SearchWorkerData,
  Unread,
} from './search-jobs.ts'
import type { SearchTexts } from './search-texts.ts'
import { StoreError } from './store-error.ts'

type Pending = {
  readonly job: SearchJob
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

/** Up to so many messages the search texts are scanned on this thread: sooner done than asked for. */
const smallStore = 2_000
const watchInterval = 250
/** MiB of heap: a large message must fit, and what is read and forgotten is not to fill the memory first. */
const heap = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 }

/**
 * Answers probes: search texts are scanned, messages are read, and patterns run over them, in a worker thread that starts
 * when it is first needed. A pattern that takes too long is refused; it costs the worker, but no other search.
 */
export class Searcher {
  readonly #texts: SearchTexts
  readonly #source: (message: Message) => Promise<ContentSource | undefined>
  readonly #total: () => number
  readonly #log: (line: string) => void
  readonly #timeout: number
  #worker: Worker | null = null
  #progress = new Int32Array(new SharedArrayBuffer(8))
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #watch: NodeJS.Timeout | undefined
  #isClosed = false

  /**
   * `total` is how many messages there are; `timeout` the milliseconds that the worker may take for one file of search
   * texts, or one message.
   */
  constructor(options: {
    readonly texts: SearchTexts
    readonly source: (message: Message) => Promise<ContentSource | undefined>
    readonly total: () => number
    readonly log: (line: string) => void
    readonly timeout?: number
  }) {
    this.#texts = options.texts
    this.#source = options.source
    this.#total = options.total
    this.#log = options.log
    this.#timeout = options.timeout ?? 8_000
  }

  /** Which messages of a block hold which words. */
  async scan(block: number, words: readonly string[]): Promise<readonly Answers[]> {
    const path = this.#total() <= smallStore ? null : await this.#texts.sharedPath(block)
    if (path === null) return this.#texts.scan(block, words)
    const { answers, error } = await this.#post<'scan'>({
      id: this.#nextId(),
      kind: 'scan',
      path,
      words,
    })
    if (error !== null) this.#log(`the search text ${path} cannot be read: ${error}`)
    return answers
  }

  /** The answers of each message to each probe; null for a message that is gone. */
  async ask(
    entries: readonly Entry[],
    probes: readonly Probe[],
  ): Promise<readonly (readonly boolean[] | null)[]> {
    const sources = await Promise.all(entries.map(({ message }) => this.#sourceOf(message)))
    const there = entries.filter((_, index) => sources[index] !== null)
    const messages: AskedMessage[] = there.map(entry => ({
      source: sources[entries.indexOf(entry)] as ContentSource,
      isParsed: entry.message.parsed !== 'failed',
      values: probes.map(probe => (probe.kind === 'values' ? probe.values(entry) : [])),
    }))
    const sent = probes.map(sendable)
    const { asked } = await this.#post<'ask'>({
      id: this.#nextId(),
      kind: 'ask',
      messages,
      probes: sent,
    })
    const answers = new Map(there.map((entry, index) => [entry, asked[index] as Asked]))
    return Promise.all(
      entries.map(async entry => {
        const answer = answers.get(entry)
        return answer ? this.#unlessGone(entry.message, answer) : null
      }),
    )
  }

  /**
   * The unfolded text of the first header field of each name (in lower case), encoded-words as they are, by message; null
   * where there is none, or the message is gone.
   */
  async fields(
    messages: readonly Message[],
    names: readonly string[],
  ): Promise<readonly (readonly (string | null)[])[]> {
    const sources = await Promise.all(messages.map(message => this.#sourceOf(message)))
    const { fields } = await this.#post<'fields'>({
      id: this.#nextId(),
      kind: 'fields',
      sources: sources.filter(source => source !== null),
      names,
    })
    const read = fields.values()
    const ofMessages = sources.map(source => source && (read.next().value as Fields))
    return Promise.all(
      messages.map(async (message, at) => {
        const texts = ofMessages[at]
        return (texts && (await this.#unlessGone(message, texts))) ?? names.map(() => null)
      }),
    )
  }

  /** Ends the worker; what is under way rejects. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#watch)
    for (const { reject } of this.#pending.values()) reject(closed())
    this.#pending.clear()
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }

  /** Null where the message is gone, which may also show as a missing file. */
  async #sourceOf(message: Message): Promise<ContentSource | null> {
    try {
      return (await this.#source(message)) ?? null
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  /** What was read; null where it could not be because the message is gone. */
  async #unlessGone<T extends readonly unknown[]>(
    message: Message,
    read: T | Unread,
  ): Promise<T | null> {
    if (!('error' in read)) return read
    if ((await this.#sourceOf(message)) === null) return null
    throw new StoreError('io', `message ${message.id} cannot be searched: ${read.error}`)
  }

  #nextId(): number {
    this.#lastId = (this.#lastId % 0x7fff_ffff) + 1
    return this.#lastId
  }

  #post<K extends SearchJob['kind']>(job: SearchJob & { kind: K }) {
    return new Promise<SearchResult & { kind: K }>((resolve, reject) => {
      if (this.#isClosed) return reject(closed())
      this.#send({ job, resolve, reject })
    })
  }

  #send(pending: Pending): void {
    this.#pending.set(pending.job.id, pending)
    this.#worker ??= this.#start()
    // Only while somebody waits for an answer does the worker keep the process alive.
    this.#worker.ref()
    this.#worker.postMessage(pending.job)
    this.#watch ??= this.#startWatch()
  }

  #start(): Worker {
    this.#progress = new Int32Array(new SharedArrayBuffer(8))
    const workerData: SearchWorkerData = { progress: this.#progress }
    const worker = startWorker('store/search-worker', {
      workerData,
      name: 'search',
      resourceLimits: heap,
    })
    worker.on('message', (result: SearchResult) => {
      this.#pending.get(result.id)?.resolve(result as never)
      this.#pending.delete(result.id)
      if (this.#pending.size > 0) return
      this.#stopWatch()
      // Not of a worker that is being ended: whoever waits for that would be left alone.
      this.#worker?.unref()
    })
    // Its own errors end it; 'exit' follows and says what becomes of the jobs.
    let reason = 'the worker ended'
    worker.on('error', error => {
      reason = error.message
    })
    worker.on('exit', () => {
      if (worker !== this.#worker) return
      this.#restart(new StoreError('io', `the search failed: ${reason}`))
    })
    return worker
  }

  /** Fails the job that the worker was at, and gives the others to a new one. */
  #restart(error: Error): void {
    const culprit =
      this.#pending.get(Atomics.load(this.#progress, 0)) ?? this.#pending.values().next().value
    this.#worker = null
    this.#stopWatch()
    if (culprit) {
      this.#pending.delete(culprit.job.id)
      culprit.reject(error)
    }
    const others = [...this.#pending.values()]
    this.#pending.clear()
    for (const pending of others) this.#send(pending)
  }

  /** The clock runs for the file or message at work: not for those that wait, nor for the worker's start. */
  #startWatch(): NodeJS.Timeout {
    let seen = ''
    let since = 0
    const look = () => {
      const id = Atomics.load(this.#progress, 0)
      const now = performance.now()
      const at = `${id} ${Atomics.load(this.#progress, 1)}`
      if (id === 0 || at !== seen) {
        seen = at
        since = now
      } else if (now - since >= this.#timeout) {
        const job = this.#pending.get(id)?.job
        void this.#worker?.terminate()
        this.#restart(tooLong(job, this.#timeout))
      }
    }
    return setInterval(look, Math.min(watchInterval, this.#timeout)).unref()
  }

  #stopWatch(): void {
    clearInterval(this.#watch)
    this.#watch = undefined
  }
}

const closed = () => new StoreError('closed', 'the store is closed')

/** Whose fault it is: that of a pattern where there is one. */
const tooLong = (job: SearchJob | undefined, timeout: number): Error => {
  const probe = job?.kind === 'ask' ? job.probes.find(({ kind }) => kind !== 'word') : undefined
  const message = `takes longer than ${timeout / 1_000} s over one message`
  return probe && 'source' in probe
    ? new QueryError(`the search ${message}`, probe.source.parameter, probe.source.position)
    : new StoreError('io', `a search ${message}`)
}

const sendable = (probe: Probe): SentProbe =>
  probe.kind === 'values' ? { kind: probe.kind, source: probe.source } : probe
