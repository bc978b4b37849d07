import type { Account } from './account.ts'
import { runsOf } from './base.ts'
import { flagSet } from './flags.ts'
import { writeIdSet } from './id-set.ts'
import type { Journal } from './journal.ts'
import type { Mailbox } from './mailbox.ts'
import { canonicalName, readMailboxName } from './mailbox-name.ts'
import { making, makingAbove, storing } from './making.ts'
import type { Entry } from './message.ts'
import type { Operation, Place, Run } from './operation.ts'
import { checkKeywords, Quota, type QuotaLimits } from './quota.ts'
import type { State } from './state.ts'
import { MailboxError } from './store-error.ts'

/** Subscriptions of an account, octets of a login. */
const limits = { subscriptions: 20_000, login: 1_000 } as const

/** What STORE does to flags (RFC 9051 §6.4.6); `replace` instead of all that an entry has. */
export type FlagChange = {
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
  readonly replace?: readonly string[]
}

/** UIDs in the source and in the target, pairwise, ascending (RFC 4315 §3, COPYUID). */
export type Copied = { readonly from: readonly number[]; readonly to: readonly number[] }

/**
 * What mail clients do to accounts, mailboxes and entries. Every method resolves when what it did is durable; it
 * rejects with a MailboxError or StoreError, and then nothing changed.
 */
export class Mailboxes {
  readonly #state: State
  readonly #journal: Journal
  readonly #quota: Quota
  /** Ends with the last thing of those that are done one at a time. */
  #last: Promise<unknown> = Promise.resolve()
  /** Whose last session ended last. */
  #lastLeft: Account | null = null

  constructor(state: State, journal: Journal, limits: QuotaLimits) {
    this.#state = state
    this.#journal = journal
    this.#quota = new Quota(state, limits)
  }

  /**
   * The account of a login, for a session that must `close` it: an address has its own, every other name the catch-all.
   * Throws a MailboxError `cannot` where the name is too long.
   */
  open(login: string): Account {
    if (Buffer.byteLength(login) > limits.login) {
      throw new MailboxError('cannot', `a login has at most ${limits.login} octets`)
    }
    const name = login.includes('@') ? login.toLowerCase() : ''
    const account = this.#state.named(name) ?? this.#state.imagine(name)
    account.sessions++
    return account
  }

  /**
   * A session is over. An account without state is forgotten with its last one, but not before another account is: a
   * client that asks again and again need not have its INBOX made each time.
   */
  close(account: Account): void {
    account.sessions--
    if (account.sessions > 0) return
    const last = this.#lastLeft
    this.#lastLeft = account
    if (last && last !== account && last.sessions === 0 && !last.isKept) this.#state.forget(last)
  }

