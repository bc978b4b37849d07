import { computed, signal } from '@preact/signals'
import type { Stats } from '../server/http/resources.ts'
import { getStats } from './api.ts'
import { counts, hasDropped } from './inbox.ts'

/** What the server says of itself; null before its answer. */
export const stats = signal<Stats | null>(null)

/** Asks for it. A failure shows in the live pill; the next connection asks again. */
export const readStats = async (): Promise<void> => {
  stats.value = await getStats().catch(() => stats.value)
}

export const isDeleteAllowed = computed(() => stats.value?.deleteAllowed !== false)

/** The limit that makes the oldest messages go; null while none is reached. */
export const limitReached = computed((): number | null => {
  const limits = stats.value?.limits
  if (!limits) return null
  const isFull = counts.value !== null && counts.value.total >= limits.maxMessages
  return isFull || hasDropped.value ? limits.maxMessages : null
})
