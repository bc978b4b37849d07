import type { Change, MessagePatch } from './changes.ts'
import { changeFlags, flagSet } from './flags.ts'
import { idsOf, readIdRanges, writeIdSet } from './id-set.ts'
import type { Mailbox } from './mailbox.ts'
import { type Entry, isFlagged, isUnread, type Message } from './message.ts'
import type { Operation, Run } from './operation.ts'
import type { State } from './state.ts'

/** What operations came to. */
export type Effects = {
  readonly changes: Change[]
  /** Messages that nothing uses any more. */
  readonly free: Message[]
  /** How many entries changed or went. */
  touched: number
  /** The lowest number in the catch-all INBOX that changed; Infinity where none did. */
  lowest: number
}

/** Whether an entry does not know of an operation yet: at replay, where the checkpoint of its block is older. */
export type IsNews = (mailbox: Mailbox, number: number) => boolean

/**
 * Applies the operations of one transaction to the entries: the same live and at replay, so that a restart comes to
 * what was acknowledged. Those on mailboxes themselves are `structure`'s.
 */
export const apply = (
  ops: readonly Operation[],
  state: State,
  modseq: number,
  isNews: IsNews = () => true,
): Effects => {
  const effects: Effects = {
    changes: [],
    free: [],
    touched: 0,
    lowest: Number.POSITIVE_INFINITY,
  }
  for (const op of ops) {
    if (op.op !== 'update' && op.op !== 'put' && op.op !== 'remove' && op.op !== 'next') continue
    const mailbox = state.mailboxAt(op.at)
    if (!mailbox) continue
    switch (op.op) {
      case 'update':
        update(op, mailbox, state, modseq, isNews, effects)
        break
      case 'put':
        for (const run of op.runs) put(run, mailbox, state, modseq, isNews, effects)
        break
      case 'remove':
        remove(op, mailbox, state, modseq, effects)
        break
      case 'next':
        mailbox.reach(op.uid)
        state.touchAccount(mailbox.account)
    }
  }
  return effects
}

/** The numbers of a set that a mailbox has. */
const numbersIn = (mailbox: Mailbox, ids: string): number[] =>
  readIdRanges(ids).flatMap(({ first, last }) => mailbox.entries.numbers(first - 1, last))

const update = (
  op: Operation & { op: 'update' },
  mailbox: Mailbox,
  state: State,
  modseq: number,
  isNews: IsNews,
  effects: Effects,
): void => {
  // One change for all entries that changed in the same way.
  const groups = new Map<string, { patch: MessagePatch; numbers: number[] }>()
  const touched: number[] = []
  for (const number of numbersIn(mailbox, op.ids)) {
    const before = isNews(mailbox, number) ? mailbox.entries.get(number) : undefined
    if (!before) continue
    const after = updated(before, op, modseq)
    if (after === before) continue
    state.put(mailbox, after)
    touched.push(number)
    if (mailbox !== state.inbox) continue
    if (number < effects.lowest) effects.lowest = number
    const patch = difference(before, after)
    const key = JSON.stringify(patch)
    const group = groups.get(key)
    if (group) group.numbers.push(number)
    else groups.set(key, { patch, numbers: [number] })
  }
  effects.touched += touched.length
  for (const { patch, numbers } of groups.values()) {
    effects.changes.push({ type: 'message.changed', ids: writeIdSet(numbers), patch })
  }
  if (mailbox !== state.inbox) tell(effects, 'entry.changed', mailbox, touched)
}

/** The entry after an update; the same object where nothing changes. */
const updated = (entry: Entry, op: Operation & { op: 'update' }, modseq: number): Entry => {
  const base = op.flags ? flagSet(op.flags) : entry.flags
  const flags = changeFlags(base, op.addFlags ?? none, op.removeFlags ?? none)
  const tags = [...new Set([...(op.tags ?? entry.tags), ...(op.addTags ?? none)])].filter(
    tag => !op.removeTags?.includes(tag),
  )
  const keepsTags = sameList(tags, entry.tags)
  if (sameList(flags, entry.flags) && keepsTags) return entry
  return { ...entry, flags, tags: keepsTags ? entry.tags : tags, modseq }
}

const none: readonly string[] = []

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((value, index) => value === b[index]))

/** What a client must be told of a change of an entry. */
const difference = (before: Entry, after: Entry): MessagePatch => ({
  ...(isUnread(before) === isUnread(after) ? {} : { unread: isUnread(after) }),
  ...(isFlagged(before) === isFlagged(after) ? {} : { flagged: isFlagged(after) }),
  ...(before.flags === after.flags ? {} : { flags: after.flags }),
  ...(before.tags === after.tags ? {} : { tags: after.tags }),
})

const put = (
  run: Run,
  mailbox: Mailbox,
  state: State,
  modseq: number,
  isNews: IsNews,
  effects: Effects,
): void => {
  const numbers = idsOf(run.numbers)
  const messages = idsOf(run.messages)
  const flags = flagSet(run.flags ?? none)
  const added: number[] = []
  numbers.forEach((number, index) => {
    const message = isNews(mailbox, number) && state.message(messages[index] as number)
    if (!message) return
    const dates = run.internalDates
    const entry: Entry = {
      number,
      message,
      flags,
      tags: run.tags ?? none,
      modseq,
      internalDate: dates?.[dates.length === 1 ? 0 : index] ?? message.receivedAt,
      savedAt: run.savedAt,
    }
    state.put(mailbox, entry)
    added.push(number)
    if (mailbox === state.inbox) effects.changes.push({ type: 'message.added', entry })
  })
  effects.touched += added.length
  if (mailbox !== state.inbox) tell(effects, 'entry.added', mailbox, added)
}

const remove = (
  op: Operation & { op: 'remove' },
  mailbox: Mailbox,
  state: State,
  modseq: number,
  effects: Effects,
): void => {
  const ranges = readIdRanges(op.ids)
  mailbox.reach((ranges.at(-1)?.last ?? 0) + 1)
  const { removed, free, derived } = state.remove(mailbox, numbersIn(mailbox, op.ids), modseq)
  const numbers = removed.map(({ number }) => number)
  effects.touched += numbers.length
  for (const message of free) effects.free.push(message)
  if (mailbox !== state.inbox) tell(effects, 'entry.removed', mailbox, numbers)
  else if (numbers.length > 0) {
    effects.changes.push({ type: 'message.removed', ids: writeIdSet(numbers), reason: op.reason })
  }
  for (const [inbox, gone] of derived) tell(effects, 'entry.removed', inbox, gone)
}

const tell = (
  effects: Effects,
  type: 'entry.added' | 'entry.changed' | 'entry.removed',
  mailbox: Mailbox,
  numbers: readonly number[],
): void => {
  if (numbers.length === 0) return
  const [account, number] = mailbox.place
  effects.changes.push({ type, account, mailbox: number, ids: writeIdSet(numbers) })
}
