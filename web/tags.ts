import { computed, signal } from '@preact/signals'
import { ApiError } from './api.ts'
import { type Chosen, isAmong } from './chosen.ts'
import { findFacets } from './facets.ts'
import { knownRows } from './inbox.ts'
import { opened } from './message.ts'
import { formatTerm } from './query-terms.ts'

/** Whose tags are being edited; null while nobody's are. */
export const edited = signal<{ readonly chosen: Chosen; readonly count: number } | null>(null)

/** Tags that the server knows, the most frequent ones that were asked for. */
const elsewhere = signal<readonly string[]>([])

/** Opens the dialog for the tags of these messages. */
export const editTags = (chosen: Chosen, count: number): void => {
  edited.value = { chosen, count }
}

/** How a tag is spread over the edited messages, as far as they are known here. */
export type TagState = { readonly tag: string; readonly has: 'all' | 'some' | 'none' }

/** Every tag that is known here, with its state among the edited messages. */
export const tagStates = computed((): readonly TagState[] => {
  const editing = edited.value
  if (!editing) return []
  const shown = opened.value.is === 'ready' ? opened.value.message : null
  const messages = new Map(knownRows().map(({ id, tags }) => [id, tags]))
  if (shown) messages.set(shown.id, shown.tags)
  const counts = new Map(elsewhere.value.map(tag => [tag, 0]))
  let meant = 0
  for (const [id, tags] of messages) {
    const isMeant = isAmong(editing.chosen, id)
    if (isMeant) meant += 1
    for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + (isMeant ? 1 : 0))
  }
  const stateOf = (count: number): TagState['has'] => {
    if (count === 0) return 'none'
    return count === meant ? 'all' : 'some'
  }
  return [...counts]
    .map(([tag, count]) => ({ tag, has: stateOf(count) }))
    .sort((one, other) => one.tag.localeCompare(other.tag))
})

/** A tag as the API takes it: no control characters, at most 100; null where nothing is left. */
export const cleanTag = (text: string): string | null =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 100)
    .trim() || null

/** The search for a tag. */
export const searchForTag = (tag: string): string => formatTerm('tag', tag)

/** Asks for tags that have a text in them, also of messages that are not known here. The newest question counts. */
export const findTags = async (text: string, signal: AbortSignal): Promise<void> => {
  try {
    const found = await findFacets('tags', text, signal)
    if (!signal.aborted) elsewhere.value = found.map(({ value }) => value)
  } catch (error) {
    // Without an answer those that are known here are offered.
    if (!(error instanceof ApiError) && !signal.aborted) throw error
  }
}
