import { Mailbox } from './mailbox.ts'
import { canonicalName } from './mailbox-name.ts'

/** What every account has from the start, with its special use (RFC 6154 §2). */
const defaults: readonly (readonly [name: string, specialUse: string | null])[] = [
  ['INBOX', null],
  ['Sent', '\\Sent'],
  ['Drafts', '\\Drafts'],
  ['Junk', '\\Junk'],
  ['Trash', '\\Trash'],
  ['Archive', '\\Archive'],
]

export const defaultNames: readonly string[] = defaults.map(([name]) => name)

/** The first number of a mailbox that is not among the defaults. */
export const firstOwnMailbox = defaults.length + 1

/** A login's own set of mailboxes. Whoever has one reads; only the store writes. */
export class Account {
  /** Ours; 1 is the catch-all. */
  readonly number: number
  /** An address in lower case; `''` is the catch-all. */
  readonly name: string
  /** Names of mailboxes, which need not exist (RFC 9051 §6.3.7). */
  readonly subscriptions = new Set<string>()
  /** Whether anything of it is stored: until it has state of its own, it costs nothing. */
  isKept = false
  /** Whether what stores it is on its way into the log. */
  isOnItsWay = false
  /** It went with its inbox: nothing can be stored for it any more. */
  isEnded = false
  /** Sessions that have it open. */
  sessions = 0
  nextMailbox = firstOwnMailbox
  readonly #byNumber = new Map<number, Mailbox>()
  readonly #byName = new Map<string, Mailbox>()
  #sorted: Mailbox[] | null = null

  constructor(number: number, name: string) {
    this.number = number
    this.name = name
  }

  get inbox(): Mailbox {
    return this.#byNumber.get(1) as Mailbox
  }

  /** By name; INBOX in any case. */
  mailbox(name: string): Mailbox | undefined {
    return this.#byName.get(canonicalName(name))
  }

  /** By number. */
  numbered(number: number): Mailbox | undefined {
    return this.#byNumber.get(number)
  }

  /** INBOX, then the others in the order of their names. */
  mailboxes(): readonly Mailbox[] {
    this.#sorted ??= [...this.#byNumber.values()].sort((a, b) =>
      a.number === 1 || b.number === 1 ? a.number - b.number : a.name < b.name ? -1 : 1,
    )
    return this.#sorted
  }

  get size(): number {
    return this.#byNumber.size
  }

  /** The mailboxes below one in the hierarchy. */
  below(name: string): Mailbox[] {
    return this.mailboxes().filter(mailbox => mailbox.name.startsWith(`${name}/`))
  }

  /** @internal The mailboxes that every account has. */
  furnish(uidValidity: number, modseq: number): void {
    defaults.forEach(([name, specialUse], index) => {
      const identity = { account: this, number: index + 1, uidValidity, specialUse }
      this.add(new Mailbox(identity, name, modseq))
      this.subscriptions.add(name)
    })
  }

  /** @internal */
  add(mailbox: Mailbox): void {
    this.#byNumber.set(mailbox.number, mailbox)
    this.#byName.set(mailbox.name, mailbox)
    this.nextMailbox = Math.max(this.nextMailbox, mailbox.number + 1)
    this.#sorted = null
  }

  /** @internal */
  remove(mailbox: Mailbox): void {
    this.#byNumber.delete(mailbox.number)
    if (this.#byName.get(mailbox.name) === mailbox) this.#byName.delete(mailbox.name)
    mailbox.end()
    this.#sorted = null
  }

  /** @internal Gives mailboxes new names, all at once. */
  rename(names: readonly (readonly [Mailbox, string])[]): void {
    for (const [mailbox] of names) this.#byName.delete(mailbox.name)
    for (const [mailbox, name] of names) {
      mailbox.rename(name)
      this.#byName.set(name, mailbox)
    }
    this.#sorted = null
  }
}
