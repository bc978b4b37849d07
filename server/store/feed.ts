import { randomBytes } from 'node:crypto'
import type { Change, Transaction } from './changes.ts'
import type { Message } from './message.ts'

/**
 * The one change feed. `publish` is called in the same synchronous step that changes the index, so that at every
 * instant each subscriber has been told exactly what the index says.
 */
export class Feed {
  static readonly kept = 10_000
  /** So much of it is known: octets, about. What retention removed must not fill the memory from here. */
  static readonly maxWeight = 64 * 1024 * 1024
  readonly #process = randomBytes(6).toString('hex')
  readonly #listeners = new Set<(transaction: Transaction) => void>()
  readonly #log: (line: string) => void
  #recent: Transaction[] = []
  #weights: number[] = []
  #weight = 0
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
    const weight = changes.reduce((sum, change) => sum + weigh(change), 0)
    this.#weights.push(weight)
    this.#weight += weight
    this.#cut()
    for (const listener of this.#listeners) {
      try {
        listener(transaction)
      } catch (error) {
        this.#log(`a subscriber of the feed failed: ${(error as Error).stack}`)
      }
    }
  }

  /** In big steps, so that the cost for each transaction is constant. */
  #cut(): void {
    const isHeavy = this.#weight > Feed.maxWeight
    if (this.#recent.length < 2 * Feed.kept && !isHeavy) return
    let from = Math.max(0, this.#recent.length - Feed.kept)
    let left = this.#weights.slice(from).reduce((sum, weight) => sum + weight, 0)
    while (isHeavy && left > Feed.maxWeight / 2) left -= this.#weights[from++] as number
    this.#recent = this.#recent.slice(from)
    this.#weights = this.#weights.slice(from)
    this.#weight = left
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

/** What remembering a change takes up, in octets: its texts, and about what the rest of it does. */
const weigh = (change: Change): number => {
  if (change.type === 'message.added') return weighMessage(change.entry.message)
  if (change.type === 'message.changed') {
    const { tags = [], flags = [], preview = '' } = change.patch
    return 300 + change.ids.length + preview.length + lengthOf(tags) + lengthOf(flags)
  }
  return 300 + ('ids' in change ? change.ids.length : change.name.length)
}

const weighMessage = ({ rcptTo, from, to, cc, bcc, replyTo, subject }: Message): number => {
  const named = [...from, ...to, ...cc, ...bcc, ...replyTo]
  const names = named.reduce((sum, { name, address }) => sum + name.length + address.length, 0)
  return 1_000 + subject.length + names + 80 * named.length + lengthOf(rcptTo)
}

const lengthOf = (texts: readonly string[]): number =>
  texts.reduce((sum, { length }) => sum + length + 40, 0)
