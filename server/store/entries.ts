import { type Entry, isUnread, linesSize, weightOf } from './message.ts'

/** How many entry numbers one block (and one lowdb file) covers. */
export const blockSize = 1_000
export const blockOf = (number: number): number => Math.floor(number / blockSize)

type Block = {
  readonly number: number
  entries: Entry[]
  unread: number
  /** The highest mod-sequence that an entry of it ever had. */
  modseq: number
  /** A snapshot has the array: whoever changes it makes a new one first. */
  isShared: boolean
}

/** Some entries of one block as they were: those from `from` (inclusive) to `to` (exclusive), ascending. */
export type Slice = {
  readonly block: number
  readonly entries: readonly Entry[]
  readonly from: number
  readonly to: number
}

/**
 * The entries of one mailbox, ascending by number, in blocks of a thousand numbers. Every change touches one block,
 * whatever the mailbox holds; counts and random access walk the blocks, not the entries.
 */
export class Entries {
  readonly #blocks = new Map<number, Block>()
  /** Blocks that hold something, ascending. */
  #order: Block[] = []
  #total = 0
  #unread = 0
  #bytes = 0
  #lineBytes = 0
  #weight = 0

  get total(): number {
    return this.#total
  }

  get unread(): number {
    return this.#unread
  }

  /** Octets of the messages. */
  get bytes(): number {
    return this.#bytes
  }

  /** What they take up of a limit (see `weightOf`). */
  get weight(): number {
    return this.#weight
  }

  /** Octets of their lines as POP3 sends them. */
  get lineBytes(): number {
    return this.#lineBytes
  }

  get newest(): Entry | undefined {
    return this.#order.at(-1)?.entries.at(-1)
  }

  get(number: number): Entry | undefined {
    const block = this.#blocks.get(blockOf(number))
    const entry = block?.entries[firstFrom(block.entries, number)]
    return entry?.number === number ? entry : undefined
  }

  /** Adds an entry, or puts a new version in the place of the old one. */
  put(entry: Entry): void {
    const number = blockOf(entry.number)
    let block = this.#blocks.get(number)
    if (!block) {
      block = { number, entries: [], unread: 0, modseq: 0, isShared: false }
      this.#blocks.set(number, block)
      const at = this.#order.findIndex(other => other.number > number)
      this.#order.splice(at < 0 ? this.#order.length : at, 0, block)
    }
    own(block)
    if (entry.modseq > block.modseq) block.modseq = entry.modseq
    const at = firstFrom(block.entries, entry.number)
    const old = block.entries[at]
    if (old?.number === entry.number) {
      this.#count(block, old, -1)
      block.entries[at] = entry
    } else if (at === block.entries.length) {
      block.entries.push(entry)
    } else {
      block.entries.splice(at, 0, entry)
    }
    this.#count(block, entry, 1)
  }

  /** Removes those of the ascending numbers that are there, at a cost for each block, and returns them. */
  removeAll(numbers: readonly number[]): Entry[] {
    const removed: Entry[] = []
    for (let from = 0; from < numbers.length; ) {
      const blockNumber = blockOf(numbers[from] as number)
      let to = from + 1
      while (to < numbers.length && blockOf(numbers[to] as number) === blockNumber) to++
      const block = this.#blocks.get(blockNumber)
      if (block) this.#removeFrom(block, numbers.slice(from, to), removed)
      from = to
    }
    return removed
  }

