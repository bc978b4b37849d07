import type { LogLine } from './change-log.ts'
import { readIdRanges } from './id-set.ts'
import { catchAllInbox, type Place } from './operation.ts'

type Ranges = { readonly first: number; readonly last: number }[]

/** What the change log says is gone, wherever a raw file may tell of it. */
export class Removed {
  readonly #places = new Map<string, Ranges>()
  readonly #away: Ranges = []

  constructor(lines: readonly LogLine[]) {
    for (const { ops } of lines) {
      for (const op of ops) {
        if (op.op === 'away') this.#away.push(...readIdRanges(op.messages))
        if (op.op === 'remove') this.#at(op.at).push(...readIdRanges(op.ids))
      }
    }
    for (const ranges of [this.#away, ...this.#places.values()]) unite(ranges)
  }

  /** Whether the entry of this number, which is its message's own, was removed from a mailbox. */
  has(at: Place, number: number): boolean {
    return holds(this.#away, number) || holds(this.#places.get(`${at}`) ?? [], number)
  }

  #at(at: Place = catchAllInbox): Ranges {
    const ranges = this.#places.get(`${at}`) ?? []
    this.#places.set(`${at}`, ranges)
    return ranges
  }
}

/** Sorts ranges, and makes one of those that overlap. */
const unite = (ranges: Ranges): void => {
  const sorted = ranges.sort((a, b) => a.first - b.first)
  const united: Ranges = []
  for (const { first, last } of sorted) {
    const before = united.at(-1)
    if (before && first <= before.last + 1) {
      united[united.length - 1] = { first: before.first, last: Math.max(before.last, last) }
    } else united.push({ first, last })
  }
  ranges.splice(0, ranges.length)
  for (const range of united) ranges.push(range)
}

const holds = (ranges: Ranges, number: number): boolean => {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranges[middle] as Ranges[number]).first <= number) low = middle + 1
    else high = middle
  }
  return low > 0 && (ranges[low - 1] as Ranges[number]).last >= number
}
