import { Account, defaultNames } from './account.ts'
import { blockSize } from './entries.ts'
import { Facets } from './facets.ts'
import { InboxEntries } from './inbox-entries.ts'
import { InboxRoutes } from './inbox-routes.ts'
import type { Mailbox } from './mailbox.ts'
import { type Entry, type Message, weightOf } from './message.ts'
import { catchAllInbox, type Place } from './operation.ts'
import { namesOf, Recipients } from './recipients.ts'
import { Uses } from './uses.ts'

/** Who writes down what changes. */
export type Checkpoints = {
  /** The entry of this number changed, came or went. */
  touch(mailbox: Mailbox, number: number): void
  touchAccount(account: Account): void
  dropAccount(account: Account): void
  /** The mailbox is no more. */
  drop(mailbox: Mailbox): void
}

/**
 * The whole index in memory: the accounts, their mailboxes and entries, and which messages these use. Every change
 * goes through here, so that what depends on each other changes together.
 */
export class State {
  readonly catchAll: Account
  /** The mailbox that arrivals come to. */
  readonly inbox: Mailbox
  readonly recipients: Recipients
  readonly inboxEntries: InboxEntries
  readonly facets: Facets
  readonly uses = new Uses()
  readonly inboxes = new InboxRoutes()
  /** Numbers of accounts that went with their inboxes: what belongs there is nobody's. */
  readonly ended = new Set<number>()
  readonly #kept = { messages: 0, bytes: 0 }
  readonly #checkpoints: Checkpoints
  readonly #byNumber = new Map<number, Account>()
  readonly #byName = new Map<string, Account>()
  #nextAccount = 2
  /** Mailboxes have this one from the start of the store; those made later a greater one each. */
  readonly uidValidity: number
  lastUidValidity: number
  /** What a mailbox that is opened now may have given out before. */
  #modseq: () => number

  /** `modseq` tells the position of the feed. */
  constructor(uidValidity: number, checkpoints: Checkpoints, modseq: () => number) {
    this.uidValidity = uidValidity
    this.lastUidValidity = uidValidity
    this.#checkpoints = checkpoints
    this.#modseq = modseq
    this.catchAll = new Account(1, '')
    this.catchAll.isKept = true
    this.catchAll.furnish(uidValidity, modseq())
    this.inbox = this.catchAll.inbox
    this.recipients = new Recipients(this.inbox.entries)
    this.inboxEntries = new InboxEntries(this.inbox.entries)
    this.facets = new Facets(this.inbox.entries)
    this.#register(this.catchAll)
  }

  /** What clients keep in the mailboxes of all accounts, which retention does not reach. Octets as of `weightOf`. */
  get kept(): { readonly messages: number; readonly bytes: number } {
    return this.#kept
  }

  /** Whether an entry is counted there: what the INBOX of the catch-all has is not, nor what others show of it. */
  isKept(mailbox: Mailbox, { number }: Entry): boolean {
    return mailbox !== this.inbox && (!mailbox.isDerived || mailbox.own.added.has(number))
  }

  /** What tells the position of the feed, once that is there. */
  follow(modseq: () => number): void {
    this.#modseq = modseq
  }

