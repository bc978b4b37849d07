import { computed, signal } from '@preact/signals'
import type { MessageSummary } from '../server/http/resources.ts'
import { openMessage } from './actions.ts'
import { formatAddress, formatRecipients } from './format.ts'
import { wantsNotifications } from './settings.ts'
import { strings } from './strings.ts'

/**
 * `unsupported`: no such thing in this browser, or not at this address (a secure context is wanted; localhost is one).
 */
export type Permission = NotificationPermission | 'unsupported'

const known = (): Permission =>
  typeof Notification === 'undefined' || !isSecureContext ? 'unsupported' : Notification.permission

export const permission = signal<Permission>('default')

/** Whether new mail is notified: asked for here, and allowed by the browser. */
export const isNotifying = computed(
  () => wantsNotifications.value && permission.value === 'granted',
)

/** Switches notifications; the browser is asked only here, because the person has. */
export const setNotifying = async (isWanted: boolean): Promise<void> => {
  if (isWanted && permission.value === 'default') {
    permission.value = await Notification.requestPermission()
  }
  wantsNotifications.value = isWanted && permission.value === 'granted'
}

/** Milliseconds for which arrivals are gathered into one notification. */
const gathering = 1000

let gathered: MessageSummary[] = []
let count = 0
let isDue = false

const show = (): void => {
  isDue = false
  const [newest] = gathered
  if (!newest) return
  const words =
    count === 1
      ? {
          title: newest.subject || strings.attention.noSubject,
          body: strings.attention.notificationBody(
            newest.from.map(formatAddress).join(', '),
            formatRecipients(newest),
          ),
        }
      : { title: strings.attention.newMails(count), body: newest.subject }
  gathered = []
  count = 0
  // One tag: the next takes the place of the last, and a burst is no avalanche.
  const notification = new Notification(words.title, { body: words.body, tag: 'mailcatch' })
  notification.addEventListener('click', () => {
    window.focus()
    openMessage(newest.id)
    notification.close()
  })
}

/** Arrivals, newest first: notified where the person cannot see them. */
export const notifyArrivals = (rows: readonly MessageSummary[]): void => {
  if (!isNotifying.value || (document.visibilityState === 'visible' && document.hasFocus())) return
  count += rows.length
  gathered = rows.slice(0, 1)
  if (isDue) return
  isDue = true
  setTimeout(show, gathering)
}

/** Learns what the browser allows, and follows what the person changes there. */
export const startNotifications = (): void => {
  permission.value = known()
  if (permission.value === 'unsupported') return
  navigator.permissions?.query({ name: 'notifications' }).then(
    status => {
      status.addEventListener('change', () => {
        permission.value = known()
      })
    },
    () => {}, // a browser that cannot be asked this is asked again when the setting is switched
  )
}
