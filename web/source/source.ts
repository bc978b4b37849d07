import { computed, signal } from '@preact/signals'
import { getRaw } from '../api.ts'
import { loading } from '../loaded.ts'
import { opened, openId, shownTab } from '../message.ts'

/** Octets shown at first. */
export const sourceStart = 512 * 1024
const wholeId = signal<number | null>(null)

/** Shows all of a large source. */
export const showWholeSource = (): void => {
  wholeId.value = openId.value
}

/** What the tab shows: the message as sent, or the HTML in it, decoded. */
export const sourceOf = signal<'message' | 'html'>('message')

/** The id, negative where only the start of the source is wanted. */
const wanted = computed(() => {
  if (shownTab.value !== 'source' || opened.value.is !== 'ready') return null
  const { id, html } = opened.value.message
  if (sourceOf.value === 'html' && html !== null) return null
  return wholeId.value === id ? id : -id
})

/** The raw source of the open message, while its tab is shown. */
export const source = loading(wanted, (id, signal) =>
  getRaw(Math.abs(id), id > 0 ? Number.POSITIVE_INFINITY : sourceStart, signal),
)