  /**
   * Makes a mailbox, and those above it that there are not. Rejects with `already-exists`, `cannot` for a name that none
   * may have, or `limit`.
   */
  create(
    account: Account,
    text: string,
    { specialUse = null }: { readonly specialUse?: string | null } = {},
  ): Promise<Mailbox> {
    return this.#alone([account], async () => {
      const name = newName(account, text)
      await this.#keep(account)
      const operations = making(this.#state, account, name, specialUse)
      await this.#journal.commit(operations)
      const made = account.mailbox(name)
      if (!made) throw ended()
      return made
    })
  }

  /** Ends a mailbox and its entries; those below it stay (RFC 9051 §6.3.5). INBOX `cannot`. */
  delete(mailbox: Mailbox): Promise<void> {
    const { account, number: at } = mailbox
    return this.#alone([account], async () => {
      if (at === 1) throw new MailboxError('cannot', 'INBOX cannot be deleted')
      alive(mailbox)
      await this.#keep(account)
      await this.#journal.commit([{ op: 'delete', account: account.number, mailbox: at }])
    })
  }

  /**
   * Gives a mailbox, and those below it, a new name. Of INBOX the messages move to a new mailbox (RFC 9051 §6.3.6).
   * Rejects as `create` does.
   */
  rename(mailbox: Mailbox, text: string): Promise<void> {
    const { account } = mailbox
    return this.#alone([account], async () => {
      alive(mailbox)
      const name = newName(account, text)
      if (mailbox.number === 1) return this.#moveAll(mailbox, name)
      await this.#rename(account, [mailbox, ...account.below(mailbox.name)], mailbox.name, name)
    })
  }

  /** The same of a name that is none of a mailbox, but above some. Rejects with `nonexistent` where it is not. */
  renameLevel(account: Account, level: string, text: string): Promise<void> {
    return this.#alone([account], async () => {
      const from = canonicalName(level)
      const below = account.below(from)
      if (below.length === 0) throw new MailboxError('nonexistent', `${from} does not exist`)
      await this.#rename(account, below, from, newName(account, text))
    })
  }

  /** Adds a name to the subscriptions, or takes it out; it need not be that of a mailbox. */
  subscribe(account: Account, text: string, isSubscribed: boolean): Promise<void> {
    return this.#alone([account], async () => {
      const name = isSubscribed ? readMailboxName(text) : canonicalName(text)
      if (account.subscriptions.has(name) === isSubscribed) return
      if (isSubscribed && account.subscriptions.size >= limits.subscriptions) {
        throw new MailboxError('limit', `at most ${limits.subscriptions} subscriptions`)
      }
      await this.#keep(account)
      await this.#journal.commit([
        { op: 'subscribe', account: account.number, names: [name], isSubscribed },
      ])
    })
  }

  /** Makes an account durable, before something is done to what it shows. */
  async keep(account: Account): Promise<void> {
    if (!account.isKept) await this.#alone([account], () => this.#keep(account))
  }

  /** Throws `over-quota` where no more may be put into a mailbox. Octets. */
  checkQuota(mailbox: Mailbox, messages: number, bytes: number): void {
    this.#quota.check(mailbox, messages, bytes)
  }

  /**
   * Copies entries, with flags and internal dates, under new UIDs (RFC 9051 §6.4.7); UIDs that are not there are passed over.
   */
  copy(source: Mailbox, uids: readonly number[], target: Mailbox): Promise<Copied> {
    return this.#copy(source, uids, target, false)
  }

  /** The same, and expunges them from the source in the same transaction (RFC 6851). */
  move(source: Mailbox, uids: readonly number[], target: Mailbox): Promise<Copied> {
    return this.#copy(source, uids, target, true)
  }

  /**
   * Changes the flags of entries in one transaction. `modified` are those that changed after `unchangedSince`, and were
   * therefore left alone (RFC 7162 §3.1.3). Rejects with `limit` for a keyword that is too long, or one too many.
   */
  async setFlags(
    mailbox: Mailbox,
    uids: readonly number[],
    { add, remove, replace }: FlagChange,
    { unchangedSince }: { readonly unchangedSince?: number } = {},
  ): Promise<{ changed: readonly number[]; modified: readonly number[] }> {
    checkKeywords(mailbox, [...(add ?? []), ...(replace ?? [])])
    if (present(mailbox, uids).length > 0) await this.keep(mailbox.account)
    // What is on its way may change what is tested; from here to the log nothing can come in between.
    while (unchangedSince !== undefined && this.#journal.underWay(mailbox)) {
      await this.#journal.underWay(mailbox)
    }
    alive(mailbox)
    const entries = present(mailbox, uids)
    const isModified = ({ modseq }: Entry) =>
      unchangedSince !== undefined && modseq > unchangedSince
    const changed = entries.filter(entry => !isModified(entry)).map(({ number }) => number)
    const modified = entries.filter(isModified).map(({ number }) => number)
    if (changed.length > 0) {
      await this.#journal.commit([
        {
          op: 'update',
          at: mailbox.place,
          ids: writeIdSet(changed),
          ...(replace && { flags: flagSet(replace) }),
          ...(add && { addFlags: add }),
          ...(remove && { removeFlags: remove }),
        },
      ])
    }
    return { changed, modified }
  }

  /** Removes entries for good. Resolves with the UIDs of those that were there. */
  async expunge(mailbox: Mailbox, uids: readonly number[]): Promise<readonly number[]> {
    if (present(mailbox, uids).length > 0) await this.keep(mailbox.account)
    alive(mailbox)
    const numbers = present(mailbox, uids).map(({ number }) => number)
    if (numbers.length === 0) return []
    await this.#journal.commit(this.#journal.removing(mailbox, numbers, 'deleted'))
    return numbers
  }

  /** Gives mailboxes names that begin otherwise, all at once. */
  async #rename(
    account: Account,
    mailboxes: readonly Mailbox[],
    from: string,
    to: string,
  ): Promise<void> {
    if (to.startsWith(`${from}/`)) {
      throw new MailboxError('cannot', 'a mailbox cannot be below itself')
    }
    const names = mailboxes.map(
      ({ number, name }) => [number, newName(account, to + name.slice(from.length))] as const,
    )
    await this.#keep(account)
    await this.#journal.commit([
      ...makingAbove(this.#state, account, to),
      { op: 'rename', account: account.number, names },
    ])
  }

  #copy(
    source: Mailbox,
    uids: readonly number[],
    target: Mailbox,
    isMove: boolean,
  ): Promise<Copied> {
    return this.#alone([source.account, target.account], async () => {
      // What was asked for before is in what is copied.
      await this.#journal.underWay(source)
      alive(source)
      alive(target)
      if (present(source, uids).length > 0) {
        await this.#keep(target.account)
        if (isMove) await this.#keep(source.account)
      }
      const entries = present(source, uids)
      if (entries.length === 0) return { from: [], to: [] }
      this.#quota.checkTransfer(source, entries, target, isMove)
      checkKeywords(target, new Set(entries.flatMap(({ flags }) => flags)))
      return this.#put(source, entries, target.place, isMove)
    })
  }

  /** Moves all entries of an INBOX to a new mailbox. */
  async #moveAll(inbox: Mailbox, name: string): Promise<void> {
    const { account } = inbox
    await this.#journal.underWay(inbox)
    await this.#keep(account)
    const entries = [...inbox.entries.ascending()]
    this.#quota.checkTransfer(inbox, entries, null, true)
    const creating = making(this.#state, account, name, null)
    const { mailbox } = creating.at(-1) as { mailbox: number }
    if (entries.length === 0) await this.#journal.commit(creating)
    else await this.#put(inbox, entries, [account.number, mailbox], true, creating)
  }

  /** Puts the messages of entries somewhere else, in one transaction with operations that make the place. */
  async #put(
    source: Mailbox,
    entries: readonly Entry[],
    at: Place,
    isMove: boolean,
    before: readonly Operation[] = [],
  ): Promise<Copied> {
    const from = entries.map(({ number }) => number)
    const messages = [...new Set(entries.map(({ message }) => message))]
    const savedAt = Date.now()
    // Whatever happens to the source meanwhile, what is copied stays.
    for (const message of messages) this.#state.uses.add(message, 0)
    try {
      const { first } = await this.#journal.commitNumbered(entries.length, first => [
        ...before,
        { op: 'put', at, runs: copies(entries, first, savedAt) },
        ...(isMove ? this.#journal.removing(source, from, 'deleted') : []),
      ])
      return { from, to: from.map((_, index) => first + index) }
    } finally {
      this.#journal.release(messages)
    }
  }

  /**
   * Does one thing at a time of those that must find accounts and mailboxes, when they are applied, as they were when it
   * was decided what to do. The accounts are not forgotten on the way.
   */
  async #alone<T>(accounts: readonly Account[], work: () => Promise<T>): Promise<T> {
    for (const account of accounts) account.sessions++
    const done = this.#last.then(work)
    this.#last = done.catch(() => {}) // who asked for it is told
    try {
      return await done
    } finally {
      for (const account of accounts) this.close(account)
    }
  }

  /** Stores an account that is not stored yet: before the first thing that is done to it. */
  async #keep(account: Account): Promise<void> {
    if (account.isEnded) throw ended()
    if (account.isKept) return
    account.isOnItsWay = true
    try {
      await this.#journal.commit(storing(account))
    } finally {
      account.isOnItsWay = false
    }
    if (account.isEnded) throw ended()
  }
}

/** The entries of those UIDs that are there, ascending. */
const present = (mailbox: Mailbox, uids: readonly number[]): Entry[] => {
  const entries: Entry[] = []
  const isAscending = uids.every((uid, index) => index === 0 || uid > (uids[index - 1] as number))
  for (const uid of isAscending ? uids : [...new Set(uids)].sort((a, b) => a - b)) {
    const entry = mailbox.entries.get(uid)
    if (entry) entries.push(entry)
  }
  return entries
}

const copies = (entries: readonly Entry[], first: number, savedAt: number): Run[] =>
  runsOf(entries.map((entry, index) => ({ ...entry, number: first + index, savedAt })))

const ended = () => new MailboxError('nonexistent', 'the inbox has expired')

const alive = (mailbox: Mailbox): void => {
  if (mailbox.isDeleted) throw new MailboxError('nonexistent', 'the mailbox was deleted')
}

/** The canonical form of a name that no mailbox of the account has. */
const newName = (account: Account, text: string): string => {
  const name = readMailboxName(text)
  if (account.mailbox(name)) throw new MailboxError('already-exists', `${name} exists`)
  return name
}
