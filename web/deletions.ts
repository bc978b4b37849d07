import { signal } from '@preact/signals'
import { type Deletion, deleteMessages } from './api.ts'
import { countWithin, holds, type SequenceSet } from './sequence-set.ts'

/** A deletion that is shown as done but can still be undone. */
export type Pending = { readonly deletion: Deletion; readonly count: number }

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
  try {
    await deleteMessages(one.deletion, keepalive)
    deletionError.value = ''
  } catch (error) {
    deletionError.value = error instanceof Error ? error.message : String(error)
    settle(one)
  }
}

/** The feed has told of a removal: what was sent and is in it need not be hidden any longer. */
export const settleRemoved = (ids: SequenceSet): void => {
  for (const one of pending.value) {
    if (undoable.value.includes(one)) continue
    const { deletion } = one
    const isDone =
      'ids' in deletion
        ? deletion.ids.some(id => holds(ids, id))
        : countWithin(ids, 1, deletion.upto) > 0
    if (isDone) settle(one)
  }
}

/** The list was read anew: it knows of all that was sent. */
export const settleSent = (): void => {
  pending.value = pending.value.filter(one => undoable.value.includes(one))
}

/** Hides messages at once and deletes them when ten seconds have passed without `undo`. */
export const deleteLater = (deletion: Deletion, count: number): void => {
  const one: Pending = { deletion, count }
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
