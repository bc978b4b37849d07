import type { Worker } from 'node:worker_threads'
import type { ContentSource } from '../mime/content.ts'
import { sendableSource } from '../mime/source-bytes.ts'
import { startWorker } from '../worker.ts'
import type { CheckJob, CheckNews } from './check-jobs.ts'
import type { CheckGroup, Checks } from './report.ts'
import { summedUp } from './sum.ts'

/** Milliseconds for one mail, MiB of heap, milliseconds after which an idle worker ends, characters of results that are kept. */
export type CheckerOptions = {
  readonly timeout?: number
  readonly maxHeap?: number
  readonly idle?: number
  readonly cacheLimit?: number
}

type Pending = {
  readonly job: CheckJob
  readonly groups: CheckGroup[]
  readonly resolve: (checks: Checks) => void
  readonly reject: (error: Error) => void
}

/**
 * Checks mails in a worker thread, one after the other, when somebody asks, and keeps the results that were used last. A
 * mail that takes too long, or brings the worker down, costs the worker: what was found until then is the answer, and
 * says so. Every promise is settled; the worker ends when it has had nothing to do for a while.
 */
export class Checker {
  readonly #options: Required<CheckerOptions>
  readonly #waiting: Pending[] = []
  readonly #underWay = new Map<number, Promise<Checks>>()
  readonly #cache = new Map<number, { checks: Checks; size: number }>()
  #cached = 0
  #worker: Worker | null = null
  #current: Pending | null = null
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: CheckerOptions = {}) {
    this.#options = {
      timeout: 8_000,
      maxHeap: 384,
      idle: 30_000,
      cacheLimit: 8_000_000,
      ...options,
    }
  }

  /** The checks of a message; `source` is asked for where they are not known. Rejects where that does, or once closed. */
  async check(id: number, source: () => Promise<ContentSource>): Promise<Checks> {
    const cached = this.#cache.get(id)
    if (cached) {
      // The last used goes to the end.
      this.#cache.delete(id)
      this.#cache.set(id, cached)
      return cached.checks
    }
    let checks = this.#underWay.get(id)
    if (!checks) {
      checks = this.#run(id, source).finally(() => this.#underWay.delete(id))
      this.#underWay.set(id, checks)
    }
    return checks
  }

  /** Lets go of the results for messages that are not there any more. */
  forget(ids: Iterable<number>): void {
    if (this.#cache.size === 0) return
    for (const id of ids) {
      this.#cached -= this.#cache.get(id)?.size ?? 0
      this.#cache.delete(id)
    }
  }

  /** Ends the worker; what is under way rejects. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    const pending = this.#current ? [this.#current, ...this.#waiting] : this.#waiting
    for (const { reject } of pending.splice(0)) reject(new Error('the checker is closed'))
    this.#waiting.length = 0
    this.#current = null
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }

  async #run(id: number, source: () => Promise<ContentSource>): Promise<Checks> {
    const job = { id, source: sendableSource(await source()) }
    if (this.#isClosed) throw new Error('the checker is closed')
    const checks = await new Promise<Checks>((resolve, reject) => {
      this.#waiting.push({ job, groups: [], resolve, reject })
      this.#next()
    })
    // What failed may have had bad luck with a busy machine: the next who asks tries again.
    if (checks.groups.every(({ state }) => state !== 'failed')) this.#keep(id, checks)
    return checks
  }

  #keep(id: number, checks: Checks): void {
    const size = JSON.stringify(checks).length
    this.#cache.set(id, { checks, size })
    this.#cached += size
    for (const [oldest, { size }] of this.#cache) {
      if (this.#cached <= this.#options.cacheLimit) break
      this.#cache.delete(oldest)
      this.#cached -= size
    }
  }

  #next(): void {
    if (this.#current) return
    clearTimeout(this.#timer)
    const next = this.#waiting.shift()
    if (!next) {
      this.#worker?.unref()
      this.#timer = setTimeout(() => this.#stop(), this.#options.idle).unref()
      return
    }
    this.#current = next
    this.#worker ??= this.#start()
    // Only while somebody waits does the worker keep the process alive.
    this.#worker.ref()
    this.#worker.postMessage(next.job)
  }

  #start(): Worker {
    const worker = startWorker('checks/checks-worker', {
      name: 'checks',
      resourceLimits: { maxOldGenerationSizeMb: this.#options.maxHeap },
    })
    worker.on('message', (news: CheckNews) => {
      if (worker === this.#worker && news.id === this.#current?.job.id) this.#hear(news)
    })
    // Its own errors end it; 'exit' follows.
    let reason = 'the worker ended'
    worker.on('error', error => {
      reason = error.message
    })
    worker.on('exit', () => {
      if (worker !== this.#worker) return
      this.#worker = null
      this.#finish(reason)
    })
    return worker
  }

  #hear(news: CheckNews): void {
    switch (news.is) {
      case 'begun':
        // The clock runs for the mail, not for the start of the worker.
        this.#timer = setTimeout(() => {
          this.#stop()
          this.#finish(`It took more than ${this.#options.timeout} ms.`)
        }, this.#options.timeout)
        break
      case 'group':
        this.#current?.groups.push(news.group)
        break
      case 'refused':
        this.#finish(news.reason)
        break
      case 'done':
        this.#finish('')
        break
    }
  }

  #stop(): void {
    const worker = this.#worker
    this.#worker = null
    void worker?.terminate()
  }

  /** Answers with what has come, and goes on. */
  #finish(reason: string): void {
    clearTimeout(this.#timer)
    const current = this.#current
    this.#current = null
    current?.resolve(summedUp(current.groups, reason))
    this.#next()
  }
}
