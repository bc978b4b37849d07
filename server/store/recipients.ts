import type { Entries } from './entries.ts'
import { addressOfInbox, inboxOfAddress } from './inbox.ts'
import type { Entry, Message } from './message.ts'

/** `ann@example.com` of `ann+tag@example.com`; any other address as it is. */
export const withoutTag = (address: string): string => {
  const at = address.lastIndexOf('@')
  const plus = address.indexOf('+')
  return plus > 0 && plus < at ? address.slice(0, plus) + address.slice(at) : address
}

/**
 * The names of the accounts that a message reaches: those of its recipients, in lower case (`ann+tag@` also reaches
 * `ann@`), and the addresses of the inboxes that it belongs to, whoever its recipients are.
 */
export const namesOf = ({ rcptTo, inboxes }: Pick<Message, 'rcptTo' | 'inboxes'>): Set<string> => {
  const names = new Set<string>()
  for (const recipient of rcptTo) {
    if (recipient === '') continue // the catch-all, which has everything
    const address = recipient.toLowerCase()
    if (inboxOfAddress(address) !== null) continue
    names.add(address)
    names.add(withoutTag(address))
  }
  for (const id of inboxes) names.add(addressOfInbox(id))
  return names
}

/** Which arrivals are for which address. Made when it is first asked, kept up to date from then on. */
export class Recipients {
  readonly #entries: Entries
  #numbers: Map<string, number[]> | null = null

  /** `entries` are those of the catch-all INBOX. */
  constructor(entries: Entries) {
    this.#entries = entries
  }

  /** Ascending ids of the arrivals for an address. */
  of(address: string): readonly number[] {
    if (!this.#numbers) {
      this.#numbers = new Map()
      for (const entry of this.#entries.ascending()) this.add(entry)
    }
    return this.#numbers.get(address) ?? []
  }

  /** An arrival, newer than all before. */
  add({ number, message }: Entry): void {
    if (!this.#numbers || message.id !== number) return
    for (const address of namesOf(message)) {
      const numbers = this.#numbers.get(address)
      if (numbers) numbers.push(number)
      else this.#numbers.set(address, [number])
    }
  }

  remove(entries: readonly Entry[]): void {
    if (!this.#numbers) return
    const gone = new Map<string, Set<number>>()
    for (const { number, message } of entries) {
      for (const address of namesOf(message)) {
        const numbers = gone.get(address)
        if (numbers) numbers.add(number)
        else gone.set(address, new Set([number]))
      }
    }
    for (const [address, numbers] of gone) {
      const left = without(this.#numbers.get(address) ?? [], numbers)
      if (left.length > 0) this.#numbers.set(address, left)
      else this.#numbers.delete(address)
    }
  }
}

/** Few are cut out, at a cost that does not grow with those that stay: retention takes one for each arrival. */
const without = (numbers: number[], gone: ReadonlySet<number>): number[] => {
  if (gone.size > 16) return numbers.filter(number => !gone.has(number))
  for (const number of gone) {
    const at = numbers[0] === number ? 0 : numbers.indexOf(number)
    if (at >= 0) numbers.splice(at, 1)
  }
  return numbers
}
