import { type Account, firstOwnMailbox } from './account.ts'
import { runsOf } from './base.ts'
import { flagSet } from './flags.ts'
import { writeIdSet } from './id-set.ts'
import type { Journal } from './journal.ts'
import type { Mailbox } from './mailbox.ts'
import { canonicalName, namesAbove, readMailboxName } from './mailbox-name.ts'
import type { Entry } from './message.ts'
import type { Operation, Run } from './operation.ts'
import type { State } from './state.ts'
import { MailboxError } from './store-error.ts'

/** Mailboxes of an account, octets of a login. */
const limits = { mailboxes: 20_000, login: 1_000 } as const

/** What STORE does to flags (RFC 9051 §6.4.6); `replace` instead of all that an entry has. */
export type FlagChange = {
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
  readonly replace?: readonly string[]
}

/** UIDs in the source and in the target, pairwise, ascending (RFC 4315 §3, COPYUID). */
export type Copied = { readonly from: readonly number[]; readonly to: readonly number[] }

export type MailboxLimits = { readonly maxMessages: number; readonly maxBytes: number }

/**
 * What mail clients do to accounts, mailboxes and entries. Every method resolves when what it did is durable; it
 * rejects with a MailboxError or StoreError, and then nothing changed.
 */
export class Mailboxes {
  readonly #state: State
  readonly #journal: Journal
  readonly #limits: MailboxLimits
  /** Whose last session ended last. */
  #last: Account | null = null
  /** Accounts on their way into the log. */
  readonly #keeping = new Map<Account, Promise<unknown>>()

  constructor(state: State, journal: Journal, limits: MailboxLimits) {
    this.#state = state
    this.#journal = journal
    this.#limits = limits
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
    const last = this.#last
    this.#last = account
    if (last && last !== account && last.sessions === 0 && !last.isKept) this.#state.forget(last)
  }

  /**
   * Makes a mailbox, and those above it that there are not. Rejects with `already-exists`, `cannot` for a name that none
   * may have, or `limit`.
   */
  async create(
    account: Account,
    text: string,
    { specialUse = null }: { readonly specialUse?: string | null } = {},
  ): Promise<Mailbox> {
    const name = readMailboxName(text)
    if (account.mailbox(name)) throw new MailboxError('already-exists', `${name} exists`)
    const operations = this.#creating(account, name, specialUse)
    const { mailbox: number } = operations.at(-1) as { mailbox: number }
    await this.#commit(account, operations)
    const mailbox = account.numbered(number)
    // Another session was faster.
    if (!mailbox) throw new MailboxError('already-exists', `${name} exists`)
    return mailbox
  }

  /** Ends a mailbox and its entries; those below it stay (RFC 9051 §6.3.5). INBOX `cannot`. */
  async delete(mailbox: Mailbox): Promise<void> {
    if (mailbox.number === 1) throw new MailboxError('cannot', 'INBOX cannot be deleted')
    const { account, number } = alive(mailbox)
    await this.#commit(account, [{ op: 'delete', account: account.number, mailbox: number }])
  }

