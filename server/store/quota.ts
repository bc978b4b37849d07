import type { Mailbox } from './mailbox.ts'
import { type Entry, weightOf } from './message.ts'
import type { State } from './state.ts'
import { MailboxError } from './store-error.ts'

/** What retention keeps of what arrives. Octets as of `weightOf`. */
export type QuotaLimits = { readonly maxMessages: number; readonly maxBytes: number }

/** Octets of a keyword, and keywords of a mailbox. */
const keywordLimits = { length: 100, count: 500 } as const

/**
 * How much clients may put into the mailboxes of all accounts together, which anybody can have: as much as is kept of what
 * arrives. What arrives goes by retention; nothing else removes what clients put in.
 */
export class Quota {
  readonly #state: State
  readonly #limits: QuotaLimits

  constructor(state: State, limits: QuotaLimits) {
    this.#state = state
    this.#limits = limits
  }

  /** Throws `over-quota` where no more may be put into a mailbox. Octets. */
  check(mailbox: Mailbox, messages: number, bytes: number): void {
    if (mailbox !== this.#state.inbox) this.#check(messages, bytes)
  }

  /** The same for entries of a mailbox that are copied or moved to another one; null is one that is yet to be made. */
  checkTransfer(
    source: Mailbox,
    entries: readonly Entry[],
    target: Mailbox | null,
    isMove: boolean,
  ): void {
    if (target === this.#state.inbox) return
    // A move keeps what is kept already; but what leaves the arrivals that an INBOX shows retention reaches no more.
    const more = isMove ? entries.filter(entry => !this.#state.isKept(source, entry)) : entries
    if (more.length === 0) return
    this.#check(
      more.length,
      more.reduce((sum, entry) => sum + weightOf(entry), 0),
    )
  }

  #check(messages: number, bytes: number): void {
    const { kept } = this.#state
    const { maxMessages, maxBytes } = this.#limits
    if (kept.messages + messages > maxMessages || kept.bytes + bytes > maxBytes) {
      throw new MailboxError('over-quota', 'the mailboxes keep as much as they may')
    }
  }
}

/** Throws `limit` where a mailbox may not have these flags: for a long keyword, or too many different ones. */
export const checkKeywords = (mailbox: Mailbox, flags: Iterable<string>): void => {
  const added = new Set<string>()
  for (const flag of flags) {
    if (flag.startsWith('\\') || mailbox.keywords.has(flag)) continue
    if (Buffer.byteLength(flag) > keywordLimits.length) {
      throw new MailboxError('limit', `a keyword has at most ${keywordLimits.length} octets`)
    }
    added.add(flag)
  }
  if (added.size > 0 && mailbox.keywords.size + added.size > keywordLimits.count) {
    throw new MailboxError('limit', `a mailbox has at most ${keywordLimits.count} keywords`)
  }
}

/** Whether a mailbox may have a keyword that it has not. */
export const takesKeywords = ({ keywords }: Mailbox): boolean => keywords.size < keywordLimits.count
