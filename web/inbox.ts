import { computed, effect, signal, untracked } from '@preact/signals'
import type { Frame, MessageList, MessageSummary } from '../server/http/resources.ts'
import { ApiError, listMessages } from './api.ts'
import { countAmong, isAmong } from './chosen.ts'
import { pending, settleRemoved, settleSent } from './deletions.ts'
import { feedSeq, rowChanges } from './frames.ts'
import {
  type HiddenPlaces,
  hiddenAbove,
  hiddenCount,
  hide,
  placeOfShown,
  shownIndex,
  shownPlaces,
} from './hidden.ts'
import { matches, mayBringIn } from './query-match.ts'
import { route } from './route.ts'
import { type Gap, pageSize, type RowChange, Rows } from './rows.ts'

export type ListState =
  | { readonly is: 'loading' }
  | { readonly is: 'ready' }
  | { readonly is: 'failed'; readonly error: ApiError }

/** The whole inbox, whatever the list shows; null before the first answer. */
export const counts = signal<{ readonly total: number; readonly unread: number } | null>(null)
export const listState = signal<ListState>({ is: 'loading' })
/** Arrivals since the top of the list was last in view. */
export const fresh = signal(0)
/** True while the first row is in view: told by the list. */
export const isAtTop = signal(true)
/** True once the store has dropped old messages to keep its limits. */
export const hasDropped = signal(false)
/** The first row in view: what is kept in place when the list is read anew. */
export const anchorId = signal<number | null>(null)

const listeners = new Set<(change: RowChange) => void>()
/** Tells of each change of the feed once it is in the list. */
export const onChange = (listener: (change: RowChange) => void): void => {
  listeners.add(listener)
}

const gapListeners = new Set<() => void>()
/** Tells that the feed has passed over changes: what is known of them has to be asked for. */
export const onGap = (listener: () => void): void => {
  gapListeners.add(listener)
}

const search = computed(() => route.value.q)
let rows = new Rows({ total: 0, upto: 0, seq: 0 }, true)
/** Counts the changes of `rows`, for whoever renders them. */
const version = signal(0)
const touch = (): void => {
  version.value = untracked(() => version.value) + 1
}

/** Where the rows are that wait to be deleted. */
const hidden = computed((): HiddenPlaces => {
  version.value
  const q = search.value
  // What another search would find cannot be told here, but that everything is found by none.
  const meant = pending.value.filter(
    ({ deletion }) => 'ids' in deletion || deletion.q === '' || deletion.q === q,
  )
  if (meant.length === 0) return []
  const places = rows.placesOf(
    id => meant.some(({ deletion }) => isAmong(deletion, id)),
    (first, last, size) =>
      meant.reduce(
        (sum, { deletion, from }) =>
          sum + (q === '' || from === q ? countAmong(deletion, first, last, size) : 0),
        0,
      ),
  )
  return hide(places)
})

/** How many rows are shown. */
export const total = computed(() => {
  version.value
  return rows.total - hiddenCount(hidden.value)
})
/** The newest id that the list takes account of: up to where "all" goes. */
export const newestId = (): number => rows.upto

/** The row shown as number `index`; undefined while it is not known here. */
export const rowAt = (index: number): MessageSummary | undefined => {
  version.value
  return index < total.value ? rows.at(placeOfShown(hidden.value, index)) : undefined
}

/** Every row of the list that is known here. */
export const knownRows = (): readonly MessageSummary[] => {
  version.value
  return [...rows.known()]
}

/** As which number a message is shown; undefined where it is not, or not known here. */
export const indexOf = (id: number): number | undefined => {
  version.value
  const place = rows.indexOf(id)
  return place === undefined ? undefined : shownIndex(hidden.value, place)
}

/** Where a message is shown, or would be. */
export const placeOf = (id: number): number | undefined => {
  version.value
  const place = rows.placeOf(id)
  return place === undefined ? undefined : place - hiddenAbove(hidden.value, place)
}

// --- reading pages ---

/** Places of the rows to have, `[start, end)`: what is hidden lies between them. */
let wanted: readonly (readonly [start: number, end: number])[] = []
let isAsking = false
let reading: AbortController | null = null
/** What the feed told while the list is being read anew. */
let missed: RowChange[] | null = null

/** A lost connection shows in the live pill; all else is a fault of ours. */
const ignoreLost = (error: unknown): void => {
  if (!(error instanceof ApiError)) throw error
}

const asError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError(0, null, { cause: error })

/** The list is to have these rows, `[start, end)`. */
export const show = (start: number, end: number): void => {
  wanted = shownPlaces(hidden.value, start, end)
  for (const [first, last] of wanted) rows.use(first, last)
  void fill()
}

