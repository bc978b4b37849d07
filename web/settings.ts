import { effect, signal } from '@preact/signals'

/** What this browser remembers, in its local storage; forgotten where that is forbidden. */
const remembered = <T>(name: string, read: (value: unknown) => T) => {
  const key = `mailcatch.${name}`
  const stored = (): unknown => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? 'null')
    } catch {
      return null
    }
  }
  const setting = signal(read(stored()))
  effect(() => {
    const text = JSON.stringify(setting.value)
    try {
      if (text !== JSON.stringify(read(null)) || localStorage.getItem(key) !== null) {
        localStorage.setItem(key, text)
      }
    } catch {
      // Storage is full or forbidden: the setting lasts as long as the page.
    }
  })
  return setting
}

export type Density = 'comfortable' | 'compact'
export const density = remembered(
  'density',
  (value): Density => (value === 'compact' ? 'compact' : 'comfortable'),
)

/** Of the list beside a message, in pixels. */
export const listWidths = { least: 300, most: 560, usual: 380 }
export const listWidth = remembered('list-width', value =>
  typeof value === 'number'
    ? Math.min(listWidths.most, Math.max(listWidths.least, Math.round(value)))
    : listWidths.usual,
)

/** Whether the rail is folded to its drawings. */
export const isRailCollapsed = remembered('rail-collapsed', value => value === true)

/** What was searched for, the newest first. */
export const recentSearches = remembered('recent-searches', (value): readonly string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string').slice(0, 6) : [],
)

/** Remembers a search. */
export const rememberSearch = (q: string): void => {
  const others = recentSearches.value.filter(other => other !== q)
  if (q) recentSearches.value = [q, ...others].slice(0, 6)
}

/** Single-key shortcuts can be switched off (WCAG 2.2, 2.1.4). */
export const hasShortcuts = remembered('shortcuts', value => value !== false)

/** Senders whose mail may load remote content, the newest first. */
export const trustedSenders = remembered('remote-senders', (value): readonly string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string').slice(0, 500) : [],
)

/** Remembers, or forgets, that a sender's mail may load remote content. */
export const trustSender = (address: string, isTrusted: boolean): void => {
  const others = trustedSenders.value.filter(other => other !== address)
  trustedSenders.value = isTrusted ? [address, ...others].slice(0, 500) : others
}
