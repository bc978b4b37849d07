import { computed, effect, signal, untracked } from '@preact/signals'
import { listMessages } from './api.ts'
import { type Chosen, isAmong } from './chosen.ts'
import { pending } from './deletions.ts'
import { indexOf, newestId, onChange, placeOf, rowAt, total } from './inbox.ts'
import { route } from './route.ts'
import { countWithin, minus, type SequenceSet, setOf, sizeOf, union } from './sequence-set.ts'

/** What is selected in the list; nothing while no message is. */
const nothing: Chosen = { ids: [] }
export const selection = signal<Chosen>(nothing)

/** Rows that came above what "all" means. The last place that is known holds until there is another. */
let newer = 0

/** How many messages are selected. */
export const selectedCount = computed((): number => {
  const chosen = selection.value
  if ('ids' in chosen) return sizeOf(chosen.ids)
  newer = placeOf(chosen.upto) ?? newer
  const spared = pending.value.reduce(
    (count, { deletion }) =>
      'ids' in deletion
        ? deletion.ids.reduce((sum, ids) => sum - countWithin(chosen.except, ...ids), count)
        : count,
    sizeOf(chosen.except),
  )
  return Math.max(0, total.value - newer - spared)
})

export const hasSelection = computed(() => selectedCount.value > 0)
export const isSelected = (id: number): boolean => isAmong(selection.value, id)
/** Whether every row of the list is selected. */
export const isAllSelected = computed(
  () => hasSelection.value && selectedCount.value >= total.value,
)

/** Where a range begins, and what was selected when it was begun. */
let anchor: { readonly id: number; readonly before: Chosen } | null = null

const add = (chosen: Chosen, ids: SequenceSet): Chosen =>
  'ids' in chosen
    ? { ids: union(chosen.ids, ids) }
    : { ...chosen, except: minus(chosen.except, ids) }

const take = (chosen: Chosen, ids: SequenceSet): Chosen =>
  'ids' in chosen
    ? { ids: minus(chosen.ids, ids) }
    : { ...chosen, except: union(chosen.except, ids) }

/** "All" up to a row that came since: those between are spared. Null where they are not all known here. */
const reachUpTo = (chosen: Chosen, id: number): Chosen | null => {
  if ('ids' in chosen || id <= chosen.upto) return chosen
  const spared: number[] = []
  for (let index = 0; ; index++) {
    const row = rowAt(index)
    if (!row) return null
    if (row.id <= chosen.upto) break
    if (row.id < id) spared.push(row.id)
  }
  return { ...chosen, upto: id, except: union(chosen.except, setOf(spared)) }
}

/** Selects a message, or no longer. A range that follows begins at it. */
export const toggle = (id: number): void => {
  const one: SequenceSet = [[id, id]]
  const chosen = reachUpTo(selection.value, id)
  if (!chosen) return
  selection.value = isSelected(id) ? take(chosen, one) : add(chosen, one)
  anchor = { id, before: selection.value }
}

/** Selects all that the list has now, known here or not. */
export const selectAll = (): void => {
  if (total.value === 0) return
  newer = 0
  selection.value = { q: route.value.q, since: 0, upto: newestId(), except: [] }
  anchor = null
}

export const clearSelection = (): void => {
  selection.value = nothing
  anchor = null
}

/** Takes messages out of the selection, such as those that are gone. */
export const deselect = (ids: SequenceSet): void => {
  const chosen = selection.value
  if ('ids' in chosen) {
    if (chosen.ids.some(([first, last]) => countWithin(ids, first, last) > 0)) {
      selection.value = { ids: minus(chosen.ids, ids) }
    }
  } else if (chosen.except.some(([first, last]) => countWithin(ids, first, last) > 0)) {
    selection.value = { ...chosen, except: minus(chosen.except, ids) }
  }
  if (anchor && countWithin(ids, anchor.id, anchor.id) > 0) anchor = null
}

/** Rows of a range that may be asked for: so many in one request, and so many in all. */
const askAtOnce = 1_000
const askAtMost = 20_000

/** A range reaches over more rows that are not known here than will be asked for. */
export class RangeTooLong extends Error {
  override readonly name = 'RangeTooLong'
}

/** The ids of the rows between two messages of the list, both included. */
const idsBetween = async (one: number, other: number): Promise<SequenceSet> => {
  const [low, high] = one < other ? [one, other] : [other, one]
  const first = indexOf(high)
  const last = indexOf(low)
  const known: number[] = []
  if (first !== undefined && last !== undefined) {
    for (let index = first; index <= last; index++) {
      const row = rowAt(index)
      if (!row) break
      known.push(row.id)
    }
    if (known.length === last - first + 1) return setOf(known)
  }
  const { q } = route.value
  const ids: number[] = []
  for (let upto = high; upto >= low; ) {
    const page = await listMessages({ q, limit: askAtOnce, since: low - 1, upto })
    if (page.total + ids.length > askAtMost) throw new RangeTooLong()
    ids.push(...page.messages.map(({ id }) => id))
    if (page.messages.length < askAtOnce) break
    upto = (ids.at(-1) ?? low) - 1
  }
  return setOf(ids)
}

/**
 * Selects from where the last selection was begun to a message: all rows between become like the first of them.
 * @param from where there is no such beginning
 */
export const extendTo = async (id: number, from: number | null): Promise<void> => {
  anchor ??= { id: from ?? id, before: add(selection.value, [[from ?? id, from ?? id]]) }
  const mine = anchor
  const { before } = mine
  const ids = await idsBetween(mine.id, id)
  if (anchor !== mine) return
  const chosen = reachUpTo(before, Math.max(mine.id, id))
  if (!chosen) return
  selection.value = isAmong(before, mine.id) ? add(chosen, ids) : take(chosen, ids)
}

/** Keeps the selection as the list does: what is removed leaves it, and another search begins another one. */
export const startSelection = (): void => {
  onChange(change => {
    if (change.type === 'removed') deselect(change.ids)
  })
  let q: string | undefined
  effect(() => {
    const next = route.value.q
    if (next !== q) untracked(clearSelection)
    q = next
  })
}
