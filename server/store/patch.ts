import type { Operation } from './operation.ts'

/** What PATCH may set; `tags` replaces. */
export type EntryPatch = {
  readonly unread?: boolean
  readonly flagged?: boolean
  readonly tags?: readonly string[]
  readonly addTags?: readonly string[]
  readonly removeTags?: readonly string[]
}

/** A patch in the words of the change log: unread is the lack of `\Seen`. */
export const toOperation = (
  { unread, flagged, tags, addTags, removeTags }: EntryPatch,
  ids: string,
): Operation => {
  const addFlags = [
    ...(unread === false ? ['\\Seen'] : []),
    ...(flagged === true ? ['\\Flagged'] : []),
  ]
  const removeFlags = [
    ...(unread === true ? ['\\Seen'] : []),
    ...(flagged === false ? ['\\Flagged'] : []),
  ]
  return {
    op: 'update',
    ids,
    ...(addFlags.length > 0 && { addFlags }),
    ...(removeFlags.length > 0 && { removeFlags }),
    ...(tags && { tags }),
    ...(addTags && { addTags }),
    ...(removeTags && { removeTags }),
  }
}
