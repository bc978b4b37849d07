import type { Account } from './account.ts'
import { blockOf, Entries } from './entries.ts'
import { Expunged } from './expunged.ts'
import { writeIdSet } from './id-set.ts'
import type { Entry } from './message.ts'
import type { Place } from './operation.ts'

/** What a mailbox is from its beginning to its end. */
export type MailboxIdentity = {
  readonly account: Account
  /** Ours, within the account; 1 is INBOX. */
  readonly number: number
  readonly uidValidity: number
  /** What it is for, as `\Sent` (RFC 6154 §2), null where for nothing special. */
  readonly specialUse: string | null
}

/** What the INBOX of an address has besides the arrivals that it shows. */
class OwnState {
  /** UIDs of entries that were put there: copies, and what a client appended. */
  readonly added = new Set<number>()
  /** UIDs of arrivals whose flags are not those of a new one. */
  readonly changed = new Set<number>()
  /** UIDs of arrivals that were expunged there, and not in the catch-all, by block. */
  readonly #hidden = new Map<number, Set<number>>()

  hide(uid: number): void {
    const hidden = this.#hidden.get(blockOf(uid))
    if (hidden) hidden.add(uid)
    else this.#hidden.set(blockOf(uid), new Set([uid]))
  }

  unhide(uid: number): void {
    const hidden = this.#hidden.get(blockOf(uid))
    if (hidden?.delete(uid) && hidden.size === 0) this.#hidden.delete(blockOf(uid))
  }

  isHidden(uid: number): boolean {
    return this.#hidden.get(blockOf(uid))?.has(uid) ?? false
  }

  /** The hidden UIDs of a block, ascending. */
  hiddenIn(block: number): number[] {
    return [...(this.#hidden.get(block) ?? [])].sort((a, b) => a - b)
  }

  /** All hidden UIDs, ascending. */
  hidden(): number[] {
    return [...this.#hidden.keys()].sort((a, b) => a - b).flatMap(block => this.hiddenIn(block))
  }

  has(uid: number): boolean {
    return this.added.has(uid) || this.changed.has(uid)
  }

  forget(uid: number): void {
    this.added.delete(uid)
    this.changed.delete(uid)
  }
}

// Many accounts have mailboxes that nothing is ever put into.
const noState = new OwnState()
const noKeywords: ReadonlySet<string> = new Set()

/** A mailbox of an account (RFC 9051 §5.1). Whoever has one reads; only the store writes. */
export class Mailbox {
  readonly account: Account
  readonly number: number
  readonly uidValidity: number
  readonly specialUse: string | null
  /** Numbered by their UIDs. */
  readonly entries = new Entries()
  /** Of the INBOX of an address, which shows what the catch-all has for that address; of any other it stays empty. */
  readonly own: OwnState
  #keywords: Set<string> | null = null
  /** Most entries have flags that the last one had. */
  #lastFlags: readonly string[] = []
  #expunged: Expunged
  #name: string
  #uidNext = 1
  #highestModseq: number
  #isDeleted = false

  /** `modseq` is the highest that the mailbox may have had before. */
  constructor(identity: MailboxIdentity, name: string, modseq: number) {
    this.account = identity.account
    this.number = identity.number
    this.uidValidity = identity.uidValidity
    this.specialUse = identity.specialUse
    this.#name = name
    this.own = this.isDerived ? new OwnState() : noState
    this.#highestModseq = modseq
    this.#expunged = new Expunged(modseq)
  }

  /** Unicode, its levels separated by `/`. */
  get name(): string {
    return this.#name
  }

  get place(): Place {
    return [this.account.number, this.number]
  }

  /** Above every UID that the mailbox ever had (RFC 9051 §2.3.1.1). */
  get uidNext(): number {
    return this.#uidNext
  }

  /** At least the mod-sequence of every change so far; never goes down (RFC 7162 §3.1.2.1). */
  get highestModseq(): number {
    return this.#highestModseq
  }

  /** The keywords that its entries have, and that they had (RFC 9051 §2.3.2). */
  get keywords(): ReadonlySet<string> {
    return this.#keywords ?? noKeywords
  }

  /** Whether DELETE ended it; a new one of the same name is another mailbox. */
  get isDeleted(): boolean {
    return this.#isDeleted
  }

  /** Whether it shows the arrivals of the catch-all that are for an address. */
  get isDerived(): boolean {
    return this.number === 1 && this.account.name !== ''
  }

  /** The entries that were added or changed after a mod-sequence, ascending. */
  changedSince(modseq: number): Entry[] {
    return this.entries.changedSince(modseq)
  }

  /**
   * The UIDs that were expunged after a mod-sequence, as an id set. Of an old one, all below UIDNEXT that are not
   * there: more than were expunged, but never fewer (RFC 7162 §3.2.6).
   */
  vanishedSince(modseq: number): string {
    const uids = this.#expunged.since(modseq)
    if (uids) return writeIdSet(uids)
    const gone: string[] = []
    let from = 1
    const add = (upto: number): void => {
      if (upto >= from) gone.push(upto === from ? `${from}` : `${from}:${upto}`)
    }
    for (const { number } of this.entries.ascending()) {
      add(number - 1)
      from = number + 1
    }
    add(this.#uidNext - 1)
    return gone.join(',')
  }

  /** @internal */
  put(entry: Entry): void {
    this.entries.put(entry)
    this.reach(entry.number + 1)
    this.advance(entry.modseq)
    if (entry.flags === this.#lastFlags) return
    this.#lastFlags = entry.flags
    for (const flag of entry.flags) {
      if (flag.startsWith('\\')) continue
      this.#keywords ??= new Set()
      this.#keywords.add(flag)
    }
  }

  /** @internal Takes entries out, those of the ascending UIDs that are there. */
  take(uids: readonly number[], modseq: number): Entry[] {
    const taken = this.entries.removeAll(uids)
    if (taken.length === 0) return taken
    this.#expunged.add(
      modseq,
      taken.map(({ number }) => number),
      this.entries.total,
    )
    for (const { number } of taken) this.own.forget(number)
    this.reach((taken.at(-1) as Entry).number + 1)
    this.advance(modseq)
    return taken
  }

  /** @internal Gives out no UID below this any more. */
  reach(uidNext: number): void {
    if (uidNext > this.#uidNext) this.#uidNext = uidNext
  }

  /** @internal */
  advance(modseq: number): void {
    if (modseq > this.#highestModseq) this.#highestModseq = modseq
  }

  /** @internal A new process: nothing is known of what was expunged up to this mod-sequence. */
  begin(modseq: number): void {
    this.advance(modseq)
    this.#expunged = new Expunged(modseq)
  }

  /** @internal */
  rename(name: string): void {
    this.#name = name
  }

  /** @internal */
  end(): void {
    this.#isDeleted = true
  }
}
