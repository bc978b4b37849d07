import { computed, effect, signal, untracked } from '@preact/signals'
import { announce } from './announce.ts'
import { markMessages, sendMessage } from './api.ts'
import { deleteLater, undo } from './deletions.ts'
import { formatCount } from './format.ts'
import { anchorId, indexOf, isAtTop, newestId, placeOf, rowAt, total } from './inbox.ts'
import { isSplit } from './layout.ts'
import { whyReadOnly } from './live.ts'
import { emptyTabs, opened, openId, wantTab } from './message.ts'
import { navigate, route, type Tab } from './route.ts'
import { isDeleteAllowed } from './server-stats.ts'

/** The row that the keys act on. */
export const activeId = signal<number | null>(null)
/** Raised to have the list show the active row and take the focus. */
export const focusList = signal(0)
/** What went wrong with the last action; `''` when nothing did. */
export const actionError = signal('')

/** Why nothing can be deleted; null while it can. */
export const whyNoDelete = computed(() =>
  isDeleteAllowed.value ? whyReadOnly.value : 'Deleting is switched off (--no-delete)',
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

export const markUnread = (ids: readonly number[], unread: boolean): void => {
  if (!whyReadOnly.value && ids.length > 0) void attempt(markMessages(ids, unread))
}

export const toggleUnread = (): void => {
  const id = subjectId()
  if (id === null) return
  const place = indexOf(id)
  const row = place === undefined ? undefined : rowAt(place)
  const shown = opened.value.is === 'ready' ? opened.value.message : undefined
  const isUnread = shown?.id === id ? shown.unread : row?.unread
  if (isUnread !== undefined) markUnread([id], !isUnread)
}

/** Deletes one message, and goes on to the next one, or back to the list where it covers the message. */
export const deleteMessage = (id: number | null = subjectId()): void => {
  if (id === null || whyNoDelete.value) return
  const place = indexOf(id)
  const next =
    place === undefined
      ? undefined
      : (rowAt(place + 1) ?? (place > 0 ? rowAt(place - 1) : undefined))
  deleteLater({ ids: [id] }, 1)
  announce('Message deleted. Press z to undo.')
  activeId.value = next?.id ?? null
  if (openId.value === id) {
    if (next && isSplit.value) openMessage(next.id, 'replace')
    else toInbox()
  }
}

/** Deletes all that the list shows. */
export const deleteAll = (): void => {
  const count = total.value
  if (whyNoDelete.value || count === 0) return
  deleteLater({ q: route.value.q, upto: newestId() }, count)
  announce(`${formatCount(count, 'message')} deleted. Press z to undo.`)
  activeId.value = null
  if (openId.value !== null) toInbox()
}

export const undoDeletion = (): void => {
  const undone = undo()
  if (!undone) return
  announce(`${formatCount(undone.count, 'message')} restored`)
  if ('ids' in undone.deletion) activeId.value = undone.deletion.ids[0] ?? null
}

/** Sends a mail to this inbox, through the API. */
export const sendTestMail = (): Promise<void> =>
  attempt(
    sendMessage({
      from: 'Mailcatch <hello@mailcatch.example>',
      to: 'you@example.com',
      subject: 'It works',
      text: 'This is a test mail, sent by the Mailcatch inbox to itself.\n\nPoint your app at the SMTP port and its mail shows up here too, whatever address it goes to.\n',
      html: testHtml,
    }),
  )

const testHtml = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>It works</title></head>
<body style="margin:0;padding:32px 16px;background:#f3f5f8;font:16px/1.5 system-ui,sans-serif;color:#1b2430">
<div style="max-width:480px;margin:auto;padding:32px;background:#fff;border-radius:12px;border:1px solid #dfe4ea">
<h1 style="margin:0 0 12px;font-size:22px;line-height:1.3">It works</h1>
<p style="margin:0 0 12px">This is a test mail, sent by the Mailcatch inbox to itself.</p>
<p style="margin:0;color:#515c6b">Point your app at the SMTP port and its mail shows up here too, whatever address it goes to.</p>
</div></body></html>`

/** Keeps the active row on the open message. */
export const startActions = (): void => {
  effect(() => {
    const id = openId.value
    if (id !== null) untracked(() => (activeId.value = id))
  })
}
