type Ticket = { readonly number: number; settled: boolean; publish: (() => void) | null }

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
  #open: Ticket[] = []
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

  /** Takes the next number; it must be settled. Rejects where no number can be reserved. */
  async take(): Promise<number> {
    while (this.#next >= this.#ceiling) await this.raise()
    const number = this.#next++
    this.#open.push({ number, settled: false, publish: null })
    // Raised in good time, so that no arrival waits for it; a failure is met above when it matters.
    if (this.#ceiling - this.#next < Numbers.block / 2) this.raise().catch(() => {})
    return number
  }

  /** Says what to do in this number's turn; null where nothing came of it. Runs what is due, synchronously. */
  settle(number: number, publish: (() => void) | null): void {
    // Open numbers follow each other without a gap.
    const ticket = this.#open[number - (this.#open[0]?.number ?? 0)]
    if (ticket?.number !== number || ticket.settled) throw new Error(`number ${number} is not open`)
    ticket.settled = true
    ticket.publish = publish
    while (this.#open[0]?.settled) this.#open.shift()?.publish?.()
  }

  /** Reserves another block; resolves when that is durable. */
  raise(): Promise<void> {
    this.#raising ??= (async () => {
      try {
        const ceiling = this.#ceiling + Numbers.block
        await this.#reserve(ceiling)
        this.#ceiling = ceiling
      } finally {
        this.#raising = null
      }
    })()
    return this.#raising
  }
}
