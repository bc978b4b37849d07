import type { Change, MessagePatch } from './changes.ts'
import { changeFlags, flagSet } from './flags.ts'
import { idsOf, readIdRanges, writeIdSet } from './id-set.ts'
import type { Mailbox } from './mailbox.ts'
import { type Entry, isFlagged, isUnread, type Message } from './message.ts'
import type { Operation, Run } from './operation.ts'
import { sameList } from './same-list.ts'
import type { State } from './state.ts'
import { changedTags } from './tags.ts'

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
  const groups = new Groups()
  const touched: number[] = []
  const flagsAfter = flagChange(op)
  for (const number of numbersIn(mailbox, op.ids)) {
    const before = isNews(mailbox, number) ? mailbox.entries.get(number) : undefined
    if (!before) continue
    const after = updated(before, flagsAfter(before.flags), op, modseq)
    if (after === before) continue
    state.put(mailbox, after)
    touched.push(number)
    if (mailbox !== state.inbox) continue
    if (number < effects.lowest) effects.lowest = number
    groups.add(before, after)
  }
  effects.touched += touched.length
  for (const { patch, numbers } of groups.all()) {
    effects.changes.push({ type: 'message.changed', ids: writeIdSet(numbers), patch })
  }
  if (mailbox !== state.inbox) tell(effects, 'entry.changed', mailbox, touched)
}

type Group = { readonly patch: MessagePatch; readonly numbers: number[] }

/** Changed entries by what a client must be told of them. */
class Groups {
  readonly #groups = new Map<string, Group>()
  /** By the flags before and after, of entries that kept their tags: sets of flags are one object each. */
  readonly #quick = new Map<readonly string[], Map<readonly string[], Group>>()

  add(before: Entry, after: Entry): void {
    const keepsTags = before.tags === after.tags
    let group = keepsTags ? this.#quick.get(before.flags)?.get(after.flags) : undefined
    if (!group) {
      const patch = difference(before, after)
      const key = JSON.stringify(patch)
      group = this.#groups.get(key) ?? { patch, numbers: [] }
      this.#groups.set(key, group)
      if (keepsTags) {
        const quick = this.#quick.get(before.flags) ?? new Map<readonly string[], Group>()
        this.#quick.set(before.flags, quick.set(after.flags, group))
      }
    }
    group.numbers.push(after.number)
  }

  all(): Iterable<Group> {
    return this.#groups.values()
  }
}

/** The entry after an update; the same object where nothing changes. */
const updated = (
  entry: Entry,
  flags: readonly string[],
  op: Operation & { op: 'update' },
  modseq: number,
): Entry => {
  const tags = changedTags(entry.tags, op)
  return flags === entry.flags && tags === entry.tags ? entry : { ...entry, flags, tags, modseq }
}

/** What an update makes of flags; the same object where nothing. Many entries have the same flags, so it remembers. */
const flagChange = (op: Operation & { op: 'update' }) => {
  const known = new Map<readonly string[], readonly string[]>()
  return (before: readonly string[]): readonly string[] => {
    let after = known.get(before)
    if (!after) {
      const base = op.flags ? flagSet(op.flags) : before
      const changed = changeFlags(base, op.addFlags ?? none, op.removeFlags ?? none)
      after = sameList(changed, before) ? before : changed
      known.set(before, after)
    }
    return after
  }
}

const none: readonly string[] = []

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
  const numbers = numbersOf(removed)
  effects.touched += numbers.length
  for (const message of free) effects.free.push(message)
  if (mailbox !== state.inbox) tell(effects, 'entry.removed', mailbox, numbers)
  else if (numbers.length > 0) {
    effects.changes.push({ type: 'message.removed', ids: writeIdSet(numbers), reason: op.reason })
  }
  for (const [inbox, gone] of derived) tell(effects, 'entry.removed', inbox, numbersOf(gone))
}

const numbersOf = (entries: readonly Entry[]): number[] => entries.map(({ number }) => number)

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
