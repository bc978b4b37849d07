import { setImmediate } from 'node:timers/promises'
import { fold } from '../mime/fold.ts'
import type { Entries } from './entries.ts'
import { type Entry, isUnread } from './message.ts'

/** A value that messages have in common: how many have it, and how many of these are unread. */
export type Facet = { readonly value: string; readonly count: number; readonly unread: number }

export const facetKinds = ['recipients', 'senders', 'tags'] as const
export type FacetKind = (typeof facetKinds)[number]

/** The values of each kind that most messages have, and how many messages have attachments. */
export type FacetCounts = Readonly<Record<FacetKind, readonly Facet[]>> & {
  readonly withAttachments: number
}

export type FacetQuery = {
  /** Of each kind at most so many. */
  readonly limit: number
  /** Only values that have this in them, whatever its case. */
  readonly filter?: string
  /** Only this kind; the others are empty. */
  readonly kind?: FacetKind
}

type Counter = { readonly value: string; count: number; unread: number }

/** More first, and among equals in the order of the values. */
const comesBefore = (one: Counter, other: Counter): boolean =>
  one.count === other.count ? one.value < other.value : one.count > other.count

/** The values of one kind: what differs in case alone is one, as it is for a search, and shown as it was first met. */
class Values {
  readonly #counters = new Map<string, Counter>()
  readonly #looks = new Set<Look>()

  /** Counts a message that has these values in, or out; a value that it has twice once. */
  count(values: readonly string[], by: 1 | -1, unread: boolean): void {
    if (values.length < 2) {
      for (const value of values) this.#count(fold(value), value, by, unread)
      return
    }
    const keyed = new Map<string, string>()
    for (const value of values) keyed.set(fold(value), value)
    for (const [key, value] of keyed) this.#count(key, value, by, unread)
  }

  #count(key: string, value: string, by: 1 | -1, unread: boolean): void {
    let counter = this.#counters.get(key)
    if (!counter) {
      counter = { value, count: 0, unread: 0 }
      this.#counters.set(key, counter)
    }
    counter.count += by
    if (unread) counter.unread += by
    if (counter.count === 0) this.#counters.delete(key)
    for (const look of this.#looks) look.touch(key, counter)
  }

  /** Looks for the values that most have, a few at a time; the way to end it is `end`. */
  look(limit: number, filter: string): Look {
    const look = new Look(this.#counters, limit, filter)
    this.#looks.add(look)
    return look
  }

  end(look: Look): void {
    this.#looks.delete(look)
  }
}

/** So many more than are wanted are kept in mind: some may have fallen behind when the last is seen. */
const spare = 50

type Seen = Counter & { readonly counter: Counter }

/** Finds the values that most messages have while these change. */
class Look {
  readonly #counters: Iterator<[string, Counter]>
  readonly #limit: number
  readonly #filter: string
  /** The first of those that were seen, as they were then. */
  readonly #found: Seen[] = []
  /** Those that changed since this began. */
  readonly #touched = new Set<Counter>()

  constructor(counters: ReadonlyMap<string, Counter>, limit: number, filter: string) {
    this.#counters = counters.entries()
    this.#limit = limit
    this.#filter = filter
  }

