import { computed, effect, signal, untracked } from '@preact/signals'
import type { Facet, FacetKind, Facets } from '../server/http/resources.ts'
import { getFacets } from './api.ts'
import { applyToFacets } from './facet-counts.ts'
import { feedSeq } from './frames.ts'
import { onChange, onGap } from './inbox.ts'
import { isDrawerOpen, isRailOpen } from './layout.ts'
import { isLive } from './live.ts'
import type { RowChange } from './rows.ts'

/** Of each kind so many are shown; one more tells that there are more. */
export const shownFacets = 20
const limit = shownFacets + 1
/** Milliseconds between two requests. */
const pause = 3000
/** Milliseconds to wait for a change to be the last one. */
const rest = 250

/** What the messages have in common; null before the first answer. */
export const facets = signal<Facets | null>(null)
/** Raised by whoever wants to know of facets beside the rail, such as the search box, while it does. */
export const facetReaders = signal(0)

const isWanted = computed(
  () => isLive.value && (isRailOpen.value || isDrawerOpen.value || facetReaders.value > 0),
)

/** What the feed told while an answer was on its way. */
let missed: RowChange[] | null = null
let isStale = true
let lastRead = Number.NEGATIVE_INFINITY
let timer: ReturnType<typeof setTimeout> | undefined

const take = (change: RowChange): void => {
  const known = facets.value
  if (!known || change.to <= feedSeq(known.feed)) return
  // A frame that ends after the answer but begins before it holds some of what the answer knows.
  if (change.from < feedSeq(known.feed)) {
    askSoon()
    return
  }
  const { facets: next, isSure } = applyToFacets(known, change, limit)
  facets.value = next
  if (!isSure) askSoon()
}

const ask = async (): Promise<void> => {
  timer = undefined
  isStale = false
  lastRead = performance.now()
  missed = []
  try {
    const answer = await getFacets({ limit })
    const since = missed
    missed = null
    facets.value = answer
    for (const change of since) take(change)
    if (isStale) askSoon()
  } catch {
    // The live pill shows a lost connection; its return asks again.
    missed = null
    isStale = true
  }
}

/** Asks again when things have come to rest, and not before the pause is over; not at all while nobody looks. */
const askSoon = (): void => {
  isStale = true
  if (timer !== undefined || missed || !untracked(() => isWanted.value) || document.hidden) return
  const wait = lastRead + pause - performance.now()
  timer = setTimeout(() => void ask(), Math.max(facets.value ? rest : 0, wait))
}

const followFeed = (change: RowChange): void => {
  if (missed) missed.push(change)
  else take(change)
}

let isStarted = false

/** Follows the feed from now on, and asks for the counts whenever somebody looks. */
export const startFacets = (): void => {
  if (isStarted) return
  isStarted = true
  onChange(followFeed)
  onGap(askSoon)
  effect(() => {
    if (isWanted.value && isStale) untracked(askSoon)
  })
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && isStale) askSoon()
  })
}

/** Values of a kind that have a text in them, the most frequent first. Rejects with an ApiError. */
export const findFacets = async (
  kind: FacetKind,
  filter: string,
  signal: AbortSignal,
): Promise<readonly Facet[]> =>
  (await getFacets({ limit: shownFacets, kind, filter }, signal))[kind]