  /** All accounts that have state, and those that are open. */
  accounts(): Account[] {
    return [...this.#byNumber.values()]
  }

  /** Whether there is any account but the catch-all. */
  get hasAddresses(): boolean {
    return this.#byNumber.size > 1
  }

  account(number: number): Account | undefined {
    return this.#byNumber.get(number)
  }

  named(name: string): Account | undefined {
    return this.#byName.get(name)
  }

  mailboxAt([account, mailbox]: Place = catchAllInbox): Mailbox | undefined {
    return this.#byNumber.get(account)?.numbered(mailbox)
  }

  /** The message whose raw file has this number, while any entry uses it. */
  message(id: number): Message | undefined {
    const entry = this.inbox.entries.get(id)
    return entry?.message.id === id ? entry.message : this.uses.get(id)
  }

  /** An account that is not stored, with what there is for its address. */
  imagine(name: string): Account {
    const account = new Account(this.#nextAccount, name)
    account.furnish(this.uidValidity, this.#modseq())
    this.#register(account)
    this.derive(account)
    // It may have been open before, with messages that are gone: no UIDNEXT goes down (RFC 9051 §2.3.1.1).
    account.inbox.reach(this.inbox.uidNext)
    return account
  }

  /** No account gets this number any more. */
  pass(number: number): void {
    this.#nextAccount = Math.max(this.#nextAccount, number + 1)
  }

  /** Forgets an account that has no state. */
  forget(account: Account): void {
    this.#byNumber.delete(account.number)
    this.#byName.delete(account.name)
  }

  /** An account as it is stored, without mailboxes. */
  restore(number: number, name: string): Account {
    const there = this.#byNumber.get(number)
    if (there) return there
    const account = new Account(number, name)
    account.isKept = true
    for (const name of defaultNames) account.subscriptions.add(name)
    this.#register(account)
    return account
  }

  /** Fills the INBOX of an address with the arrivals for it. */
  derive(account: Account): void {
    const { inbox } = account
    for (const number of this.recipients.of(account.name)) {
      const arrival = this.inbox.entries.get(number)
      if (arrival && !inbox.own.isHidden(number) && !inbox.entries.get(number)) {
        inbox.put(derived(arrival))
      }
    }
  }

  /** A new arrival: into the catch-all INBOX, and the open or stored INBOX of each address. Returns these. */
  deliver(entry: Entry): Mailbox[] {
    this.inbox.put(entry)
    this.#checkpoints.touch(this.inbox, entry.number)
    this.recipients.add(entry)
    this.inboxEntries.add(entry)
    this.facets.put(entry)
    if (!this.hasAddresses) return []
    const inboxes: Mailbox[] = []
    for (const address of namesOf(entry.message)) {
      const inbox = this.#byName.get(address)?.inbox
      if (!inbox) continue
      inbox.put(derived(entry))
      inboxes.push(inbox)
    }
    return inboxes
  }

  /** Puts an entry that is no arrival, or that replaces another version of itself. */
  put(mailbox: Mailbox, entry: Entry): void {
    this.admit(mailbox, entry)
    this.#checkpoints.touch(mailbox, entry.number)
  }

  /** The same for an entry as a checkpoint has it. */
  admit(mailbox: Mailbox, entry: Entry): void {
    const { number, message } = entry
    const before = mailbox.entries.get(number)
    const isNew = !before
    if (mailbox.isDerived && !mailbox.own.added.has(number)) {
      if (isNew) mailbox.own.added.add(number)
      else mailbox.own.changed.add(number)
    }
    // The arrivals of the catch-all are not counted, nor what is derived from them.
    if (isNew && (mailbox !== this.inbox || number !== message.id)) this.uses.add(message, number)
    if (this.isKept(mailbox, entry)) {
      if (before) this.#keep(before, -1)
      this.#keep(entry, 1)
    }
    mailbox.put(entry)
    if (mailbox !== this.inbox) return
    this.facets.put(entry, before)
    if (isNew) this.inboxEntries.add(entry)
  }

  /** Takes out those of the ascending UIDs that are there; `free` are the messages that nothing uses any more. */
  remove(mailbox: Mailbox, uids: readonly number[], modseq: number) {
    const { added } = mailbox.own
    const shown = new Set(mailbox.isDerived ? uids.filter(uid => !added.has(uid)) : [])
    const removed = mailbox.take(uids, modseq)
    const free: Message[] = []
    const derivedFrom = new Map<Mailbox, number[]>()
    if (mailbox === this.inbox) {
      this.recipients.remove(removed)
      this.inboxEntries.remove(removed)
      this.facets.remove(removed)
      this.#findDerived(removed, derivedFrom)
    }
    for (const entry of removed) {
      const { number, message } = entry
      this.#checkpoints.touch(mailbox, number)
      if (shown.has(number)) {
        mailbox.own.hide(number)
        continue
      }
      if (mailbox !== this.inbox) this.#keep(entry, -1)
      if (mailbox !== this.inbox || number !== message.id) this.uses.remove(message, number)
      if (this.isFree(message)) free.push(message)
    }
    const derived: (readonly [inbox: Mailbox, removed: readonly Entry[]])[] = []
    for (const [inbox, numbers] of derivedFrom) {
      derived.push([inbox, inbox.take(numbers, modseq)])
      for (const number of numbers) {
        inbox.own.unhide(number)
        this.#checkpoints.touch(inbox, number)
      }
    }
    return { removed, free, derived }
  }

  /** Whether no entry uses a message. */
  isFree({ id }: Message): boolean {
    return this.inbox.entries.get(id)?.message.id !== id && !this.uses.has(id)
  }

  /** Whether no entry uses a message of a block of numbers; false as well where INBOX has anything else there. */
  isFreeBlock(block: number): boolean {
    if (this.inbox.entries.block(block).length > 0) return false
    const first = block * blockSize
    for (let id = first; id < first + blockSize; id++) if (this.uses.has(id)) return false
    return true
  }

  /** Ends a mailbox; returns the messages that nothing uses any more. */
  removeMailbox(mailbox: Mailbox): Message[] {
    const free: Message[] = []
    for (const entry of mailbox.entries.ascending()) {
      if (!this.isKept(mailbox, entry)) continue
      this.#keep(entry, -1)
      this.uses.remove(entry.message, entry.number)
      if (this.isFree(entry.message)) free.push(entry.message)
    }
    mailbox.account.remove(mailbox)
    this.#checkpoints.drop(mailbox)
    this.#checkpoints.touchAccount(mailbox.account)
    return free
  }

  touch(mailbox: Mailbox, number: number): void {
    this.#checkpoints.touch(mailbox, number)
  }

  /** Forgets an account for good, with its mailboxes ended. */
  endAccount(account: Account): void {
    account.isEnded = true
    this.ended.add(account.number)
    this.forget(account)
    this.#checkpoints.dropAccount(account)
  }

  touchAccount(account: Account): void {
    this.#checkpoints.touchAccount(account)
  }

  #keep(entry: Entry, by: 1 | -1): void {
    this.#kept.messages += by
    this.#kept.bytes += by * weightOf(entry)
  }

  #register(account: Account): void {
    this.#byNumber.set(account.number, account)
    this.#byName.set(account.name, account)
    this.pass(account.number)
  }

  /** The entries in the INBOXes of addresses that go with arrivals of the catch-all. */
  #findDerived(removed: readonly Entry[], found: Map<Mailbox, number[]>): void {
    if (!this.hasAddresses) return
    for (const { number, message } of removed) {
      for (const address of namesOf(message)) {
        const inbox = this.#byName.get(address)?.inbox
        if (!inbox || message.id !== number) continue
        const numbers = found.get(inbox)
        if (numbers) numbers.push(number)
        else found.set(inbox, [number])
      }
    }
  }
}

/** The entry of an arrival in the INBOX of an address, before anything was done to it there. */
const derived = (arrival: Entry): Entry =>
  arrival.flags.length === 0 ? arrival : { ...arrival, flags: none }

const none: readonly string[] = Object.freeze([])