const fill = async (): Promise<void> => {
  if (isAsking || listState.value.is !== 'ready') return
  let gap: Gap | null = null
  for (const [start, end] of wanted) gap ??= rows.gap(start, end)
  if (!gap) return
  isAsking = true
  const mine = rows
  const ticket = mine.begin()
  const q = search.value
  // In a filtered list the server's places drift from ours as messages turn read: go by the row before.
  const after = q ? gap.after : undefined
  try {
    const answer = await listMessages({
      q,
      limit: gap.limit,
      upto: ticket.upto,
      ...(after === undefined ? { offset: gap.offset } : { before: after }),
    })
    if (mine === rows) {
      const isWhole = answer.messages.length === gap.limit || ticket.missed.length > 0
      const page = {
        offset: gap.offset,
        rows: answer.messages,
        upto: ticket.upto,
        seq: feedSeq(answer.feed),
        after,
      }
      if (!mine.insert(ticket, page) || !isWhole) readSoon()
      touch()
    }
  } catch (error) {
    mine.drop(ticket)
    isAsking = false
    const failure = asError(error)
    // Without a connection the rows that are known stay; the feed's return asks again.
    if (mine === rows && failure.status !== 0) listState.value = { is: 'failed', error: failure }
    return
  }
  isAsking = false
  void fill()
}

/** Reads the list anew around the first row in view; what is shown stays until the answer is there. */
export const read = async (anchor: number | null = anchorId.value): Promise<void> => {
  clearTimeout(timer)
  timer = undefined
  reading?.abort()
  const mine = new AbortController()
  reading = mine
  missed = []
  const q = search.value
  try {
    let answer: MessageList
    let offset = 0
    if (anchor !== null && !isAtTop.value) {
      const place = await listMessages({ q, limit: 1, since: anchor }, mine.signal)
      offset = Math.max(0, place.total - pageSize / 2)
      const upto = place.cursor
      answer = await listMessages({ q, limit: pageSize, offset, upto }, mine.signal)
      answer = { ...answer, cursor: upto }
    } else answer = await listMessages({ q, limit: pageSize }, mine.signal)
    if (reading !== mine) return
    install(answer, offset, q)
  } catch (error) {
    if (reading === mine) listState.value = { is: 'failed', error: asError(error) }
  } finally {
    if (reading === mine) {
      reading = null
      missed = null
    }
  }
}

const install = (answer: MessageList, offset: number, q: string): void => {
  const seq = feedSeq(answer.feed)
  const list = new Rows({ total: answer.total, upto: answer.cursor, seq }, q === '')
  list.insert(list.begin(), { offset, rows: answer.messages, upto: answer.cursor, seq })
  if (q === '' && !counts.value) counts.value = { total: answer.total, unread: answer.unread }
  let isSure = true
  for (const change of missed ?? []) {
    if (change.type === 'added' && q) hasNewer = true
    else isSure = list.apply(change) && isSure
  }
  rows = list
  settleSent()
  listState.value = { is: 'ready' }
  touch()
  // A search that is not at its end goes on when it is asked for again.
  if (!isSure || seq < followedFrom || answer.partial) readSoon()
  if (hasNewer) void readNewer()
  void fill()
}

// --- reading anew, in moderation ---

let timer: ReturnType<typeof setTimeout> | undefined
let lastRead = 0

/** Reads the list anew when things have come to rest, at the latest in two seconds. */
const readSoon = (): void => {
  const now = performance.now()
  if (timer === undefined) lastRead = now
  clearTimeout(timer)
  timer = setTimeout(() => void read(), Math.max(0, Math.min(250, lastRead + 2000 - now)))
}

let hasNewer = false
let isReadingNewer = false

/** Asks which arrivals belong into a filtered list: only the server can tell. */
const readNewer = async (): Promise<void> => {
  if (isReadingNewer || !search.value) return
  isReadingNewer = true
  try {
    while (hasNewer) {
      hasNewer = false
      const mine = rows
      const q = search.value
      const answer = await listMessages({ q, limit: pageSize, since: mine.upto })
      if (mine !== rows || q !== search.value) break
      if (answer.total > answer.messages.length) readSoon()
      else {
        take({ type: 'added', from: 0, to: 0, rows: answer.messages })
      }
      await new Promise(resolve => setTimeout(resolve, 250))
    }
  } catch (error) {
    ignoreLost(error) // and the next arrival asks again
  } finally {
    isReadingNewer = false
  }
}

// --- following the feed ---

