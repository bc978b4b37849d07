import type { Entries } from './entries.ts'
import { isFlagged } from './message.ts'

/** Limits of what is kept; null is none. Octets of raw messages, milliseconds. */
export type RetentionLimits = {
  readonly maxMessages: number
  readonly maxBytes: number
  readonly maxAge: number | null
  /** A message with the flag `\Flagged` counts, and stays. */
  readonly keepFlagged: boolean
}

/** The most that one transaction removes: the rest goes with the next. */
const step = 1_000

/**
 * The numbers of the oldest entries that are over the limits, ascending. The newest entry always stays, however large
 * it is. Looks at no entry that is to stay but the flagged ones and the first.
 */
export const excess = (entries: Entries, limits: RetentionLimits, now: number): number[] => {
  const numbers: number[] = []
  let { total, bytes } = entries
  const oldest = limits.maxAge === null ? Number.NEGATIVE_INFINITY : now - limits.maxAge
  for (const entry of entries.ascending()) {
    if (limits.keepFlagged && isFlagged(entry)) continue
    const isOver =
      (entry !== entries.newest && (total > limits.maxMessages || bytes > limits.maxBytes)) ||
      entry.message.receivedAt < oldest
    if (!isOver || numbers.length >= step) break
    numbers.push(entry.number)
    total--
    bytes -= entry.message.size
  }
  return numbers
}
