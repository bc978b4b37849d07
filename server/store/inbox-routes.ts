import { plusTags } from './arrival.ts'
import { type Inbox, inboxOfAddress } from './inbox.ts'
import { withoutTag } from './recipients.ts'

/** A mail belongs to so many inboxes at most: each of them is named in line 1 of its raw file. */
const most = 1_000

/** How a message came, as far as that tells whose it is. */
export type Incoming = {
  readonly rcptTo: readonly string[]
  readonly authUser?: string
  /** Those that it came for by itself: the listener's. */
  readonly inboxes?: readonly string[]
  /** What its X-Mailcatch-Inbox fields name: ids or addresses. */
  readonly named: readonly string[]
}

/** The inboxes that there are, and which of them a message is for: found at a cost that does not grow with their number. */
export class InboxRoutes {
  readonly #byId = new Map<string, Inbox>()
  /** Their ids by an address, `@domain` or `+tag` of their routes. */
  readonly #byKey = new Map<string, Set<string>>()

  get size(): number {
    return this.#byId.size
  }

  get(id: string): Inbox | undefined {
    return this.#byId.get(id)
  }

  /** In the order in which they were made. */
  all(): Inbox[] {
    return [...this.#byId.values()]
  }

  add(inbox: Inbox): void {
    this.remove(inbox.id)
    this.#byId.set(inbox.id, inbox)
    for (const key of keysOf(inbox)) {
      const ids = this.#byKey.get(key)
      if (ids) ids.add(inbox.id)
      else this.#byKey.set(key, new Set([inbox.id]))
    }
  }

  remove(id: string): void {
    const inbox = this.#byId.get(id)
    if (!inbox) return
    this.#byId.delete(id)
    for (const key of keysOf(inbox)) {
      const ids = this.#byKey.get(key)
      ids?.delete(id)
      if (ids?.size === 0) this.#byKey.delete(key)
    }
  }

  /** How many inboxes have an address, a domain or a tag of this one's, the most of all. */
  crowd(inbox: Inbox): number {
    return Math.max(0, ...keysOf(inbox).map(key => this.#byKey.get(key)?.size ?? 0))
  }

  /** The ids of those that a message is for, each once. */
  of({ rcptTo, authUser, inboxes = [], named }: Incoming): readonly string[] {
    if (this.#byId.size === 0) return none
    const found = new Set<string>()
    const add = (id: string | null) => {
      if (id !== null && found.size < most && this.#byId.has(id)) found.add(id)
    }
    for (const id of inboxes) add(id)
    if (authUser) add(inboxOfAddress(authUser))
    for (const name of named) add(name.includes('@') ? inboxOfAddress(name) : name.toLowerCase())
    for (const recipient of rcptTo) {
      const address = recipient.toLowerCase()
      add(inboxOfAddress(withoutTag(address)))
      for (const key of keysOfRecipient(address)) {
        for (const id of this.#byKey.get(key) ?? []) add(id)
      }
    }
    return found.size === 0 ? none : [...found]
  }
}

const none: readonly string[] = Object.freeze([])

const keysOf = ({ addresses, domains, tags }: Inbox): string[] => [
  ...addresses,
  ...domains.map(domain => `@${domain}`),
  ...tags.map(tag => `+${tag}`),
]

const keysOfRecipient = (address: string): Set<string> =>
  new Set([
    address,
    withoutTag(address),
    address.slice(Math.max(0, address.lastIndexOf('@'))),
    ...plusTags([address]).map(tag => `+${tag}`),
  ])
