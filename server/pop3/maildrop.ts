import type { Slice } from '../store/entries.ts'
import { linesSize } from '../store/mail-store.ts'
import type { Mailbox } from '../store/mailbox.ts'
import type { Entry } from '../store/message.ts'
import { Pop3Error } from './reply.ts'

/**
 * The INBOX of an account as it stood at the login, its oldest message number 1 (RFC 1939 §4), and what is marked as
 * deleted in it. Taking one costs next to nothing, whatever it holds.
 */
export class Maildrop {
  readonly mailbox: Mailbox
  /** How many messages there were, and their octets. */
  readonly size: number
  readonly #sizeInOctets: number
  /** Ascending. */
  readonly #slices: readonly Slice[]
  readonly #deleted = new Set<number>()
  #deletedOctets = 0

  constructor(mailbox: Mailbox) {
    this.mailbox = mailbox
    this.size = mailbox.entries.total
    this.#sizeInOctets = mailbox.entries.lineBytes
    this.#slices = mailbox.entries.snapshot().reverse()
  }

  /** How many messages are not marked as deleted. */
  get total(): number {
    return this.size - this.#deleted.size
  }

  get totalInWords(): string {
    return `${this.total} message${this.total === 1 ? '' : 's'}`
  }

  /** The octets of these, as a client gets them, without the stuffed dots (RFC 1939 §11). */
  get octets(): number {
    return this.#sizeInOctets - this.#deletedOctets
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
    this.#deleted.add(number)
    this.#deletedOctets += linesSize(message)
  }

  /** Unmarks all. */
  reset(): void {
    this.#deleted.clear()
    this.#deletedOctets = 0
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
