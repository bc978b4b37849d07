import { signal } from '@preact/signals'
import { strings } from './strings.ts'

/** What the polite live region says. */
export const announcement = signal('')

/** Milliseconds between two announcements. */
const pause = 5000
let last = Number.NEGATIVE_INFINITY
let isDue = false
let next = ''
let arrivals = 0

const say = (): void => {
  isDue = false
  arrivals = 0
  last = performance.now()
  // The same words twice are no change to a live region: a no-break space makes them one.
  announcement.value = announcement.value === next ? `${next}\u00a0` : next
}

/** Has a screen reader say something: at most one thing in five seconds, the newest. */
export const announce = (words: string): void => {
  next = words
  if (isDue) return
  isDue = true
  setTimeout(say, Math.max(0, last + pause - performance.now()))
}

/** Announces arrivals, counted until they are said. */
export const announceArrivals = (count: number): void => {
  arrivals += count
  announce(strings.attention.arrived(arrivals))
}
