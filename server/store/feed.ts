import { randomBytes } from 'node:crypto'
import type { Change, Transaction } from './changes.ts'

/**
 * The one change feed. `publish` is called in the same synchronous step that changes the index, so that at every
 * instant each subscriber has been told exactly what the index says.
 */
export class Feed {
  static readonly kept = 10_000
  readonly #process = randomBytes(6).toString('hex')
  readonly #listeners = new Set<(transaction: Transaction) => void>()
  readonly #log: (line: string) => void
  #recent: Transaction[] = []
  #seq: number

  /** `seq` is the highest position that may have been given out before. */
  constructor(seq: number, log: (line: string) => void) {
    this.#seq = seq
    this.#log = log
  }

  get seq(): number {
    return this.#seq
  }

  /** The position as the outside sees it. */
  get position(): string {
    return `${this.#process}-${this.#seq}`
  }

  /** Takes the next position, before the entries that it stamps are made. */
  advance(): number {
    return ++this.#seq
  }

  /** Tells everybody of a transaction at the position that `advance` gave last. */
  publish(changes: readonly Change[]): void {
    const transaction: Transaction = { seq: this.#seq, changes }
    this.#recent.push(transaction)
    // Cut in big steps, so that the cost for each is constant.
    if (this.#recent.length >= 2 * Feed.kept) this.#recent = this.#recent.slice(-Feed.kept)
    for (const listener of this.#listeners) {
      try {
        listener(transaction)
      } catch (error) {
        this.#log(`a subscriber of the feed failed: ${(error as Error).stack}`)
      }
    }
  }

  subscribe(listener: (transaction: Transaction) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** What came after a position; null where it is of another process, of the future, or too far back. */
  since(position: string): readonly Transaction[] | null {
    const match = /^([0-9a-f]{12})-(\d{1,16})$/.exec(position)
    const seq = Number(match?.[2])
    if (match?.[1] !== this.#process || seq > this.#seq) return null
    if (seq === this.#seq) return []
    // Not every position has a transaction, but each transaction has one of its own.
    const at = this.#recent.findIndex(transaction => transaction.seq > seq)
    const oldest = this.#recent[0]?.seq
    if (at < 0 || oldest === undefined || seq < oldest - 1) return null
    const missed = this.#recent.slice(at)
    return missed.length > Feed.kept ? null : missed
  }
}
