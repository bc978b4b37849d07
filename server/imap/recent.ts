import type { Mailbox } from '../store/mailbox.ts'
import { includesNumber, type NumberRange } from './syntax/sequence-set.ts'
import type { UidList } from './uid-list.ts'

/**
 * Which messages no session has been told of (RFC 3501 §2.3.2, `\Recent`): those above a UID, for each mailbox. It is
 * known as long as the process lives; after a restart everything is recent once more, which the RFC allows where a
 * server cannot tell.
 */
export class RecentMessages {
  readonly #toldUpTo = new WeakMap<Mailbox, number>()

  /** The UIDs from this one on are recent to the next session. */
  first(mailbox: Mailbox): number {
    return (this.#toldUpTo.get(mailbox) ?? 0) + 1
  }

  /** Messages that are recent to this session, and from now on to no other one. */
  claim(mailbox: Mailbox, upTo: number): NumberRange | null {
    const first = this.first(mailbox)
    if (upTo < first) return null
    this.#toldUpTo.set(mailbox, upTo)
    return { first, last: upTo }
  }

  /** For STATUS (RFC 3501 §6.3.10). */
  count(mailbox: Mailbox): number {
    const { entries } = mailbox
    return entries.total - entries.count(this.first(mailbox) - 1).total
  }
}

/** The messages that are recent to one session. */
export class SessionRecent {
  readonly #mailbox: Mailbox
  readonly #messages: RecentMessages
  readonly #isReadOnly: boolean
  #claimed: NumberRange[] = []

  constructor(mailbox: Mailbox, messages: RecentMessages, isReadOnly: boolean) {
    this.#mailbox = mailbox
    this.#messages = messages
    this.#isReadOnly = isReadOnly
  }

  /** The client is told of messages up to this UID. One that only reads takes nothing from others (RFC 3501 §6.3.2). */
  tell(upTo: number): void {
    if (this.#isReadOnly) {
      const first = this.#messages.first(this.#mailbox)
      const last = this.#claimed.at(-1)
      if (!last && upTo >= first) this.#claimed = [{ first, last: upTo }]
      else if (last) this.#claimed = [{ ...last, last: Math.max(last.last, upTo) }]
      return
    }
    const range = this.#messages.claim(this.#mailbox, upTo)
    if (!range) return
    const last = this.#claimed.at(-1)
    if (last?.last === range.first - 1) {
      this.#claimed[this.#claimed.length - 1] = { first: last.first, last: range.last }
    } else {
      this.#claimed.push(range)
    }
  }

  has(uid: number): boolean {
    return includesNumber(this.#claimed, uid, Number.POSITIVE_INFINITY)
  }

  /** How many of these messages are. */
  count(uids: UidList): number {
    let count = 0
    for (const { first, last } of this.#claimed) {
      count += uids.firstFrom(last + 1) - uids.firstFrom(first)
    }
    return count
  }
}
