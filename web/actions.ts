import { computed, effect, signal, untracked } from '@preact/signals'
import { announce } from './announce.ts'
import { type Changes, changeMessages, sendMessage } from './api.ts'
import { type Chosen, isAmong } from './chosen.ts'
import { deleteLater, undo } from './deletions.ts'
import { anchorId, indexOf, isAtTop, knownRows, newestId, placeOf, rowAt, total } from './inbox.ts'
import { isSplit } from './layout.ts'
import { whyReadOnly } from './live.ts'
import { emptyTabs, opened, openId, wantTab } from './message.ts'
import { navigate, route, type Tab } from './route.ts'
import {
  clearSelection,
  deselect,
  extendTo,
  hasSelection,
  isAllSelected,
  RangeTooLong,
  selectAll,
  selectedCount,
  selection,
  toggle,
} from './selection.ts'
import { setOf, sizeOf } from './sequence-set.ts'
import { isDeleteAllowed } from './server-stats.ts'
import { strings } from './strings.ts'

/** The row that the keys act on. */
export const activeId = signal<number | null>(null)
/** Raised to have the list show the active row and take the focus. */
export const focusList = signal(0)
/** What went wrong with the last action; `''` when nothing did. */
export const actionError = signal('')

/** Why nothing can be deleted; null while it can. */
export const whyNoDelete = computed(() =>
  isDeleteAllowed.value ? whyReadOnly.value : strings.actions.deleteIsOff,
)

const attempt = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work
    actionError.value = ''
  } catch (error) {
    actionError.value = error instanceof Error ? error.message : String(error)
  }
}

/** The message that a command is about: the open one, or else the active row. */
const subjectId = (): number | null => openId.value ?? activeId.value

export const openMessage = (id: number, how: 'push' | 'replace' = 'push'): void => {
  activeId.value = id
  const here = route.value
  const tab = here.page === 'message' ? here.tab : null
  navigate({ page: 'message', id, tab, q: here.q }, how)
}

export const showTab = (tab: Tab): void => {
  const here = route.value
  if (here.page === 'message' && !emptyTabs.value.includes(tab)) {
    wantTab(tab)
    navigate({ ...here, tab: tab === 'html' ? null : tab }, 'replace')
  }
}

export const toInbox = (): void => {
  navigate({ page: 'inbox', q: route.value.q })
  focusList.value += 1
}

/** Moves by so many rows: the active row, and with it the open message. */
export const move = (by: number): void => {
  const from = subjectId()
  const index = from === null ? undefined : indexOf(from)
  // From a row that is gone to its neighbours, from nowhere to the first row in view.
  const start = from ?? (isAtTop.value ? null : anchorId.value)
  const place = (start === null ? undefined : placeOf(start)) ?? 0
  const beside = by > 0 || from === null ? place : place - 1
  const to = index === undefined ? beside : index + by
  const row = rowAt(Math.min(Math.max(0, to), total.value - 1))
  if (!row) return
  activeId.value = row.id
  if (openId.value !== null) openMessage(row.id, 'replace')
}

/** Moves the active row without opening it: Home and End. */
export const moveTo = (index: number): void => {
  const row = rowAt(index)
  if (row) activeId.value = row.id
}

const words = strings.actions

const only = (id: number): Chosen => ({ ids: [[id, id]] })

/** What a command is about: the selection, or else the open message or the active row. Null where there is nothing. */
const subject = (): Chosen | null => {
  if (hasSelection.value) return selection.value
  const id = subjectId()
  return id === null ? null : only(id)
}

/** What this page knows of a message. */
const known = (id: number): { readonly unread: boolean; readonly flagged: boolean } | undefined => {
  const shown = opened.value.is === 'ready' ? opened.value.message : undefined
  if (shown?.id === id) return shown
  const index = indexOf(id)
  return index === undefined ? undefined : rowAt(index)
}

/** Whether all known messages among these have a flag. */
const haveAll = (chosen: Chosen, has: 'unread' | 'flagged', is: boolean): boolean => {
  if ('ids' in chosen && sizeOf(chosen.ids) === 1) {
    return known(chosen.ids[0]?.[0] ?? 0)?.[has] === is
  }
  return knownRows().every(row => !isAmong(chosen, row.id) || row[has] === is)
}

/** What the next press of "mark as read" or "flag" does to the selection. */
export const nextMarks = computed(() => ({
  unread: haveAll(selection.value, 'unread', false),
  flagged: !haveAll(selection.value, 'flagged', true),
}))

/** Changes messages; why not is shown above the list. */
export const change = (chosen: Chosen, changes: Changes): void => {
  if (!whyReadOnly.value) void attempt(changeMessages(chosen, changes))
}

