import { signal } from '@preact/signals'
import {
  activeId,
  deleteMessage,
  move,
  openMessage,
  showTab,
  toggleUnread,
  toInbox,
  undoDeletion,
} from './actions.ts'
import { openId } from './message.ts'
import { nextWidth, toggleDark } from './preview.ts'
import { copyCode, openMainLink } from './quick.ts'
import { navigate, route, tabs } from './route.ts'
import { hasShortcuts } from './settings.ts'

/** Raised to have the search box take the focus. */
export const focusSearch = signal(0)
/** Whether the sheet of shortcuts is open. */
export const isSheetOpen = signal(false)

const openActive = (): void => {
  if (activeId.value !== null) openMessage(activeId.value)
}

const back = (): void => {
  if (route.value.page !== 'inbox') toInbox()
  else if (route.value.q) navigate({ page: 'inbox', q: '' })
}

type Command = { readonly keys: string; readonly does: string; readonly run: () => void }

/** Every shortcut, in the order of the sheet. `keys` is one key or two in a row. */
export const commands: readonly Command[] = [
  { keys: 'j', does: 'Next message', run: () => move(1) },
  { keys: 'k', does: 'Previous message', run: () => move(-1) },
  { keys: 'Enter', does: 'Open', run: openActive },
  { keys: 'o', does: 'Open', run: openActive },
  { keys: 'Escape', does: 'Back', run: back },
  { keys: 'u', does: 'Back', run: back },
  { keys: '#', does: 'Delete', run: () => deleteMessage() },
  { keys: 'Delete', does: 'Delete', run: () => deleteMessage() },
  { keys: 'z', does: 'Undo the last deletion', run: undoDeletion },
  { keys: 'm', does: 'Mark read or unread', run: toggleUnread },
  { keys: '/', does: 'Search', run: () => (focusSearch.value += 1) },
  { keys: 'g i', does: 'Go to the inbox', run: () => navigate({ page: 'inbox', q: '' }) },
  {
    keys: 'g c',
    does: 'Go to “Connect your app”',
    run: () => navigate({ page: 'connect', q: '' }),
  },
  ...tabs.map((tab, at) => ({
    keys: String(at + 1),
    does: `Show the ${tab === 'html' ? 'HTML' : tab} tab`,
    run: () => openId.value !== null && showTab(tab),
  })),
  { keys: 'c', does: 'Copy the one-time code', run: () => void copyCode() },
  { keys: 'l', does: 'Open the main link', run: openMainLink },
  { keys: 'd', does: 'Light, dark styles, forced dark', run: toggleDark },
  { keys: 'w', does: 'Next width of the mail', run: nextWidth },
  { keys: '?', does: 'This sheet', run: () => (isSheetOpen.value = true) },
]

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select'))

/** What Enter and Space do there belongs to the control. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('button, a[href]:not([role=option]), summary')

const isListBox = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('[role=listbox]')

let first = ''
let timer: ReturnType<typeof setTimeout> | undefined

const onKey = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (isTyping(event.target) || document.querySelector('dialog[open]')) return
  const { key } = event
  if (key === 'Enter' && isControl(event.target)) return
  // Without single keys the arrows move in the list, as in any list box; with them they scroll it.
  const by = { ArrowDown: 1, ArrowUp: -1 }[key]
  if (!hasShortcuts.value && by && isListBox(event.target)) {
    event.preventDefault()
    move(by)
    return
  }
  const isSingle = key.length === 1
  if (isSingle && !hasShortcuts.value) return
  const keys = first ? `${first} ${key}` : key
  const command = commands.find(other => other.keys === keys)
  clearTimeout(timer)
  first = ''
  if (command) {
    event.preventDefault()
    command.run()
  } else if (commands.some(other => other.keys.startsWith(`${keys} `))) {
    first = key
    timer = setTimeout(() => {
      first = ''
    }, 1000)
  }
}

/** Listens for shortcuts on the whole page. Keys pressed inside a mail's frame never come here. */
export const startKeyboard = (): void => {
  addEventListener('keydown', onKey)
}
