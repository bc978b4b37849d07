import { computed, effect, signal, untracked } from '@preact/signals'
import type { MessageDetail } from '../server/http/resources.ts'
import { type ApiError, getMessage } from './api.ts'
import { onChange } from './inbox.ts'
import { asError } from './loaded.ts'
import { route, type Tab, tabs } from './route.ts'
import { holds } from './sequence-set.ts'
import { stats } from './server-stats.ts'
import { firstTab, trustedSenders } from './settings.ts'

export type Opened =
  | { readonly is: 'none' }
  | { readonly is: 'loading'; readonly id: number }
  | { readonly is: 'ready'; readonly message: MessageDetail; readonly isGone: boolean }
  | { readonly is: 'missing'; readonly id: number }
  | { readonly is: 'failed'; readonly id: number; readonly error: ApiError }

/** The message of the message pane. */
export const opened = signal<Opened>({ is: 'none' })

/** The id of the message that the address bar names. */
export const openId = computed(() => (route.value.page === 'message' ? route.value.id : null))

let reading: AbortController | null = null

const readMessage = async (id: number, whenRead: (message: MessageDetail) => void) => {
  reading?.abort()
  const mine = new AbortController()
  reading = mine
  try {
    const message = await getMessage(id, mine.signal)
    if (reading !== mine) return
    opened.value = { is: 'ready', message, isGone: false }
    whenRead(message)
  } catch (error) {
    if (reading !== mine) return
    const failure = asError(error)
    opened.value =
      failure.status === 404 ? { is: 'missing', id } : { is: 'failed', id, error: failure }
  }
}

/** Opens what the address bar names, and keeps it as the feed says. */
export const startMessage = (whenOpened: (message: MessageDetail) => void): void => {
  effect(() => {
    const id = openId.value
    untracked(() => {
      const shown = opened.value
      if (id === null) {
        reading?.abort()
        reading = null
        opened.value = { is: 'none' }
      } else if (shown.is !== 'ready' || shown.message.id !== id) {
        // The message before stays in sight until the next is there: no flash while stepping through.
        if (shown.is !== 'ready' || shown.isGone) opened.value = { is: 'loading', id }
        void readMessage(id, whenOpened)
      }
    })
  })
  onChange(change => {
    const shown = opened.value
    if (change.type === 'added' || shown.is !== 'ready') return
    const { message } = shown
    if (!holds(change.ids, message.id)) return
    if (change.type === 'removed') opened.value = { ...shown, isGone: true }
    else if (change.patch.parsed !== undefined && message.parsed !== true) {
      void readMessage(message.id, () => {})
    } else {
      const {
        unread = message.unread,
        flagged = message.flagged,
        tags = message.tags,
      } = change.patch
      opened.value = { ...shown, message: { ...message, unread, flagged, tags } }
    }
  })
}

/** Tries again. */
export const reopen = (): void => {
  const id = openId.value
  if (id === null) return
  opened.value = { is: 'loading', id }
  void readMessage(id, () => {})
}

/** The tabs that the open mail has nothing for. */
export const emptyTabs = computed((): readonly Tab[] => {
  if (opened.value.is !== 'ready') return []
  const { html, text } = opened.value.message
  return (['html', 'text'] as const).filter(tab => (tab === 'html' ? html : text) === null)
})

/** The message whose HTML was asked for: that has no address of its own, being the message's. */
const htmlWanted = signal<number | null>(null)

/** Remembers which tab was asked for, as far as the address does not tell it. */
export const wantTab = (tab: Tab): void => {
  htmlWanted.value = tab === 'html' ? openId.value : null
}

/** The tab that is shown: the one asked for, the person's first, or the first that the mail has something for. */
export const shownTab = computed((): Tab => {
  if (route.value.page === 'message' && route.value.tab) return route.value.tab
  if (opened.value.is !== 'ready') return 'html'
  const first = htmlWanted.value === openId.value ? 'html' : firstTab.value
  return [first, ...tabs].find(tab => !emptyTabs.value.includes(tab)) ?? 'source'
})

/** Whose mail this is, for remembering whether its remote content is shown; a mail of nobody is its own. */
export const senderOf = (message: MessageDetail): string =>
  (message.from[0]?.address || message.envelope.mailFrom).toLowerCase() || `#${message.id}`

export const isRemoteShown = (message: MessageDetail): boolean =>
  stats.value?.remoteAllowed === true || trustedSenders.value.includes(senderOf(message))
