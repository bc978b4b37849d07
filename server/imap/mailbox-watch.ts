import type { Change, Transaction } from '../store/changes.ts'
import { idsOf } from '../store/id-set.ts'
import type { MailStore } from '../store/mail-store.ts'
import type { Mailbox } from '../store/mailbox.ts'
import type { UidList } from './uid-list.ts'

/** What happened to one mailbox in one transaction. The UIDs ascend, and are one array for every session. */
export type MailboxNews =
  | { readonly kind: 'added'; readonly uids: readonly number[] }
  /** `hasFlags`: flags changed; else something that only the mod-sequence tells. */
  | { readonly kind: 'changed'; readonly uids: readonly number[]; readonly hasFlags: boolean }
  | { readonly kind: 'removed'; readonly uids: readonly number[]; readonly modseq: number }
  | { readonly kind: 'deleted' }

type Listener = (news: MailboxNews) => void

/** The messages of a mailbox as they were: none had come, and none gone, while these numbers stay. */
type Known = { readonly uidNext: number; readonly total: number; readonly uids: UidList }

/** The store's one feed, as the mailboxes hear it that sessions have open: one subscription for all of them. */
export class MailboxWatch {
  readonly #watched = new Map<string, Set<Listener>>()
  /** Sessions that are up to date share one list, and one that comes later finds it there. */
  readonly #known = new WeakMap<Mailbox, Known>()
  readonly #unsubscribe: () => void

  constructor(store: Pick<MailStore, 'subscribe'>) {
    this.#unsubscribe = store.subscribe(transaction => this.#hear(transaction))
  }

  /** Tells of each transaction in the step in which it happens. Returns the way out. */
  watch(mailbox: Mailbox, listener: Listener): () => void {
    const key = keyOf(...mailbox.place)
    const listeners = this.#watched.get(key) ?? new Set()
    this.#watched.set(key, listeners)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#watched.delete(key)
    }
  }

  /** The list of all messages that are there now, if a session has made one. */
  shared(mailbox: Mailbox): UidList | null {
    const known = this.#known.get(mailbox)
    if (known?.uidNext !== mailbox.uidNext || known.total !== mailbox.entries.total) return null
    return known.uids
  }

  /** The same of a session that has just learnt of every change; answers the list that it is to use. */
  share(mailbox: Mailbox, uids: UidList): UidList {
    const known = this.shared(mailbox)
    if (known) return known
    const { uidNext, entries } = mailbox
    this.#known.set(mailbox, { uidNext, total: entries.total, uids })
    return uids
  }

  close(): void {
    this.#unsubscribe()
  }

  #hear({ seq, changes }: Transaction): void {
    if (this.#watched.size === 0) return
    for (const change of changes) {
      const listeners = this.#watched.get(placeOf(change))
      const news = listeners && translate(change, seq)
      if (news) for (const listener of [...listeners]) listener(news)
    }
  }
}

const keyOf = (account: number, mailbox: number): string => `${account}/${mailbox}`

/** Changes without a mailbox are of the INBOX of the catch-all. */
const CATCH_ALL_INBOX = keyOf(1, 1)

const placeOf = (change: Change): string =>
  'mailbox' in change ? keyOf(change.account, change.mailbox) : CATCH_ALL_INBOX

const translate = (change: Change, modseq: number): MailboxNews | null => {
  switch (change.type) {
    case 'message.added':
      return { kind: 'added', uids: [change.entry.number] }
    case 'entry.added':
      return { kind: 'added', uids: idsOf(change.ids) }
    case 'message.changed': {
      const hasFlags = change.patch.flags !== undefined
      // What the parser found is no part of an entry.
      if (!hasFlags && change.patch.tags === undefined) return null
      return { kind: 'changed', uids: idsOf(change.ids), hasFlags }
    }
    case 'entry.changed':
      return { kind: 'changed', uids: idsOf(change.ids), hasFlags: true }
    case 'message.removed':
    case 'entry.removed':
      return { kind: 'removed', uids: idsOf(change.ids), modseq }
    case 'mailbox.deleted':
      return { kind: 'deleted' }
    default:
      return null
  }
}
