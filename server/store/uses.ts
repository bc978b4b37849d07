import type { Message } from './message.ts'

type Use = {
  readonly message: Message
  count: number
  /** Whether an entry has the message's own number. */
  isAtHome: boolean
}

/**
 * Which messages are used by entries other than those of arrivals in the catch-all INBOX, and how often: a raw file
 * goes with the last entry that uses it.
 */
export class Uses {
  readonly #uses = new Map<number, Use>()

  get(id: number): Message | undefined {
    return this.#uses.get(id)?.message
  }

  has(id: number): boolean {
    return this.#uses.has(id)
  }

  isAtHome(id: number): boolean {
    return this.#uses.get(id)?.isAtHome ?? false
  }

  /** All that are used. */
  messages(): Message[] {
    return [...this.#uses.values()].map(({ message }) => message)
  }

  /** Counts an entry of this number, or another use (0). */
  add(message: Message, number: number): void {
    const use = this.#uses.get(message.id)
    const isAtHome = number === message.id
    if (!use) this.#uses.set(message.id, { message, count: 1, isAtHome })
    else {
      use.count++
      use.isAtHome ||= isAtHome
    }
  }

  remove(message: Message, number: number): void {
    const use = this.#uses.get(message.id)
    if (!use) throw new Error(`message ${message.id} is used by nobody`)
    use.count--
    if (number === message.id) use.isAtHome = false
    if (use.count === 0) this.#uses.delete(message.id)
  }
}
