import type { Account } from './account.ts'
import type { Mailbox } from './mailbox.ts'
import { type Entry, weightOf } from './message.ts'
import { MailboxError } from './store-error.ts'

/** What retention keeps of what arrives. Octets as of `weightOf`. */
export type QuotaLimits = { readonly maxMessages: number; readonly maxBytes: number }

/** Octets of a keyword, and keywords of a mailbox. */
const keywordLimits = { length: 100, count: 500 } as const

/**
 * How much clients may put into an account: as much as is kept of what arrives. What arrives goes by retention; nothing
 * else removes what clients put in.
 */
export class Quota {
  readonly #limits: QuotaLimits

  constructor(limits: QuotaLimits) {
    this.#limits = limits
  }

  /** Throws `over-quota` where an account may not take more into a mailbox. Octets. */
  check(mailbox: Mailbox, messages: number, bytes: number): void {
    if (!isReached(mailbox)) this.#check(mailbox.account, messages, bytes)
  }

  /** The same for entries of a mailbox that are copied or moved to another one, which may be yet to be made. */
  checkTransfer(
    source: Mailbox,
    entries: readonly Entry[],
    target: Mailbox | Account,
    isMove: boolean,
  ): void {
    if ('entries' in target && isReached(target)) return
    const account = 'entries' in target ? target.account : target
    // Within an account a move keeps what it holds; but what leaves the INBOX of an address retention reaches no more.
    const keeps = isMove && source.account === account && !isReached(source)
    if (keeps && !source.isDerived) return
    const bytes = entries.reduce((sum, entry) => sum + weightOf(entry), 0)
    this.#check(account, keeps ? 0 : entries.length, keeps ? 0 : bytes)
  }

  #check(account: Account, messages: number, bytes: number): void {
    const { entries } = account.inbox
    const { usage } = account
    const reached = isReached(account.inbox) ? entries : { total: 0, weight: 0 }
    const { maxMessages, maxBytes } = this.#limits
    if (
      usage.messages - reached.total + messages > maxMessages ||
      usage.bytes - reached.weight + bytes > maxBytes
    ) {
      throw new MailboxError('over-quota', 'the account keeps as much as it may')
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

/** Whether retention removes what a mailbox has. */
const isReached = (mailbox: Mailbox): boolean => mailbox.number === 1 && mailbox.account.name === ''
