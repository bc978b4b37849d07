/** Where a mail transaction comes from. */
export type TransactionOrigin = {
  /** The way in: `smtp`, `smtps`. */
  readonly listener: string
  readonly peer: { readonly address: string; readonly port: number }
  /** Whom the client is logged in as, null where it is not. */
  readonly authUser: string | null
  /** The reverse-path; `''` is the null path. */
  readonly mailFrom: string
}

/** A mail transaction (RFC 5321 §3.3) that is under way: from the reply to MAIL up to the last one. */
export class MailTransaction {
  readonly origin: TransactionOrigin
  /** Milliseconds since 1970. */
  readonly startedAt = Date.now()
  /** Resolves when it is over: what it delivered is in the index, and was told on the feed. */
  readonly ended: Promise<void>
  readonly #rcptTo: string[] = []
  readonly #forget: (transaction: MailTransaction) => void
  #isAddressed = false
  #end: () => void = () => {}

  constructor(origin: TransactionOrigin, forget: (transaction: MailTransaction) => void) {
    this.origin = origin
    this.#forget = forget
    this.ended = new Promise(resolve => {
      this.#end = resolve
    })
  }

  /** The recipients so far. */
  get rcptTo(): readonly string[] {
    return this.#rcptTo
  }

  /** Whether they are all there are: DATA came. */
  get isAddressed(): boolean {
    return this.#isAddressed
  }

  addRecipient(address: string): void {
    this.#rcptTo.push(address)
  }

  /** DATA came. */
  address(): void {
    this.#isAddressed = true
  }

  /** It is over, whatever came of it. Once is enough. */
  end(): void {
    this.#forget(this)
    this.#end()
  }
}

/** The mail transactions under way: who asserts that no mail comes must know of mail that is just coming. */
export class MailTransactions {
  readonly #open = new Set<MailTransaction>()

  begin(origin: TransactionOrigin): MailTransaction {
    const transaction = new MailTransaction(origin, ended => this.#open.delete(ended))
    this.#open.add(transaction)
    return transaction
  }

  /** Those that are open now, the oldest first. */
  get open(): readonly MailTransaction[] {
    return [...this.#open]
  }
}