  /**
   * Gives a mailbox, and those below it, a new name. Of INBOX the messages move to a new mailbox (RFC 9051 §6.3.6).
   * Rejects as `create` does.
   */
  async rename(mailbox: Mailbox, text: string): Promise<void> {
    const { account } = alive(mailbox)
    const name = readMailboxName(text)
    if (account.mailbox(name)) throw new MailboxError('already-exists', `${name} exists`)
    if (mailbox.number === 1) {
      const target = await this.create(account, name)
      await this.move(mailbox, mailbox.entries.numbers(), target)
      return
    }
    if (name.startsWith(`${mailbox.name}/`)) {
      throw new MailboxError('cannot', 'a mailbox cannot be below itself')
    }
    const names = [mailbox, ...account.below(mailbox.name)].map(
      moved => [moved.number, `${name}${moved.name.slice(mailbox.name.length)}`] as const,
    )
    for (const [, moved] of names) readMailboxName(moved)
    const taken = names.find(([, moved]) => account.mailbox(moved))
    if (taken) throw new MailboxError('already-exists', `${taken[1]} exists`)
    await this.#commit(account, [
      ...this.#creatingAbove(account, name),
      { op: 'rename', account: account.number, names },
    ])
    if (alive(mailbox).name !== name) throw new MailboxError('already-exists', `${name} exists`)
  }

  /** Adds a name to the subscriptions, or takes it out; it need not be that of a mailbox. */
  async subscribe(account: Account, text: string, isSubscribed: boolean): Promise<void> {
    const name = isSubscribed ? readMailboxName(text) : canonicalName(text)
    if (account.subscriptions.has(name) === isSubscribed) return
    if (isSubscribed && account.subscriptions.size >= limits.mailboxes) {
      throw new MailboxError('limit', `at most ${limits.mailboxes} subscriptions`)
    }
    await this.#commit(account, [
      { op: 'subscribe', account: account.number, names: [name], isSubscribed },
    ])
  }

  /**
   * Stores an account that is not stored yet, before the first thing is done to it. Once, whoever asks: a second time
   * would bring back the mailboxes that were deleted in between.
   */
  async keep(account: Account): Promise<void> {
    if (account.isKept) return
    let keeping = this.#keeping.get(account)
    if (!keeping) {
      // It must not be forgotten on the way.
      account.sessions++
      account.isOnItsWay = true
      keeping = this.#journal.commit(storing(account)).finally(() => {
        this.#keeping.delete(account)
        account.isOnItsWay = false
        this.close(account)
      })
      this.#keeping.set(account, keeping)
    }
    await keeping
  }

  /** Throws `over-quota` where an account may not take more into a mailbox. Octets. */
  checkQuota(mailbox: Mailbox, messages: number, bytes: number): void {
    // What arrives goes by retention, which keeps to the same limits; nothing else removes what clients put in.
    if (mailbox.number === 1 && mailbox.account.name === '') return
    const { account } = mailbox
    const { entries } = account.inbox
    const { usage } = account
    const held = account.name === '' ? entries : { total: 0, bytes: 0 }
    const { maxMessages, maxBytes } = this.#limits
    if (
      usage.messages - held.total + messages > maxMessages ||
      usage.bytes - held.bytes + bytes > maxBytes
    ) {
      throw new MailboxError('over-quota', 'the account keeps as much as it may')
    }
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
   * therefore left alone (RFC 7162 §3.1.3).
   */
  async setFlags(
    mailbox: Mailbox,
    uids: readonly number[],
    { add, remove, replace }: FlagChange,
    { unchangedSince }: { readonly unchangedSince?: number } = {},
  ): Promise<{ changed: readonly number[]; modified: readonly number[] }> {
    await this.keep(mailbox.account)
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
    alive(mailbox)
    const numbers = present(mailbox, uids).map(({ number }) => number)
    if (numbers.length === 0) return []
    await this.#commit(mailbox.account, this.#journal.removing(mailbox, numbers, 'deleted'))
    return numbers
  }

  async #copy(
    source: Mailbox,
    uids: readonly number[],
    target: Mailbox,
    isMove: boolean,
  ): Promise<Copied> {
    await this.keep(target.account)
    if (isMove) await this.keep(source.account)
    alive(source)
    alive(target)
    if (isMove && source === target) throw new MailboxError('cannot', 'it is there already')
    const entries = present(source, uids)
    if (entries.length === 0) return { from: [], to: [] }
    const bytes = entries.reduce((sum, { message }) => sum + message.size, 0)
    // Within an account a move keeps what it holds.
    const isWithin = isMove && source.account === target.account && source.number !== 1
    if (!isWithin) this.checkQuota(target, entries.length, bytes)
    const { uses } = this.#state
    const savedAt = Date.now()
    // Whatever happens to the source meanwhile, what is copied stays; and the account is not forgotten on the way.
    for (const { message } of entries) uses.add(message, 0)
    source.account.sessions++
    target.account.sessions++
    try {
      const from = entries.map(({ number }) => number)
      const { first } = await this.#journal.commitNumbered(entries.length, first => [
        { op: 'put', at: target.place, runs: copies(entries, first, savedAt) },
        ...(isMove ? this.#journal.removing(source, from, 'deleted') : []),
      ])
      return { from, to: from.map((_, index) => first + index) }
    } finally {
      this.#journal.release(entries.map(({ message }) => message))
      this.close(source.account)
      this.close(target.account)
    }
  }

  /** A transaction on an account, which is stored before it where it is not. */
  async #commit(account: Account, operations: readonly Operation[]): Promise<void> {
    await this.keep(account)
    await this.#journal.commit(operations)
  }

  #creatingAbove(account: Account, name: string): Operation[] {
    return namesAbove(name)
      .filter(above => !account.mailbox(above))
      .map(above => this.#creatingOne(account, above, null))
  }

  #creating(account: Account, name: string, specialUse: string | null): Operation[] {
    const operations = [
      ...this.#creatingAbove(account, name),
      this.#creatingOne(account, name, specialUse),
    ]
    if (account.size + operations.length > limits.mailboxes) {
      throw new MailboxError('limit', `at most ${limits.mailboxes} mailboxes`)
    }
    return operations
  }

  /** A name that was used before gets a greater UIDVALIDITY than it had (RFC 9051 §6.3.4). */
  #creatingOne(account: Account, name: string, specialUse: string | null): Operation {
    const uidValidity = Math.max(this.#state.lastUidValidity + 1, Math.floor(Date.now() / 1_000))
    this.#state.lastUidValidity = uidValidity
    return {
      op: 'mailbox',
      account: account.number,
      mailbox: account.nextMailbox++,
      name,
      uidValidity,
      ...(specialUse !== null && { specialUse }),
    }
  }
}

/** What stores an account, which has the default mailboxes so far. */
const storing = (account: Account): Operation[] => {
  const { number, name, inbox } = account
  return [
    { op: 'account', account: number, name, nextMailbox: firstOwnMailbox },
    ...account.mailboxes().map(
      ({ number: mailbox, name, uidValidity, specialUse }): Operation => ({
        op: 'mailbox',
        account: number,
        mailbox,
        name,
        uidValidity,
        ...(specialUse !== null && { specialUse }),
      }),
    ),
    { op: 'next', at: inbox.place, uid: inbox.uidNext },
  ]
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

const alive = (mailbox: Mailbox): Mailbox => {
  if (mailbox.isDeleted) throw new MailboxError('nonexistent', 'the mailbox was deleted')
  return mailbox
}