  touch(key: string, counter: Counter): void {
    if (key.includes(this.#filter)) this.#touched.add(counter)
  }

  /** Sees some more, until a time; true when that was all. */
  go(end: number): boolean {
    for (let seen = 1; ; seen++) {
      const { done, value } = this.#counters.next()
      if (done) return true
      const [key, counter] = value
      if (key.includes(this.#filter)) this.#keep(counter)
      if (seen % 256 === 0 && performance.now() > end) return false
    }
  }

  /** The first, as they are now, and whether there can be no others: not where too many have fallen behind. */
  result(): { readonly facets: Facet[]; readonly isExact: boolean } {
    const last = this.#found.at(-1)
    const all = [...new Set([...this.#found.map(({ counter }) => counter), ...this.#touched])]
    const there = all.filter(({ count }) => count > 0)
    // What was seen and did not change since, and is not among these, comes behind the last.
    const ahead = last && this.#isFull ? there.filter(one => !comesBefore(last, one)) : there
    const isExact = !this.#isFull || ahead.length >= this.#limit
    const first = (isExact ? ahead : there)
      .sort((one, other) => (comesBefore(one, other) ? -1 : 1))
      .slice(0, this.#limit)
    return { facets: first.map(({ value, count, unread }) => ({ value, count, unread })), isExact }
  }

  get #isFull(): boolean {
    return this.#found.length === this.#limit + spare
  }

  #keep(counter: Counter): void {
    const found = this.#found
    const last = found.at(-1)
    const isFull = this.#isFull
    if (isFull && last && !comesBefore(counter, last)) return
    let low = 0
    let high = found.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (comesBefore(found[middle] as Seen, counter)) low = middle + 1
      else high = middle
    }
    found.splice(low, 0, { ...counter, counter })
    if (isFull) found.pop()
  }
}

/** Milliseconds for which counting what is there already, or looking through it, may hold the event loop. */
const share = 10

/**
 * What the entries of the catch-all INBOX have in common, counted: every change costs what its message has of values,
 * whatever the mailbox holds. Nothing is counted before it is first asked for; then the entries are, oldest first and a
 * few at a time. At every instant exactly those up to `#upto` are counted, as they are now.
 */
export class Facets {
  readonly #entries: Entries
  readonly #values: Readonly<Record<FacetKind, Values>> = {
    recipients: new Values(),
    senders: new Values(),
    tags: new Values(),
  }
  #withAttachments = 0
  #upto = 0
  #counting: Promise<void> | null = null

  /** `entries` are those of the catch-all INBOX. */
  constructor(entries: Entries) {
    this.#entries = entries
  }

  /** An entry came, or took the place of its version `before`. */
  put(entry: Entry, before?: Entry): void {
    if (entry.number > this.#upto) return
    if (before) this.#count(before, -1)
    this.#count(entry, 1)
  }

  remove(entries: readonly Entry[]): void {
    for (const entry of entries) if (entry.number <= this.#upto) this.#count(entry, -1)
  }

  /** The parser has found attachments in the message of an entry, where it was thought to have none. */
  attached(number: number): void {
    if (number <= this.#upto) this.#withAttachments++
  }

  /** Resolves when everything is counted. */
  ready(): Promise<void> {
    this.#counting ??= this.#countAll()
    return this.#counting
  }

  /**
   * Counts everything, then answers the counts as they are in the step in which `told` is called with them.
   */
  async read<T>(
    { limit, filter = '', kind }: FacetQuery,
    told: (counts: FacetCounts) => T,
  ): Promise<T> {
    await this.ready()
    const kinds = facetKinds.filter(one => kind === undefined || kind === one)
    for (let attempt = 1; ; attempt++) {
      const looks = kinds.map(one => [one, this.#values[one].look(limit, fold(filter))] as const)
      try {
        for (const [, look] of looks) {
          while (!look.go(performance.now() + share)) await setImmediate()
        }
        const results = looks.map(([one, look]) => [one, look.result()] as const)
        // While very much goes, what comes last of them may not be the next in order; how many have it is right.
        if (attempt < 3 && results.some(([, { isExact }]) => !isExact)) continue
        const facets = Object.fromEntries(results.map(([one, { facets }]) => [one, facets]))
        return told({
          withAttachments: this.#withAttachments,
          ...{ recipients: [], senders: [], tags: [], ...facets },
        })
      } finally {
        for (const [one, look] of looks) this.#values[one].end(look)
      }
    }
  }

  async #countAll(): Promise<void> {
    for (let isDone = false; !isDone; ) {
      await setImmediate()
      const end = performance.now() + share
      isDone = true
      for (const entry of this.#entries.from(this.#upto + 1)) {
        this.#count(entry, 1)
        this.#upto = entry.number
        if (performance.now() < end) continue
        isDone = false
        break
      }
    }
    this.#upto = Number.POSITIVE_INFINITY
  }

  #count(entry: Entry, by: 1 | -1): void {
    const { message, tags } = entry
    const unread = isUnread(entry)
    this.#values.recipients.count(addresses(message.rcptTo), by, unread)
    this.#values.senders.count(addresses(message.from.map(({ address }) => address)), by, unread)
    this.#values.tags.count(tags, by, unread)
    if (message.attachments > 0) this.#withAttachments += by
  }
}

/** In one spelling each: that of a search. */
const addresses = (values: readonly string[]): readonly string[] =>
  values.filter(value => value !== '').map(fold)
