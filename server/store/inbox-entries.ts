import { blockOf, type Entries, type Slice } from './entries.ts'
import type { Entry } from './message.ts'

/** Ids: `since` is exclusive, `upto` inclusive. With `inbox`, of the entries that belong to that inbox of the API. */
export type Span = {
  readonly since?: number | undefined
  readonly upto?: number | undefined
  readonly inbox?: string | undefined
}

/**
 * Which entries of the catch-all INBOX belong to which inbox of the API, so that a test that asks about its own mail does
 * not look at that of all others. Made when it is first asked, kept up to date from then on.
 */
export class InboxEntries {
  readonly #entries: Entries
  #numbers: Map<string, number[]> | null = null

  /** `entries` are those of the catch-all INBOX. */
  constructor(entries: Entries) {
    this.#entries = entries
  }

  /** The entries of a span as they are now, the newest block first. */
  snapshot({ since = 0, upto = Number.POSITIVE_INFINITY, inbox }: Span): Slice[] {
    if (inbox === undefined) return this.#entries.snapshot(upto, since)
    const blocks = new Map<number, Entry[]>()
    for (const number of this.#of(inbox)) {
      if (number <= since || number > upto) continue
      const entry = this.#entries.get(number)
      if (!entry) continue
      const block = blocks.get(blockOf(number))
      if (block) block.push(entry)
      else blocks.set(blockOf(number), [entry])
    }
    return [...blocks]
      .map(([block, entries]) => ({ block, entries, from: 0, to: entries.length }))
      .reverse()
  }

  /** An entry that was not there, newer than all before. */
  add({ number, message }: Entry): void {
    if (!this.#numbers) return
    for (const id of message.inboxes) {
      const numbers = this.#numbers.get(id)
      if (numbers) numbers.push(number)
      else this.#numbers.set(id, [number])
    }
  }

  remove(entries: readonly Entry[]): void {
    if (!this.#numbers) return
    const gone = new Set(entries.map(({ number }) => number))
    for (const id of new Set(entries.flatMap(({ message }) => message.inboxes))) {
      const left = (this.#numbers.get(id) ?? []).filter(number => !gone.has(number))
      if (left.length > 0) this.#numbers.set(id, left)
      else this.#numbers.delete(id)
    }
  }

  /** Ascending. */
  #of(inbox: string): readonly number[] {
    if (!this.#numbers) {
      this.#numbers = new Map()
      for (const entry of this.#entries.ascending()) this.add(entry)
    }
    return this.#numbers.get(inbox) ?? []
  }
}
