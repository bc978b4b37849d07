import { computed, effect, signal } from '@preact/signals'
import { isRailCollapsed } from './settings.ts'

/** True where list and message stand side by side; else the message covers the list. */
export const isSplit = signal(true)
/** True where a finger points. */
export const isTouch = signal(false)
/** True where there is room for the rail beside the list; else it is a drawer. */
export const hasRail = signal(true)
/** True where one pane is shown at a time, over a bar of places. */
export const isPhone = signal(false)
/** Whether the drawer that holds the rail is open. */
export const isDrawerOpen = signal(false)
/** Whether an open message has the whole width to itself. */
export const isFullWidth = signal(false)

/** Whether the rail shows its facets, and not only its drawings. */
export const isRailOpen = computed(() => hasRail.value && !isRailCollapsed.value)

/** Gives the open message the whole width, or the list its place again. */
export const toggleFullWidth = (): void => {
  isFullWidth.value = !isFullWidth.value
}

const keep = (query: string, flag: { value: boolean }): void => {
  const media = matchMedia(query)
  flag.value = media.matches
  media.addEventListener('change', () => {
    flag.value = media.matches
  })
}

/** Follows the window's size. The same limits stand in the style sheet. */
export const startLayout = (): void => {
  keep('(min-width: 900px)', isSplit)
  keep('(min-width: 1100px)', hasRail)
  keep('(max-width: 699px)', isPhone)
  keep('(pointer: coarse)', isTouch)
  effect(() => {
    if (hasRail.value) isDrawerOpen.value = false
  })
}
