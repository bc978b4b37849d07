import type { Worker } from 'node:worker_threads'
import { startWorker } from '../worker.ts'
import type { Content, ContentSource, HtmlView } from './content.ts'
import type { Answer, Asked, Job, Results, Task, WorkerData } from './content-jobs.ts'
import type { Extract } from './extract/extract.ts'
import type { NestedMessage } from './nested-message.ts'
import type { MessagePart } from './part-tree.ts'
import type { Selected } from './select.ts'
import { sendableSource } from './source-bytes.ts'
import type { Part } from './structure.ts'

/** Why a message could not be read: it took too long, could not be opened, or brought the worker down. */
export type ContentErrorCode = 'timeout' | 'refused' | 'crashed' | 'closed'

export class ContentError extends Error {
  override readonly name = 'ContentError'
  readonly code: ContentErrorCode

  constructor(code: ContentErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Milliseconds, and MiB of heap. */
export type ContentReaderOptions = { readonly timeout?: number; readonly maxHeap?: number }

/** `urgent`: somebody waits for it, so it goes before the backlog. */
export type ReadOptions = { readonly urgent?: boolean }

type Pending = {
  readonly job: Job
  readonly resolve: (result: never) => void
  readonly reject: (error: ContentError) => void
}

/** So many jobs lie ready at the worker, so that it never waits for us. */
const AHEAD = 8
const WATCH_INTERVAL = 250

/**
 * Reads messages in a worker thread, which starts with the first of them and keeps the process alive only while
 * somebody waits.
 * One message that takes too long, or too much memory, costs the worker but no other message: those under way
 * are read anew. Every promise is settled.
 */
export class ContentReader {
  readonly #timeout: number
  readonly #maxHeap: number
  #worker: Worker | null = null
  /** The id of the job that the worker is at, 0 for none: the worker writes it. */
  #current = new Int32Array(new SharedArrayBuffer(4))
  /** Posted to the worker, in order of being posted. */
  readonly #posted = new Map<number, Pending>()
  /** Not yet posted, from `#first` on. */
  #backlog: Pending[] = []
  #first = 0
  #lastId = 0
  #watch: NodeJS.Timeout | undefined
  #isClosed = false

  constructor({ timeout = 8_000, maxHeap = 256 }: ContentReaderOptions = {}) {
    this.#timeout = timeout
    this.#maxHeap = maxHeap
  }

  /** Everything that is known of a mail. Rejects with a {@link ContentError}. */
  read(source: ContentSource, options?: ReadOptions): Promise<Content> {
    return this.#ask('content', source, options)
  }

  /** Its links and one-time codes. Rejects likewise. */
  extract(source: ContentSource, options?: ReadOptions): Promise<Extract> {
    return this.#ask('extract', source, options)
  }

  /** The finished document of its HTML for the isolated frame, null where it has none. Rejects likewise. */
  html(source: ContentSource, options?: ReadOptions & HtmlView): Promise<string | null> {
    return this.#ask('html', source, options)
  }

  /** Its MIME tree. Rejects likewise. */
  structure(source: ContentSource, options?: ReadOptions): Promise<Part> {
    return this.#ask('structure', source, options)
  }

  /** The same for people, with the size of each part once decoded. Rejects likewise. */
  parts(source: ContentSource, options?: ReadOptions): Promise<MessagePart> {
    return this.#ask('parts', source, options)
  }

  /** The message in a part, at once; null where that is none. Rejects likewise. */
  nested(source: ContentSource, part: string): Promise<NestedMessage | null> {
    return this.#ask('nested', source, { urgent: true, part })
  }

  /** The elements of its HTML that a CSS selector matches, at once. Rejects likewise. */
  selectIn(source: ContentSource, css: string): Promise<Selected> {
    return this.#ask('selected', source, { urgent: true, css })
  }

  /** Ends the worker; what is under way rejects with the code `closed`. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopWatch()
    const pending = [...this.#posted.values(), ...this.#backlog.slice(this.#first)]
    this.#posted.clear()
    this.#backlog = []
    this.#first = 0
    for (const { reject } of pending) reject(CLOSED())
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }

  #ask<T extends Task>(
    task: T,
    source: ContentSource,
    { urgent: isUrgent = false, ...asked }: ReadOptions & Asked = {},
  ): Promise<Results[T]> {
    return new Promise<Results[T]>((resolve, reject) => {
      if (this.#isClosed) return reject(CLOSED())
      const job: Job = { id: this.#nextId(), task, source, asked, isUrgent }
      const pending: Pending = { job, resolve, reject }
      if (isUrgent) this.#post(pending)
      else this.#backlog.push(pending)
      this.#feed()
    })
  }

  #nextId(): number {
    this.#lastId = (this.#lastId % 0x7fff_ffff) + 1
    return this.#lastId
  }

  #feed(): void {
    while (this.#posted.size < AHEAD) {
      const pending = this.#backlog[this.#first]
      if (!pending) break
      this.#first++
      this.#post(pending)
    }
    // A shift for each would move the whole backlog each time.
    if (this.#first * 2 > this.#backlog.length) {
      this.#backlog.splice(0, this.#first)
      this.#first = 0
    }
    if (this.#posted.size > 0) return
    this.#stopWatch()
    this.#worker?.unref()
  }

  #post(pending: Pending): void {
    this.#posted.set(pending.job.id, pending)
    this.#worker ??= this.#start()
    // Only while somebody waits for an answer does the worker keep the process alive.
    this.#worker.ref()
    this.#worker.postMessage({ ...pending.job, source: sendableSource(pending.job.source) })
    this.#watch ??= this.#startWatch()
  }

  #start(): Worker {
    this.#current = new Int32Array(new SharedArrayBuffer(4))
    const workerData: WorkerData = { current: this.#current }
    const worker = startWorker('mime/content-worker', {
      workerData,
      name: 'content',
      resourceLimits: { maxOldGenerationSizeMb: this.#maxHeap },
    })
    worker.on('message', (answer: Answer) => this.#settle(answer))
    // Its own errors end it; 'exit' follows and says what becomes of the jobs.
    let reason = 'the worker ended'
    worker.on('error', error => {
      reason = error.message
    })
    worker.on('exit', () => {
      if (worker === this.#worker) this.#restart(new ContentError('crashed', reason))
    })
    return worker
  }

  #settle(answer: Answer): void {
    const pending = this.#posted.get(answer.id)
    if (!pending) return
    this.#posted.delete(answer.id)
    if ('error' in answer) pending.reject(new ContentError('refused', answer.error))
    else pending.resolve(answer.result as never)
    this.#feed()
  }

  /** Fails the job that the worker was at, and gives the others to a new one. */
  #restart(error: ContentError): void {
    const culprit =
      this.#posted.get(Atomics.load(this.#current, 0)) ?? this.#posted.values().next().value
    this.#worker = null
    this.#stopWatch()
    if (culprit) {
      this.#posted.delete(culprit.job.id)
      culprit.reject(error)
    }
    const others = [...this.#posted.values()]
    this.#posted.clear()
    for (const pending of others) this.#post(pending)
    this.#feed()
  }

  /** The clock runs for the job at work: not for those that wait, nor for the worker's start. */
  #startWatch(): NodeJS.Timeout {
    let seen = 0
    let since = 0
    const look = () => {
      const id = Atomics.load(this.#current, 0)
      const now = performance.now()
      if (id !== seen) {
        seen = id
        since = now
      } else if (id !== 0 && now - since >= this.#timeout) {
        void this.#worker?.terminate()
        this.#restart(new ContentError('timeout', `not read within ${this.#timeout} ms`))
      }
    }
    return setInterval(look, Math.min(WATCH_INTERVAL, this.#timeout)).unref()
  }

  #stopWatch(): void {
    clearInterval(this.#watch)
    this.#watch = undefined
  }
}

const CLOSED = () => new ContentError('closed', 'the reader is closed')
