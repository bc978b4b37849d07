import { signal } from '@preact/signals'

/** True where list and message stand side by side; else the message covers the list. */
export const isSplit = signal(true)
/** True where a finger points. */
export const isTouch = signal(false)

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
  keep('(pointer: coarse)', isTouch)
}
