import type { Slice } from '../store/entries.ts'
import { canonicalSize } from '../store/mail-store.ts'
import type { Mailbox } from '../store/mailbox.ts'
import type { Entry, Message } from '../store/message.ts'
import { Pop3Error } from './reply.ts'

/** Octets that a client gets by RETR once it took the stuffed dots out: whole lines (RFC 1939 §11, RFC 6856 §2.1). */
export const octetsOf = (message: Message): number =>
  canonicalSize(message) + (message.hasOpenEnd ? 2 : 0)

/**
 * The INBOX of an account as it stood at the login, its oldest message number 1 (RFC 1939 §4), and what is marked as
 * deleted in it. Taking one costs next to nothing, whatever it holds.
 */
export class Maildrop {
  readonly mailbox: Mailbox
  /** How many messages there were. */
  readonly size: number
  /** Ascending. */
  readonly #slices: readonly Slice[]
  readonly #deleted = new Set<number>()
  #octets: number | null = null

  constructor(mailbox: Mailbox) {
    this.mailbox = mailbox
    this.size = mailbox.entries.total
    this.#slices = mailbox.entries.snapshot().reverse()
  }

  /** How many messages are not marked as deleted. */
  get total(): number {
    return this.size - this.#deleted.size
  }

  get totalInWords(): string {
    return `${this.total} message${this.total === 1 ? '' : 's'}`
  }

  /** The octets of these. */
  get octets(): number {
    if (this.#octets === null) {
      this.#octets = 0
      for (const [, { message }] of this.messages()) this.#octets += octetsOf(message)
    }
    return this.#octets
  }

  /** The message of a number. Throws a Pop3Error where there is none, or it is marked as deleted. */
  get(number: number): Entry {
    if (this.#deleted.has(number)) throw new Pop3Error(`message ${number} is deleted`)
    const entry = this.#entry(number)
    if (!entry) throw new Pop3Error(`no such message, there are ${this.size} in the maildrop`)
    return entry
  }

  /** Those that are not marked as deleted, with their numbers. */
  *messages(): Generator<readonly [number: number, entry: Entry]> {
    let number = 0
    for (const { entries, from, to } of this.#slices) {
      for (let at = from; at < to; at++) {
        number++
        if (!this.#deleted.has(number)) yield [number, entries[at] as Entry]
      }
    }
  }

  /** Stays the same for ever, and is never that of another message (RFC 1939 §7, UIDL). */
  uniqueId({ number }: Entry): string {
    return `${this.mailbox.uidValidity}.${number}`
  }

  delete(number: number): void {
    const { message } = this.get(number)
    if (this.#octets !== null) this.#octets -= octetsOf(message)
    this.#deleted.add(number)
  }

  /** Unmarks all. */
  reset(): void {
    this.#deleted.clear()
    this.#octets = null
  }

  /** The UIDs of what is marked as deleted. */
  deletedUids(): number[] {
    return [...this.#deleted].map(number => (this.#entry(number) as Entry).number)
  }

  #entry(number: number): Entry | undefined {
    let at = number - 1
    for (const { entries, from, to } of this.#slices) {
      if (at < to - from) return entries[from + at]
      at -= to - from
    }
    return undefined
  }
}