export const markUnread = (ids: readonly number[], unread: boolean): void => {
  if (ids.length > 0) change({ ids: setOf(ids) }, { unread })
}

export const toggleUnread = (): void => {
  const chosen = subject()
  if (chosen) change(chosen, { unread: haveAll(chosen, 'unread', false) })
}

export const toggleFlagged = (): void => {
  const chosen = subject()
  if (chosen) change(chosen, { flagged: !haveAll(chosen, 'flagged', true) })
}

/** All that the list has now, as it is found. */
export const allFound = (): Chosen => ({
  q: route.value.q,
  since: 0,
  upto: newestId(),
  except: [],
})

/** Marks all that the list shows as read. */
export const markAllRead = (): void => {
  const count = total.value
  if (whyReadOnly.value || count === 0) return
  change(allFound(), { unread: false })
  announce(words.markedRead(count))
}

// --- selecting ---

const saySelection = (): void =>
  announce(
    hasSelection.value
      ? words.selected(selectedCount.value, isAllSelected.value)
      : words.noneSelected,
  )

export const toggleSelect = (id: number | null = subjectId()): void => {
  if (id === null) return
  toggle(id)
  saySelection()
}

/** Selects from where the last one was selected to this message. */
export const selectTo = async (id: number): Promise<void> => {
  try {
    await extendTo(id, subjectId())
    saySelection()
    actionError.value = ''
  } catch (error) {
    actionError.value =
      error instanceof RangeTooLong
        ? words.rangeTooLong
        : error instanceof Error
          ? error.message
          : String(error)
  }
}

/** Selects by so many rows further. The active row goes along, the open message stays. */
export const extendSelection = (by: number): void => {
  const from = activeId.value ?? subjectId()
  const index = from === null ? undefined : indexOf(from)
  const row = rowAt(Math.min(Math.max(0, (index ?? -by) + by), total.value - 1))
  if (!row) return
  void selectTo(row.id)
  activeId.value = row.id
}

export const selectEverything = (): void => {
  selectAll()
  saySelection()
}

export const selectNothing = (): void => {
  clearSelection()
  saySelection()
  // The bar goes with the selection, and the focus would with it.
  focusList.value += 1
}

// --- deleting ---

/** The nearest row that stays, below first. */
const neighbour = (id: number, goes: (id: number) => boolean): number | null => {
  const place = indexOf(id)
  if (place === undefined) return null
  for (const by of [1, -1]) {
    for (let at = place + by; ; at += by) {
      const row = at < 0 ? undefined : rowAt(at)
      if (!row) break
      if (!goes(row.id)) return row.id
    }
  }
  return null
}

/** Deletes messages unless that is undone, and goes on to the next one, or back to the list where it covers the message. */
const remove = (chosen: Chosen, count: number): void => {
  const goes = (id: number): boolean => isAmong(chosen, id)
  const active = activeId.value
  const open = openId.value
  const activeNext = active !== null && goes(active) ? neighbour(active, goes) : active
  const openNext = open !== null && goes(open) ? neighbour(open, goes) : null
  deleteLater(chosen, count, route.value.q)
  announce(words.deletedUndo(count))
  activeId.value = activeNext
  if (open !== null && goes(open)) {
    if (openNext !== null && isSplit.value) openMessage(openNext, 'replace')
    else toInbox()
  }
}

/** Deletes one message. */
export const deleteMessage = (id: number | null = subjectId()): void => {
  if (id === null || whyNoDelete.value) return
  const one = only(id)
  remove(one, 1)
  if ('ids' in one) deselect(one.ids)
}

/** Deletes what is selected. */
export const deleteSelected = (): void => {
  if (whyNoDelete.value || !hasSelection.value) return
  const chosen = selection.value
  const count = selectedCount.value
  clearSelection()
  remove(chosen, count)
  focusList.value += 1
}

/** Deletes the selection, or else the open message or the active row. */
export const deleteSubject = (): void => {
  if (hasSelection.value) deleteSelected()
  else deleteMessage()
}

/** Deletes all that the list shows. */
export const deleteAll = (): void => {
  const count = total.value
  if (whyNoDelete.value || count === 0) return
  clearSelection()
  remove(allFound(), count)
}

export const undoDeletion = (): void => {
  const undone = undo()
  if (!undone) return
  announce(words.restored(undone.count))
  if ('ids' in undone.deletion) activeId.value = undone.deletion.ids.at(-1)?.[1] ?? null
}

/** Sends a mail to this inbox, through the API. */
export const sendTestMail = (): Promise<void> =>
  attempt(import('./test-mail.ts').then(({ testMail }) => sendMessage(testMail)))

/** Keeps the active row on the open message. */
export const startActions = (): void => {
  effect(() => {
    const id = openId.value
    if (id !== null) untracked(() => (activeId.value = id))
  })
}
