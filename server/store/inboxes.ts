import { addressOfInbox, type Inbox, inboxOfAddress } from './inbox.ts'
import { InboxRoutes } from './inbox-routes.ts'
import type { Journal } from './journal.ts'
import { isFlagged, isUnread } from './message.ts'
import type { State } from './state.ts'
import { MailboxError } from './store-error.ts'

/** Inboxes at a time, and those among them that may have an address, domain or tag in common. */
const limits = { inboxes: 10_000, crowd: 100 } as const

export type EndOptions = {
  /** Their mail stays, in the catch-all alone. */
  readonly keepsMail?: boolean
  /** What is flagged stays. */
  readonly keepsFlagged?: boolean
}

/**
 * The inboxes of the API. Every method that changes something resolves when that is durable; it rejects with a
 * StoreError, and then nothing changed.
 */
export class Inboxes {
  readonly #state: State
  readonly #routes: InboxRoutes
  readonly #journal: Journal
  /** Those on their way into the log. */
  readonly #coming = new InboxRoutes()
  readonly #going = new Set<string>()
  /** Inboxes end one after the other: of two that share a mail, the second takes it with it. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(state: State, journal: Journal) {
    this.#state = state
    this.#routes = state.inboxes
    this.#journal = journal
  }

  get(id: string): Inbox | undefined {
    return this.#going.has(id) ? undefined : this.#routes.get(id)
  }

  /** In the order in which they were made. */
  all(): Inbox[] {
    return this.#routes.all().filter(({ id }) => !this.#going.has(id))
  }

  /**
   * The credentials of a login that is an inbox's; null where it was one's at most, and nobody may log in with it;
   * undefined where it is somebody else's.
   */
  credentialsOf(
    user: string,
  ): { readonly user: string; readonly password: string } | null | undefined {
    const id = inboxOfAddress(user)
    if (id === null) return undefined
    const inbox = this.get(id)
    return inbox ? { user, password: inbox.password } : null
  }

  /** How many messages an inbox has, and how many of them are unread in the catch-all. */
  count(id: string): { readonly total: number; readonly unread: number } {
    const numbers = this.#mailOf(id)
    const { entries } = this.#state.inbox
    const unread = numbers.filter(number => {
      const entry = entries.get(number)
      return entry && isUnread(entry)
    })
    return { total: numbers.length, unread: unread.length }
  }

  /** Makes an inbox. Rejects with a MailboxError `limit` where there are too many, or too many for the same mail. */
  async make(inbox: Inbox): Promise<void> {
    if (this.#routes.size + this.#coming.size >= limits.inboxes) {
      throw new MailboxError(
        'limit',
        `there are ${limits.inboxes} inboxes, as many as there may be`,
      )
    }
    if (this.#routes.crowd(inbox) + this.#coming.crowd(inbox) >= limits.crowd) {
      throw new MailboxError(
        'limit',
        `${limits.crowd} inboxes have an address, domain or tag of this one's already`,
      )
    }
    if (this.#routes.get(inbox.id) || this.#coming.get(inbox.id)) {
      throw new MailboxError('already-exists', `there is an inbox ${inbox.id}`)
    }
    this.#coming.add(inbox)
    try {
      await this.#journal.commit([{ op: 'inbox', inbox }])
    } finally {
      this.#coming.remove(inbox.id)
    }
  }

  /**
   * Ends inboxes, and with them their accounts and the mail that belongs to no inbox that stays. Mail that comes for them
   * from now on is in the catch-all alone. Resolves with how many messages went.
   */
  async end(ids: readonly string[], options: EndOptions = {}): Promise<number> {
    const ending = ids.filter(id => this.get(id))
    if (ending.length === 0) return 0
    for (const id of ending) this.#going.add(id)
    const ended = this.#last.then(() => this.#end(ending, options))
    this.#last = ended.catch(() => {}) // who asked for it is told
    try {
      return await ended
    } finally {
      for (const id of ending) this.#going.delete(id)
    }
  }

  async #end(ids: readonly string[], options: EndOptions): Promise<number> {
    let count = await this.#commitEnd(ids, options)
    // What came while that was written.
    const late = this.#ownMail(ids, options)
    if (late.length > 0) {
      const { inbox } = this.#state
      count += (await this.#journal.commit(this.#journal.removing(inbox, late, 'deleted'))).touched
    }
    return count
  }

  async #commitEnd(ids: readonly string[], options: EndOptions): Promise<number> {
    const numbers = this.#ownMail(ids, options)
    const { touched } = await this.#journal.commit([
      ...(numbers.length > 0 ? this.#journal.removing(this.#state.inbox, numbers, 'deleted') : []),
      ...ids.map(id => ({ op: 'end-inbox', id }) as const),
    ])
    return touched
  }

  /** Ascending ids of the messages that belong to these inboxes, and to no other. */
  #ownMail(
    ids: readonly string[],
    { keepsMail = false, keepsFlagged = false }: EndOptions,
  ): number[] {
    if (keepsMail) return []
    const ending = new Set(ids)
    const { entries } = this.#state.inbox
    const numbers = new Set(ids.flatMap(id => this.#mailOf(id)))
    return [...numbers]
      .filter(number => {
        const entry = entries.get(number)
        if (!entry || (keepsFlagged && isFlagged(entry))) return false
        return entry.message.inboxes.every(id => ending.has(id) || !this.#routes.get(id))
      })
      .sort((a, b) => a - b)
  }

  #mailOf(id: string): readonly number[] {
    return this.#state.recipients.of(addressOfInbox(id))
  }
}