  #removeFrom(block: Block, numbers: readonly number[], removed: Entry[]): void {
    const gone = new Set(numbers)
    const left: Entry[] = []
    for (const entry of block.entries) {
      if (!gone.has(entry.number)) {
        left.push(entry)
        continue
      }
      removed.push(entry)
      this.#count(block, entry, -1)
    }
    // A new array: a snapshot keeps the old one.
    block.entries = left
    block.isShared = false
    if (left.length > 0) return
    this.#blocks.delete(block.number)
    this.#order = this.#order.filter(other => other !== block)
  }

  /** The entries of one block, ascending; a view that the next change makes stale. */
  block(number: number): readonly Entry[] {
    return this.#blocks.get(number)?.entries ?? []
  }

  /** The numbers of the blocks that hold something, ascending. */
  blocks(): number[] {
    return this.#order.map(block => block.number)
  }

  /** Newest first, from `upto` (inclusive) down to `since` (exclusive). Stays sound only while nothing changes. */
  *descending(upto = Number.POSITIVE_INFINITY, since = 0): Generator<Entry> {
    for (let index = this.#order.length - 1; index >= 0; index--) {
      const block = this.#order[index] as Block
      if (block.number > blockOf(upto)) continue
      if ((block.number + 1) * blockSize <= since) return
      for (let at = block.entries.length - 1; at >= 0; at--) {
        const entry = block.entries[at] as Entry
        if (entry.number <= since) return
        if (entry.number <= upto) yield entry
      }
    }
  }

  /**
   * The entries from `upto` (inclusive) down to `since` (exclusive) as they are now, whatever changes later; newest block
   * first. Costs next to nothing: a block is copied when it changes while a snapshot has it.
   */
  snapshot(upto = Number.POSITIVE_INFINITY, since = 0): Slice[] {
    const slices: Slice[] = []
    for (let index = this.#order.length - 1; index >= 0; index--) {
      const block = this.#order[index] as Block
      if (block.number > blockOf(upto) || (block.number + 1) * blockSize <= since) continue
      const { number, entries } = block
      const from = firstFrom(entries, since + 1)
      const to = firstFrom(entries, upto + 1)
      if (from >= to) continue
      block.isShared = true
      slices.push({ block: number, entries, from, to })
    }
    return slices
  }

  /** Oldest first. Stays sound only while nothing changes. */
  ascending(): Generator<Entry> {
    return this.from(0)
  }

  /** Ascending numbers from `since` (exclusive) to `upto` (inclusive). */
  numbers(since = 0, upto = Number.POSITIVE_INFINITY): number[] {
    const numbers: number[] = []
    for (const { number: block, entries } of this.#order) {
      if ((block + 1) * blockSize <= since) continue
      if (block > blockOf(upto)) break
      const to = firstFrom(entries, upto + 1)
      for (let at = firstFrom(entries, since + 1); at < to; at++) {
        numbers.push((entries[at] as Entry).number)
      }
    }
    return numbers
  }

  /** The entries with a higher mod-sequence, ascending; passes over blocks that have none. */
  changedSince(modseq: number): Entry[] {
    const changed: Entry[] = []
    for (const block of this.#order) {
      if (block.modseq <= modseq) continue
      for (const entry of block.entries) if (entry.modseq > modseq) changed.push(entry)
    }
    return changed
  }

  /** Oldest first, from a number on. Stays sound only while nothing changes. */
  *from(number: number): Generator<Entry> {
    for (const { number: block, entries } of this.#order) {
      if (block < blockOf(number)) continue
      for (let at = firstFrom(entries, number); at < entries.length; at++) {
        yield entries[at] as Entry
      }
    }
  }

  /** How many entries, and how many unread, there are up to a number. */
  count(upto: number): { total: number; unread: number } {
    let total = this.#total
    let unread = this.#unread
    for (let index = this.#order.length - 1; index >= 0; index--) {
      const block = this.#order[index] as Block
      if (block.number < blockOf(upto)) break
      if (block.number > blockOf(upto)) {
        total -= block.entries.length
        unread -= block.unread
        continue
      }
      for (const entry of block.entries.slice(firstFrom(block.entries, upto + 1))) {
        total--
        if (isUnread(entry)) unread--
      }
    }
    return { total, unread }
  }

  /** `limit` entries, newest first, after skipping `offset` of those up to a number. */
  page(upto: number, offset: number, limit: number): Entry[] {
    const page: Entry[] = []
    let skip = offset
    for (let index = this.#order.length - 1; index >= 0 && page.length < limit; index--) {
      const block = this.#order[index] as Block
      if (block.number > blockOf(upto)) continue
      const end = firstFrom(block.entries, upto + 1)
      if (skip >= end) {
        skip -= end
        continue
      }
      for (let at = end - 1 - skip; at >= 0 && page.length < limit; at--) {
        page.push(block.entries[at] as Entry)
      }
      skip = 0
    }
    return page
  }

  #count(block: Block, entry: Entry, by: 1 | -1): void {
    this.#total += by
    this.#bytes += by * entry.message.size
    this.#lineBytes += by * linesSize(entry.message)
    this.#weight += by * weightOf(entry)
    if (isUnread(entry)) {
      this.#unread += by
      block.unread += by
    }
  }
}

const own = (block: Block): void => {
  if (!block.isShared) return
  block.entries = block.entries.slice()
  block.isShared = false
}

/** Index of the first entry whose number is at least `number`. */
const firstFrom = (entries: readonly Entry[], number: number): number => {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] as Entry).number < number) low = middle + 1
    else high = middle
  }
  return low
}
