import type { MailStore } from '../../../store/mail-store.ts'
import type { Mailbox } from '../../../store/mailbox.ts'
import type { Entry } from '../../../store/message.ts'
import { Pace } from '../../../store/pace.ts'
import type { Call, Selected } from '../../session.ts'
import { asksModseq, conditionOf, type SearchView } from './condition.ts'
import type { SearchKey } from './key.ts'
import type { SavedSearch } from './saved-search.ts'

/** What a session gives to SEARCH, SORT and THREAD. */
export type SearchContext = {
  readonly store: MailStore
  /** The selected one. */
  readonly mailbox: Mailbox
  /** The messages as the client knows them; must not change until the search is over. */
  readonly view: SearchView
  /** The session's own. */
  readonly saved: SavedSearch
  /** Whether this session is the first that was told of the message (RFC 3501 §2.3.2). */
  isRecent(uid: number): boolean
  /** Aborted when the connection ends: the search then rejects with its reason. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970; the clock where missing. */
  readonly now?: number
}

/** What the session has of it. */
export const contextOf = ({ session, state: { view } }: Call<Selected>): SearchContext => ({
  store: session.options.store,
  mailbox: view.mailbox,
  view,
  saved: view.saved,
  isRecent: uid => view.isRecent(uid),
  signal: session.connection.signal,
})

/** A message that matches, and the number that the client knows it by in this answer. */
export type Found = { readonly entry: Entry; readonly number: number }

/** The messages that match, ascending. Those that the client does not know of yet are left out, and those that are gone. */
export async function find(
  { key, isUid }: { readonly key: SearchKey; readonly isUid: boolean },
  context: SearchContext,
): Promise<readonly Found[]> {
  const { store, mailbox, view, signal } = context
  const upto = view.uidAt(view.count)
  if (upto === undefined) return []
  const condition = conditionOf(key, { now: Date.now(), ...context })
  const entries = await store.search(mailbox, condition, { upto, signal })
  const found: Found[] = []
  const pace = new Pace(signal)
  for (const entry of entries) {
    const number = view.sequenceNumberOf(entry.number)
    if (number !== undefined) found.push({ entry, number: isUid ? entry.number : number })
    if (pace.isDue) await pace.rest()
  }
  return found
}

/** Numbers in one piece of a response. */
const PIECE = 1_000

/**
 * The pieces of `* SEARCH 2 5 6` or `* SORT 5 2 6`, with the highest mod-sequence where MODSEQ is among the keys
 * (RFC 7162 §3.1.6, §3.1.9).
 */
export function* numbersResponse(
  name: 'SEARCH' | 'SORT',
  key: SearchKey,
  found: readonly Found[],
): Generator<string> {
  yield `* ${name}`
  for (let at = 0; at < found.length; at += PIECE) {
    const piece = found.slice(at, at + PIECE)
    yield ` ${piece.map(({ number }) => number).join(' ')}`
  }
  const isModseq = asksModseq(key) && found.length > 0
  yield isModseq ? ` (MODSEQ ${highestModseq(found)})\r\n` : '\r\n'
}

export function highestModseq(found: readonly Found[]): number {
  return found.reduce((highest, { entry }) => Math.max(highest, entry.modseq), 0)
}
