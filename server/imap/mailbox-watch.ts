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

/** One mailbox that sessions have open. */
type Watched = {
  readonly listeners: Set<Listener>
  /** Rises when messages come or go. */
  version: number
  /** The messages as they were at a version: sessions that are up to date share one list. */
  known: { readonly version: number; readonly uids: UidList } | null
}

/** The store's one feed, as the mailboxes hear it that sessions have open: one subscription for all of them. */
export class MailboxWatch {
  readonly #watched = new Map<string, Watched>()
  readonly #unsubscribe: () => void

  constructor(store: Pick<MailStore, 'subscribe'>) {
    this.#unsubscribe = store.subscribe(transaction => this.#hear(transaction))
  }

  /** Tells of each transaction in the step in which it happens. Returns the way out. */
  watch(mailbox: Mailbox, listener: Listener): () => void {
    const key = keyOf(...mailbox.place)
    const watched = this.#watched.get(key) ?? { listeners: new Set(), version: 0, known: null }
    this.#watched.set(key, watched)
    watched.listeners.add(listener)
    return () => {
      watched.listeners.delete(listener)
      if (watched.listeners.size === 0) this.#watched.delete(key)
    }
  }

  /** The list of all messages that are there now, if a session has one. */
  shared(mailbox: Mailbox): UidList | null {
    const watched = this.#watched.get(keyOf(...mailbox.place))
    return watched?.known?.version === watched?.version ? (watched?.known?.uids ?? null) : null
  }

  /** The same of a session that has just learnt of every change; answers the list that it is to use. */
  share(mailbox: Mailbox, uids: UidList): UidList {
    const watched = this.#watched.get(keyOf(...mailbox.place))
    if (!watched) return uids
    if (watched.known?.version !== watched.version) {
      watched.known = { version: watched.version, uids }
    }
    return watched.known.uids
  }

  close(): void {
    this.#unsubscribe()
  }

  #hear({ seq, changes }: Transaction): void {
    if (this.#watched.size === 0) return
    for (const change of changes) {
      const watched = this.#watched.get(placeOf(change))
      const news = watched && translate(change, seq)
      if (!news) continue
      if (news.kind === 'added' || news.kind === 'removed') watched.version++
      for (const listener of [...watched.listeners]) listener(news)
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