type Step = { readonly change: RowChange } | { readonly frame: Frame }
let steps: Step[] = []
let at = 0
let isScheduled = false
/** Where following began: a list read before that may have missed something. */
let followedFrom = 0

const take = (change: RowChange): void => {
  const before = rows.total
  if (!rows.apply(change)) readSoon()
  if (change.type === 'added' && !isAtTop.value) {
    const count = rows.total - before
    fresh.value += count
    // The rows in view have moved down, and the view will follow them.
    wanted = wanted.map(([start, end]) => [start + count, end + count])
  }
  if (change.type === 'removed') settleRemoved(change.ids)
  touch()
}

/** Arrivals while the list is filtered: what the rows do not tell of the search, the server does. */
const takeFound = (change: RowChange & { type: 'added' }): void => {
  const q = search.value
  const found = change.rows.filter(row => matches(q, row) !== false)
  // In the order of their ids: not past one that the server is being asked for.
  const isTold = !hasNewer && !isReadingNewer && found.every(row => matches(q, row) === true)
  if (isTold) take({ ...change, rows: found })
  else if (found.length > 0) {
    hasNewer = true
    void readNewer()
  }
}

/** Whether a change may bring messages into a filtered list that it does not have. */
const bringsIn = (change: RowChange): boolean => {
  if (change.type !== 'changed' || !search.value || !mayBringIn(search.value, change.patch)) {
    return false
  }
  for (const [first, last] of change.ids) {
    if (last - first >= pageSize) return true
    for (let id = first; id <= last; id++) if (rows.indexOf(id) === undefined) return true
  }
  return false
}

const step = (next: Step): void => {
  if ('change' in next) {
    const { change } = next
    missed?.push(change)
    if (listState.value.is === 'ready') {
      if (change.type === 'added' && search.value) takeFound(change)
      else take(change)
      if (bringsIn(change)) readSoon()
    }
    for (const listener of listeners) listener(change)
    return
  }
  const { frame } = next
  counts.value = { total: frame.total, unread: frame.unread }
  if ('resync' in frame) readSoon()
  else if ('range' in frame) {
    if (!isAtTop.value && !search.value) {
      fresh.value += Math.max(0, frame.range.to - Math.max(frame.range.from - 1, rows.upto))
    }
    readSoon()
  } else if (listState.value.is === 'failed') readSoon()
  else if (!search.value && feedSeq(frame.feed) > rows.seq && rows.total !== frame.total) readSoon()
  else void fill()
}

/** Milliseconds of a frame of the screen that may go into taking in changes. */
const share = 6

/** A share of each frame of the screen; in a hidden page, where there are none, all at once. */
const work = (): void => {
  isScheduled = false
  const end = performance.now() + share
  do {
    const next = steps[at++]
    if (next) step(next)
  } while (at < steps.length && (document.hidden || performance.now() < end))
  if (at < steps.length) schedule()
  else {
    steps = []
    at = 0
  }
}

const schedule = (): void => {
  if (isScheduled) return
  isScheduled = true
  if (document.hidden) queueMicrotask(work)
  else requestAnimationFrame(work)
}

/** Takes a frame of the feed. `before` is the position of the one before it, `''` for the first. */
export const takeFrame = (frame: Frame, before: string): void => {
  if (before === '' || 'resync' in frame) followedFrom = feedSeq(frame.feed)
  if ('changes' in frame) {
    if (frame.changes.some(isRetention)) hasDropped.value = true
    for (const change of rowChanges(frame, feedSeq(before))) steps.push({ change })
  }
  steps.push({ frame })
  schedule()
  if (!('changes' in frame)) for (const listener of gapListeners) listener()
}

const isRetention = (change: { type: string; reason?: string }): boolean =>
  change.type === 'message.removed' && change.reason === 'retention'

/** A row to bring into view that is not known here yet: its number. */
export const located = signal<number | null>(null)

/** Finds out where a message stands that is not known here, such as one opened by its address. */
const locate = async (id: number): Promise<void> => {
  const q = search.value
  const { total: place } = await listMessages({ q, limit: 1, since: id })
  if (q === search.value) located.value = place
}

/** Reads the list for each new search. */
export const startInbox = (): void => {
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && isScheduled) work()
  })
  let known: string | undefined
  effect(() => {
    const q = search.value
    if (q === known) return
    known = q
    untracked(() => {
      listState.value = { is: 'loading' }
      fresh.value = 0
      isAtTop.value = true
      hasNewer = false
      const { value: here } = route
      void read(null).then(() => {
        if (here.page !== 'message' || listState.value.is !== 'ready') return
        if (rows.placeOf(here.id) === undefined) void locate(here.id).catch(ignoreLost)
      })
    })
  })
}
