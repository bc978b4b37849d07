import { always, and, type Condition, not, or } from '../../../store/condition.ts'
import { fieldHolds, isSent, messageHolds } from '../../../store/holds.ts'
import { canonicalSize, type MailStore } from '../../../store/mail-store.ts'
import type { Entry } from '../../../store/message.ts'
import { emailIdOf } from '../../object-id.ts'
import {
  includesNumber,
  type NumberRange,
  positionsOfSequenceNumbers,
} from '../../syntax/sequence-set.ts'
import type { SearchKey } from './key.ts'
import type { SavedSearch } from './saved-search.ts'

/** The messages as the client knows them. */
export type SearchView = {
  readonly count: number
  uidAt(sequenceNumber: number): number | undefined
  sequenceNumberOf(uid: number): number | undefined
}

/** What the keys of a search refer to. */
export type SearchScope = {
  readonly store: MailStore
  readonly view: SearchView
  /** What `$` is. */
  readonly saved: SavedSearch
  /** Whether this session is the first that was told of the message (RFC 3501 §2.3.2). */
  isRecent(uid: number): boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Milliseconds. */
const DAY = 86_400_000
const never: Condition = () => false

/** The condition that a search key stands for, on the entries of the mailbox. */
export function conditionOf(key: SearchKey, scope: SearchScope): Condition {
  switch (key.kind) {
    case 'all':
      return always
    case 'and':
      return and(cheapestFirst(key.keys).map(each => conditionOf(each, scope)))
    case 'or':
      return or(cheapestFirst(key.keys).map(each => conditionOf(each, scope)))
    case 'not':
      return not(conditionOf(key.key, scope))
    case 'sequence':
      if (key.set.kind === 'saved') return ({ number }) => scope.saved.has(number)
      return isAmong(uidsOf(key.set.ranges, scope.view), 0)
    case 'uid':
      if (key.set.kind === 'saved') return ({ number }) => scope.saved.has(number)
      return isAmong(key.set.ranges, scope.view.uidAt(scope.view.count) ?? 0)
    case 'flag':
      return hasFlag(key.flag)
    case 'recent':
      return ({ number }) => scope.isRecent(number)
    case 'header':
      return fieldHolds(key.name, key.text)
    case 'body':
      return messageHolds(key.text, { withHeaders: false })
    case 'text':
      return messageHolds(key.text, { withHeaders: true })
    case 'date':
      return isDated(key)
    case 'size':
      return key.is === 'larger'
        ? ({ message }) => canonicalSize(message) > key.octets
        : ({ message }) => canonicalSize(message) < key.octets
    case 'age': {
      // To the second, as dates are shown (RFC 5032 §2).
      const target = Math.floor(scope.now / 1_000) - key.seconds
      return key.is === 'older'
        ? ({ internalDate }) => Math.floor(internalDate / 1_000) <= target
        : ({ internalDate }) => Math.floor(internalDate / 1_000) >= target
    }
    case 'modseq':
      return ({ modseq }) => modseq >= key.modseq
    case 'emailId':
      return ({ message }) => emailIdOf(scope.store, message) === key.id
    // There is none, which a search must then not match (RFC 8474 §5.2).
    case 'threadId':
      return never
    case 'saveDateSupported':
      return always
  }
}

/** Whether MODSEQ is among the keys, so that the answer must tell the highest one (RFC 7162 §3.1.5). */
export function asksModseq(key: SearchKey): boolean {
  switch (key.kind) {
    case 'and':
    case 'or':
      return key.keys.some(asksModseq)
    case 'not':
      return asksModseq(key.key)
    default:
      return key.kind === 'modseq'
  }
}

/** What decides without a look into messages comes before what may need one, and thereby saves it. */
function cheapestFirst(keys: readonly SearchKey[]): readonly SearchKey[] {
  return keys.toSorted((a, b) => cost(a) - cost(b))
}

const COSTS: Partial<Record<SearchKey['kind'], number>> = { date: 1, header: 2, text: 3, body: 3 }

function cost(key: SearchKey): number {
  switch (key.kind) {
    case 'and':
    case 'or':
      return Math.max(...key.keys.map(cost))
    case 'not':
      return cost(key.key)
    default:
      return COSTS[key.kind] ?? 0
  }
}

/** The same messages by UID. */
function uidsOf(ranges: readonly NumberRange[], view: SearchView): readonly NumberRange[] {
  return positionsOfSequenceNumbers(ranges, view.count).map(({ start, end }) => ({
    first: view.uidAt(start + 1) as number,
    last: view.uidAt(end) as number,
  }))
}

function isAmong(ranges: readonly NumberRange[], highest: number): Condition {
  return ({ number }) => includesNumber(ranges, number, highest)
}

/** Flags are the same whatever their case (RFC 9051 §9, note 1). */
function hasFlag(wanted: string): Condition {
  const lower = wanted.toLowerCase()
  // Entries with the same flags share the set of them.
  const known = new Map<readonly string[], boolean>()
  return ({ flags }) => {
    let has = known.get(flags)
    if (has === undefined) {
      has = flags.some(flag => flag.toLowerCase() === lower)
      known.set(flags, has)
    }
    return has
  }
}

/** A day is that of the date as we show it, in +0000, but of the Date field that which it says itself. */
function isDated({ of, is, date }: Extract<SearchKey, { kind: 'date' }>): Condition {
  const from = is === 'before' ? Number.NEGATIVE_INFINITY : date
  const upto = is === 'since' ? Number.POSITIVE_INFINITY : is === 'on' ? date : date - DAY
  if (of === 'sent') return isSent(from, upto)
  const time = (entry: Entry) => (of === 'saved' ? entry.savedAt : entry.internalDate)
  return entry => time(entry) >= from && time(entry) < upto + DAY
}
