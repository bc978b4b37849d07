import type { Entries } from './entries.ts'
import { isFlagged, weightOf } from './message.ts'

/** Limits of what is kept; null is none. Octets as of `weightOf`, milliseconds. */
export type RetentionLimits = {
  readonly maxMessages: number
  readonly maxBytes: number
  readonly maxAge: number | null
  /** What is flagged never goes by itself. */
  readonly keepFlagged: boolean
}

/** The most that one transaction removes: the rest goes with the next. */
const step = 1_000
/** What is reserved may be so much over the limits, and no more: messages, octets. */
const patience = { messages: 10_000, bytes: 256 * 1024 * 1024 }

/** Finds what is over the limits, the oldest first; the cost for each arrival does not grow with what stays. */
export class Retention {
  readonly #entries: Entries
  readonly #limits: RetentionLimits
  /** Everything below is flagged, and stays. */
  #from = 0

  constructor(entries: Entries, limits: RetentionLimits) {
    this.#entries = entries
    this.#limits = limits
  }

  /** An entry of this number changed: it may not be flagged any more. */
  changed(number: number): void {
    if (number < this.#from) this.#from = number
  }

  /**
   * The numbers of entries to remove, ascending. The newest entry always stays, however large it is, unless it is too old.
   * What somebody still looks at, from `reserved` on, stays too, as long as it is not far too much.
   */
  excess(now: number, reserved = Number.POSITIVE_INFINITY): number[] {
    const { maxMessages, maxBytes, maxAge, keepFlagged } = this.#limits
    const numbers: number[] = []
    let { total, weight } = this.#entries
    const newest = this.#entries.newest
    const oldest = maxAge === null ? Number.NEGATIVE_INFINITY : now - maxAge
    let isAllFlagged = true
    for (const entry of this.#entries.from(this.#from)) {
      const isOver =
        (entry !== newest && (total > maxMessages || weight > maxBytes)) ||
        entry.message.receivedAt < oldest
      if (!isOver || numbers.length >= step) break
      const isTolerable =
        total <= maxMessages + patience.messages && weight <= maxBytes + patience.bytes
      if (entry.number >= reserved && isTolerable) break
      if (keepFlagged && isFlagged(entry)) {
        if (isAllFlagged) this.#from = entry.number + 1
        continue
      }
      isAllFlagged = false
      numbers.push(entry.number)
      total--
      weight -= weightOf(entry)
    }
    return numbers
  }
}
