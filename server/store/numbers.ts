import { StoreError } from './store-error.ts'

type Ticket = {
  readonly number: number
  settled: boolean
  publish: (() => void) | null
  /** Told when it is this ticket's turn. */
  turn: (() => void) | null
}

/**
 * The counter that numbers every entry. Numbers ascend and are handed out only below a ceiling that is already in
 * the change log, so that none comes twice, whatever happens to this process. What a number was taken for is
 * published in the order of the numbers: 42 waits for 41, so nothing ever appears behind a cursor.
 */
export class Numbers {
  static readonly block = 1_000
  #next: number
  #ceiling: number
  #raising: Promise<void> | null = null
  readonly #open = new Map<number, Ticket>()
  /** The numbers of the open tickets, ascending, from `#head` on. */
  #order: number[] = []
  #head = 0
  #isClosed = false
  /** Told when the last number is settled. */
  #ended: (() => void) | null = null
  readonly #reserve: (ceiling: number) => Promise<unknown>

  /** `first` is the ceiling of the last process; `reserve` logs a new one. */
  constructor(first: number, reserve: (ceiling: number) => Promise<unknown>) {
    this.#next = first
    this.#ceiling = first
    this.#reserve = reserve
  }

  /** The number that comes next. */
  get next(): number {
    return this.#next
  }

  get ceiling(): number {
    return this.#ceiling
  }

  /**
   * Takes the next `count` numbers, and calls `taken` with the first of them in the same step; that one must be settled.
   * Rejects where no number can be reserved, and `closed` after `close`.
   */
  async take<T>(count: number, taken: (first: number) => T | Promise<T>): Promise<T> {
    while (!this.#isClosed && this.#next + count > this.#ceiling) await this.raise(count)
    if (this.#isClosed) throw new StoreError('closed', 'the store is closed')
    const number = this.#next
    this.#next += count
    this.#open.set(number, { number, settled: false, publish: null, turn: null })
    this.#order.push(number)
    // Raised in good time, so that no arrival waits for it; a failure is met above when it matters.
    if (this.#ceiling - this.#next < Numbers.block / 2) this.raise().catch(() => {})
    return taken(number)
  }

  /** Says what to do in this number's turn; null where nothing came of it. Runs what is due, synchronously. */
  settle(number: number, publish: (() => void) | null): void {
    const ticket = this.#open.get(number)
    if (!ticket || ticket.settled) throw new Error(`number ${number} is not open`)
    ticket.settled = true
    ticket.publish = publish
    this.#advance()
  }

  /** Resolves when every lower number is settled. */
  turn(number: number): Promise<void> | undefined {
    if (this.#order[this.#head] === number) return undefined
    const ticket = this.#open.get(number)
    if (!ticket) throw new Error(`number ${number} is not open`)
    return new Promise(resolve => {
      ticket.turn = resolve
    })
  }

  /** Reserves another block, for `count` numbers at least; resolves when that is durable. */
  raise(count = 0): Promise<void> {
    this.#raising ??= (async () => {
      try {
        const ceiling = Math.max(this.#ceiling, this.#next + count) + Numbers.block
        await this.#reserve(ceiling)
        this.#ceiling = ceiling
      } finally {
        this.#raising = null
      }
    })()
    return this.#raising
  }

  /** Gives out no more numbers; resolves when all that were are settled. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#open.size === 0) return
    await new Promise<void>(resolve => {
      this.#ended = resolve
    })
  }

  #advance(): void {
    for (;;) {
      const number = this.#order[this.#head]
      const ticket = number === undefined ? undefined : this.#open.get(number)
      if (!ticket) break
      if (!ticket.settled) {
        ticket.turn?.()
        ticket.turn = null
        break
      }
      this.#open.delete(ticket.number)
      this.#head++
      ticket.publish?.()
    }
    if (this.#open.size === 0) this.#ended?.()
    if (this.#head > 1_000) {
      this.#order = this.#order.slice(this.#head)
      this.#head = 0
    }
  }
}
