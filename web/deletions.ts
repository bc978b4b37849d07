import { signal } from '@preact/signals'
import { deleteMessages } from './api.ts'
import { type Chosen, inParts } from './chosen.ts'
import { countWithin, type SequenceSet } from './sequence-set.ts'

/** A deletion that is shown as done but can still be undone. `from` is the search in whose list it was asked for. */
export type Pending = {
  readonly deletion: Chosen
  readonly count: number
  readonly from: string
}

/** Milliseconds. */
export const undoTime = 10_000

/** What waits for its time to run out or has been sent and not yet come back on the feed, oldest first. */
export const pending = signal<readonly Pending[]>([])
/** What can still be undone, oldest first. */
export const undoable = signal<readonly Pending[]>([])
/** Why the last deletion failed; its rows are shown again. */
export const deletionError = signal('')

const timers = new Map<Pending, ReturnType<typeof setTimeout>>()

const forget = (one: Pending): void => {
  clearTimeout(timers.get(one))
  timers.delete(one)
  undoable.value = undoable.value.filter(other => other !== one)
}

/** Hides nothing for its sake any more: the rows are back, or gone for good. */
const settle = (one: Pending): void => {
  pending.value = pending.value.filter(other => other !== one)
}

const send = async (one: Pending, keepalive = false): Promise<void> => {
  forget(one)
  // Each part is gone when the feed tells of it, and hides its rows until then.
  const parts = inParts(one.deletion).map(deletion => ({ ...one, deletion }))
  pending.value = pending.value.flatMap(other => (other === one ? parts : [other]))
  const sendPart = async (part: Pending): Promise<void> => {
    try {
      const count = await deleteMessages(part.deletion, keepalive)
      deletionError.value = ''
      // Nothing was there any more, so the feed has nothing to tell.
      if (count === 0) settle(part)
    } catch (error) {
      deletionError.value = error instanceof Error ? error.message : String(error)
      settle(part)
    }
  }
  // A page that goes away does not live to see the first one's answer.
  if (keepalive) await Promise.all(parts.map(sendPart))
  else for (const part of parts) await sendPart(part)
}

/** The feed has told of a removal: what was sent and is in it need not be hidden any longer. */
export const settleRemoved = (removed: SequenceSet): void => {
  for (const one of pending.value) {
    if (undoable.value.includes(one)) continue
    const { deletion } = one
    const isDone =
      'ids' in deletion
        ? deletion.ids.some(([first, last]) => countWithin(removed, first, last) > 0)
        : countWithin(removed, deletion.since + 1, deletion.upto) > 0
    if (isDone) settle(one)
  }
}

/** The list was read anew: it knows of all that was sent. */
export const settleSent = (): void => {
  pending.value = pending.value.filter(one => undoable.value.includes(one))
}

/** Hides messages at once and deletes them when ten seconds have passed without `undo`. */
export const deleteLater = (deletion: Chosen, count: number, from: string): void => {
  const one: Pending = { deletion, count, from }
  pending.value = [...pending.value, one]
  undoable.value = [...undoable.value, one]
  timers.set(
    one,
    setTimeout(() => void send(one), undoTime),
  )
}

/** Takes back the newest deletion that has not been sent. */
export const undo = (): Pending | undefined => {
  const one = undoable.value.at(-1)
  if (one) {
    forget(one)
    settle(one)
  }
  return one
}

/** Sends what waits while the page goes away. */
export const startDeletions = (): void => {
  addEventListener('pagehide', () => {
    for (const one of undoable.value) void send(one, true)
  })
}
