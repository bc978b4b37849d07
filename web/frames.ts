import type { ChangeResource, Frame } from '../server/http/resources.ts'
import type { RowChange } from './rows.ts'
import { readSequenceSet } from './sequence-set.ts'

/** The number in a position of the feed (`<process>-<seq>`). */
export const feedSeq = (feed: string): number => {
  const seq = Number(feed.slice(feed.lastIndexOf('-') + 1))
  return Number.isSafeInteger(seq) ? seq : 0
}

/** At most so many rows are applied in one step, so that a burst never holds a frame of the screen. */
const most = 100

/**
 * The changes of a frame in steps for the list: arrivals that follow each other are one step, newest first.
 * @param from the feed's position before the frame
 */
export const rowChanges = (
  frame: Frame & { changes: readonly ChangeResource[] },
  from: number,
): readonly RowChange[] => {
  const to = feedSeq(frame.feed)
  const steps: RowChange[] = []
  let rows: (ChangeResource & { type: 'message.added' })['message'][] = []
  const flush = (): void => {
    if (rows.length > 0) steps.push({ type: 'added', from, to, rows: rows.toReversed() })
    rows = []
  }
  for (const change of frame.changes) {
    if (change.type === 'message.added') {
      rows.push(change.message)
      if (rows.length === most) flush()
      continue
    }
    flush()
    const ids = readSequenceSet(change.ids)
    if (!ids) throw new Error(`The feed names messages in a way that cannot be read: ${change.ids}`)
    if (change.type === 'message.removed') steps.push({ type: 'removed', from, to, ids })
    else if (change.type === 'message.changed') {
      steps.push({ type: 'changed', from, to, ids, patch: change.patch })
    }
  }
  flush()
  return steps
}
