import type { Entry } from './message.ts'
import type { Operation } from './operation.ts'
import { sameList } from './same-list.ts'

/** Tags of a message. */
export const maxTags = 100

/** A message would have more tags than it may; nothing was changed. */
export class TooManyTagsError extends Error {
  override readonly name = 'TooManyTagsError'

  constructor(id: number, count: number) {
    super(`A message has at most ${maxTags} tags; message ${id} would have ${count}.`)
  }
}

type TagChange = Pick<Operation & { op: 'update' }, 'tags' | 'addTags' | 'removeTags'>

/** Whether a change gives tags, so that it must be checked. */
export const givesTags = ({ tags, addTags }: TagChange): boolean => Boolean(tags || addTags)

/** The tags after a change; the same object where nothing changes. */
export const changedTags = (
  before: readonly string[],
  { tags, addTags, removeTags }: TagChange,
): readonly string[] => {
  if (!tags && !addTags && !removeTags) return before
  const after = [...new Set([...(tags ?? before), ...(addTags ?? [])])].filter(
    tag => !removeTags?.includes(tag),
  )
  return sameList(after, before) ? before : after
}

/** Throws a TooManyTagsError where a change would give an entry more than it may have. */
export const checkTags = ({ number, tags }: Entry, change: TagChange): void => {
  const most = (change.tags ?? tags).length + (change.addTags?.length ?? 0)
  if (most <= maxTags) return
  const { length } = changedTags(tags, change)
  // Of one that has too many already, from an earlier version, some can be taken away.
  if (length > maxTags && length > tags.length) throw new TooManyTagsError(number, length)
}
