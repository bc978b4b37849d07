import type { Operation } from './change-log.ts'
import type { Change, MessagePatch } from './changes.ts'
import type { Entries } from './entries.ts'
import { changeFlags } from './flags.ts'
import { readIdRanges, writeIdSet } from './id-set.ts'
import { type Entry, isFlagged, isUnread } from './message.ts'

/** What operations came to. */
export type Applied = {
  readonly changes: readonly Change[]
  /** Numbers of the entries that changed or went. */
  readonly touched: readonly number[]
  readonly removed: readonly number[]
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index])

const none: readonly string[] = []

/** The entry after an update; the same object where nothing changes. */
const updated = (entry: Entry, op: Operation & { op: 'update' }, modseq: number): Entry => {
  const flags = changeFlags(entry.flags, op.addFlags ?? none, op.removeFlags ?? none)
  const base = op.tags ?? entry.tags
  const tags = [...new Set([...base, ...(op.addTags ?? none)])].filter(
    tag => !op.removeTags?.includes(tag),
  )
  const keepsTags = sameList(tags, entry.tags)
  if (flags === entry.flags && keepsTags) return entry
  return { ...entry, flags, tags: keepsTags ? entry.tags : tags, modseq }
}

/** What a client must be told of a change of an entry. */
const difference = (before: Entry, after: Entry): MessagePatch => ({
  ...(isUnread(before) === isUnread(after) ? {} : { unread: isUnread(after) }),
  ...(isFlagged(before) === isFlagged(after) ? {} : { flagged: isFlagged(after) }),
  ...(before.tags === after.tags ? {} : { tags: after.tags }),
})

/**
 * Applies the operations of one transaction to the entries: the same live and at replay, so that a restart comes to what
 * was acknowledged. `isNews` says whether an entry does not know of an update yet.
 */
export const apply = (
  ops: readonly Operation[],
  entries: Entries,
  modseq: number,
  isNews: (number: number) => boolean = () => true,
): Applied => {
  const changes: Change[] = []
  const touched: number[] = []
  const allRemoved: number[] = []
  for (const op of ops) {
    if (op.op === 'reserve') continue
    const numbers = readIdRanges(op.ids).flatMap(({ first, last }) =>
      entries.numbers(first - 1, last),
    )
    if (op.op === 'remove') {
      const removed = numbers.filter(number => entries.remove(number))
      if (removed.length === 0) continue
      changes.push({ type: 'message.removed', ids: writeIdSet(removed), reason: op.reason })
      for (const number of removed) {
        touched.push(number)
        allRemoved.push(number)
      }
      continue
    }
    // One change for all entries that changed in the same way.
    const groups = new Map<string, { patch: MessagePatch; numbers: number[] }>()
    for (const number of numbers) {
      const before = isNews(number) ? entries.get(number) : undefined
      if (!before) continue
      const after = updated(before, op, modseq)
      if (after === before) continue
      entries.put(after)
      touched.push(number)
      const patch = difference(before, after)
      const key = JSON.stringify(patch)
      const group = groups.get(key)
      if (group) group.numbers.push(number)
      else groups.set(key, { patch, numbers: [number] })
    }
    for (const { patch, numbers } of groups.values()) {
      changes.push({ type: 'message.changed', ids: writeIdSet(numbers), patch })
    }
  }
  return { changes, touched, removed: allRemoved }
}
