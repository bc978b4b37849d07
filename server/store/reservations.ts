/** Entries that retention leaves alone: those from a number on, until it is raised. */
export type Reservation = {
  /** Leaves less alone from now on; never more. Infinity leaves nothing alone, and ends it. */
  raise(from: number): void
}

/** Who is still looking at which entries: they must not go before they were seen. */
export class Reservations {
  readonly #from = new Map<Reservation, number>()
  readonly #raised: () => void

  /** `raised` is told when there may be something less to leave alone. */
  constructor(raised: () => void) {
    this.#raised = raised
  }

  /** The lowest number that somebody looks at; Infinity where nobody does. */
  get lowest(): number {
    let lowest = Number.POSITIVE_INFINITY
    for (const from of this.#from.values()) if (from < lowest) lowest = from
    return lowest
  }

  /** Entries from a number on are left alone. */
  make(from: number): Reservation {
    const reservation: Reservation = {
      raise: to => {
        const before = this.#from.get(reservation)
        if (before === undefined || to <= before) return
        if (to === Number.POSITIVE_INFINITY) this.#from.delete(reservation)
        else this.#from.set(reservation, to)
        this.#raised()
      },
    }
    this.#from.set(reservation, from)
    return reservation
  }
}
