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

/** The value if it is one of these, else the first of them. */
const oneOf =
  <T>(values: readonly [T, ...T[]]) =>
  (value: unknown): T =>
    values.find(other => other === value) ?? values[0]

/** The page's own colours; `auto` is as the system has it. */
export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const theme = remembered('theme', oneOf<Theme>(themes))

/** The zone that times are told in; `local` is the browser's. */
export const timeZones = ['local', 'UTC'] as const
export type TimeZone = (typeof timeZones)[number]
export const timeZone = remembered('time-zone', oneOf<TimeZone>(timeZones))

/** What is shown first of a mail that has both. */
export const firstTabs = ['html', 'text', 'source'] as const
export type FirstTab = (typeof firstTabs)[number]
export const firstTab = remembered('first-tab', oneOf<FirstTab>(firstTabs))

type Widths = { readonly least: number; readonly most: number }

const within = (width: number, { least, most }: Widths): number =>
  Math.min(most, Math.max(least, Math.round(width)))

/** How wide the HTML of a mail is shown, in CSS pixels; null: as wide as there is room. The widest preset is first. */
export const previewWidths = {
  least: 240,
  most: 1600,
  presets: [null, 768, 600, 390, 375, 320],
} as const
export const previewWidth = remembered('preview-width', (value): number | null =>
  typeof value === 'number' ? within(value, previewWidths) : null,
)

/** Sets the width of the mail, within its limits. */
export const setPreviewWidth = (width: number | null): void => {
  previewWidth.value = width === null ? null : within(width, previewWidths)
}

/** Whose settings the connect panel shows. */
export const framework = remembered('framework', value => (typeof value === 'string' ? value : ''))

/** Whether the person has asked for notifications; the browser has its own say. */
export const wantsNotifications = remembered('notifications', value => value === true)

/** Of the list beside a message, in pixels. */
export const listWidths = { least: 300, most: 560, usual: 380 }
export const listWidth = remembered('list-width', value =>
  typeof value === 'number' ? within(value, listWidths) : listWidths.usual,
)

/** Sets the width of the list, within its limits. */
export const setListWidth = (width: number): void => {
  listWidth.value = within(width, listWidths)
}

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
