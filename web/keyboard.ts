import { signal } from '@preact/signals'
import {
  activeId,
  deleteSubject,
  extendSelection,
  move,
  openMessage,
  selectEverything,
  selectNothing,
  showTab,
  toggleSelect,
  toggleUnread,
  toInbox,
  undoDeletion,
} from './actions.ts'
import { openId } from './message.ts'
import { navigate, route, tabs } from './route.ts'
import { hasSelection } from './selection.ts'
import { hasShortcuts } from './settings.ts'

/** Raised to have the search box take the focus. */
export const focusSearch = signal(0)
/** Whether the sheet of shortcuts is open. */
export const isSheetOpen = signal(false)

const openActive = (): void => {
  if (activeId.value !== null) openMessage(activeId.value)
}

const back = (): void => {
  if (hasSelection.value) selectNothing()
  else if (route.value.page !== 'inbox') toInbox()
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
  { keys: 'x', does: 'Select', run: () => toggleSelect() },
  { keys: 'J', does: 'Select down', run: () => extendSelection(1) },
  { keys: 'K', does: 'Select up', run: () => extendSelection(-1) },
  { keys: '#', does: 'Delete', run: deleteSubject },
  { keys: 'Delete', does: 'Delete', run: deleteSubject },
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

/** Ctrl+A where there is text to select, or nothing of the list to be seen, is the browser's. */
const isSelectAll = (event: KeyboardEvent): boolean =>
  event.key.toLowerCase() === 'a' &&
  (event.ctrlKey || event.metaKey) &&
  !event.altKey &&
  !event.shiftKey &&
  !isTyping(event.target) &&
  !document.querySelector('dialog[open]') &&
  (route.value.page === 'inbox' || isListBox(document.activeElement))

const onKey = (event: KeyboardEvent): void => {
  if (!event.defaultPrevented && isSelectAll(event)) {
    event.preventDefault()
    selectEverything()
    return
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (isTyping(event.target) || document.querySelector('dialog[open]')) return
  const { key } = event
  if (key === 'Enter' && isControl(event.target)) return
  // Without single keys the arrows move in the list, as in any list box; with them they scroll it.
  const by = { ArrowDown: 1, ArrowUp: -1 }[key]
  if (!hasShortcuts.value && by && !event.shiftKey && isListBox(event.target)) {
    event.preventDefault()
    move(by)
    return
  }
  // A list box selects with these whether there are shortcuts or not (ARIA practices, multi-select list box).
  if (isListBox(event.target) && (key === ' ' || (event.shiftKey && by))) {
    event.preventDefault()
    if (by) extendSelection(by)
    else toggleSelect()
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
