import { effect } from '@preact/signals'
import { theme } from './settings.ts'

/** Has the page in the colours that were chosen; `auto` leaves it to the system. */
export const startTheme = (): void => {
  effect(() => {
    document.documentElement.style.colorScheme = theme.value === 'auto' ? '' : theme.value
  })
}
