import { extendSelection, move, toggleSelect } from './actions.ts'
import { type Command, commands } from './commands.ts'
import { route } from './route.ts'
import { hasShortcuts } from './settings.ts'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input:not([type=radio], [type=checkbox]), textarea, select'))

/** What Enter and Space do there belongs to the control. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches('button, input, a[href]:not([role=option]), summary')

const isListBox = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('[role=listbox]')

/** A key as the table of commands writes it; `Ctrl` is also the Command key of a Mac. */
export const keyName = (event: {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}): string => (event.ctrlKey || event.metaKey ? `Ctrl+${event.key.toLowerCase()}` : event.key)

/** What pressed keys mean: a command at once, one that a further key could still change, or the beginning of one. */
export const meaning = (
  keys: string,
): { readonly command: Command | undefined; readonly mayGoOn: boolean } => ({
  command: commands.find(command => command.keys.includes(keys)),
  mayGoOn: commands.some(command => command.keys.some(other => other.startsWith(`${keys} `))),
})

/** Milliseconds: for a second key, and until a key that could be the first of two counts alone. */
const patience = 1000
const shortPatience = 350

let first = ''
let timer: ReturnType<typeof setTimeout> | undefined

const wait = (key: string, { command }: ReturnType<typeof meaning>): void => {
  first = key
  timer = setTimeout(
    () => {
      first = ''
      command?.run()
    },
    command ? shortPatience : patience,
  )
}

const onKey = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || event.altKey) return
  if (document.querySelector('dialog[open]')) return
  const key = keyName(event)
  const isSingle = key.length === 1
  // A chord is not typed: it is heard in the search box too.
  if (isTyping(event.target) && key !== 'Ctrl+k') return
  if (key === 'Enter' && isControl(event.target)) return
  // Without single keys the arrows move in the list, as in any list box; with them they scroll it.
  const by = { ArrowDown: 1, ArrowUp: -1 }[key]
  if (!hasShortcuts.value && by && !event.shiftKey && isListBox(event.target)) {
    event.preventDefault()
    move(by)
    return
  }
  // These select in a list box with shortcuts and without (ARIA practices, list box of several choices).
  if (isListBox(event.target) && (key === ' ' || (by && event.shiftKey))) {
    event.preventDefault()
    if (by) extendSelection(by)
    else toggleSelect()
    return
  }
  // Beside the list it is the text of the page that is selected.
  if (key === 'Ctrl+a' && route.value.page !== 'inbox' && !isListBox(event.target)) return
  if (isSingle && !hasShortcuts.value) return
  clearTimeout(timer)
  const keys = first ? `${first} ${key}` : key
  first = ''
  const meant = meaning(keys)
  if (meant.mayGoOn) wait(key, meant)
  else if (meant.command) {
    event.preventDefault()
    meant.command.run()
  }
}

/** Listens for shortcuts on the whole page. Keys pressed inside a mail's frame never come here. */
export const startKeyboard = (): void => {
  addEventListener('keydown', onKey)
}
