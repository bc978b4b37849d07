import { setImmediate } from 'node:timers/promises'
import { type Account, defaultNames } from './account.ts'
import type { Slice } from './entries.ts'
import { writeIdSet } from './id-set.ts'
import type { Mailbox } from './mailbox.ts'
import type { Entry } from './message.ts'
import type { Operation, Place, Run } from './operation.ts'
import { sameList } from './same-list.ts'
import type { State } from './state.ts'

/** Whether the raw files tell of an entry: not at all, but for its flags and tags, or entirely. */
type Told = 'no' | 'but for flags' | 'entirely'

/** What a base is made of: the mailboxes as they are now, whatever changes while it is written. */
type Taken = {
  readonly structure: readonly Operation[]
  readonly mailboxes: readonly {
    readonly mailbox: Mailbox
    readonly slices: readonly Slice[]
    readonly hidden: readonly number[]
    readonly told: (entry: Entry) => Told
  }[]
  /** Messages without an entry of their own number. */
  readonly away: readonly number[]
}

/**
 * Notes everything that the raw files do not tell: accounts, mailboxes, flags, tags, and entries other than
 * arrivals. Quick; `writeBase` makes operations of it. `going` are messages whose raw files are about to go.
 */
export const takeBase = (state: State, going: readonly number[]): Taken => {
  const accounts = state.accounts().filter(account => account.isKept)
  const away = state.uses
    .messages()
    .map(({ id }) => id)
    .filter(id => !state.uses.isAtHome(id) && state.inbox.entries.get(id)?.message.id !== id)
  return {
    structure: [
      // Before their accounts.
      ...state.inboxes.all().map((inbox): Operation => ({ op: 'inbox', inbox })),
      ...accounts.flatMap(structureOf),
    ],
    mailboxes: accounts.flatMap(account =>
      account.mailboxes().map(mailbox => ({
        mailbox,
        slices: mailbox.entries.snapshot().reverse(),
        hidden: mailbox.own.hidden(),
        told: toldOf(mailbox, state),
      })),
    ),
    away: [...new Set([...away, ...going])].sort((a, b) => a - b),
  }
}

/** The operations that bring a store with these raw files to the state that was taken; lets others have the thread. */
export const writeBase = async (taken: Taken): Promise<Operation[]> => {
  const operations: Operation[] = [...taken.structure]
  if (taken.away.length > 0) operations.push({ op: 'away', messages: writeIdSet(taken.away) })
  for (const { mailbox, slices, hidden, told } of taken.mailboxes) {
    const at = mailbox.place
    if (hidden.length > 0) {
      operations.push({ op: 'remove', at, ids: writeIdSet(hidden), reason: 'deleted' })
    }
    operations.push(...(await contentOf(at, slices, told)))
    operations.push({ op: 'next', at, uid: mailbox.uidNext })
  }
  return operations
}

const toldOf = (mailbox: Mailbox, state: State): ((entry: Entry) => Told) => {
  if (mailbox === state.inbox) {
    return ({ number, message }) => (number === message.id ? 'but for flags' : 'no')
  }
  if (!mailbox.isDerived) return () => 'no'
  const added = new Set(mailbox.own.added)
  const changed = new Set(mailbox.own.changed)
  return ({ number }) =>
    added.has(number) ? 'no' : changed.has(number) ? 'but for flags' : 'entirely'
}

const structureOf = (account: Account): Operation[] => {
  const { number, name, nextMailbox } = account
  const mailboxes = account.mailboxes()
  const subscriptions = [...account.subscriptions]
  return [
    { op: 'account', account: number, name, nextMailbox },
    // The catch-all has the default mailboxes unless the log says otherwise; others may have their names by now.
    ...defaultNames.flatMap((_, index): Operation[] =>
      account.numbered(index + 1) ? [] : [{ op: 'delete', account: number, mailbox: index + 1 }],
    ),
    {
      op: 'rename',
      account: number,
      names: mailboxes.map(mailbox => [mailbox.number, mailbox.name] as const),
    },
    ...mailboxes.map(
      ({ number: mailbox, name, uidValidity, specialUse }): Operation => ({
        op: 'mailbox',
        account: number,
        mailbox,
        name,
        uidValidity,
        ...(specialUse !== null && { specialUse }),
      }),
    ),
    {
      op: 'subscribe',
      account: number,
      names: defaultNames.filter(name => !account.subscriptions.has(name)),
      isSubscribed: false,
    },
    { op: 'subscribe', account: number, names: subscriptions, isSubscribed: true },
  ]
}

/** The entries of a mailbox: those of arrivals by what was done to them, the others as they were put. */
const contentOf = async (
  at: Place,
  slices: readonly Slice[],
  told: (entry: Entry) => Told,
): Promise<Operation[]> => {
  const updates = new Map<string, { flags: Entry['flags']; tags: Entry['tags']; ids: number[] }>()
  const put: Entry[] = []
  for (const { entries, from, to } of slices) {
    for (const entry of entries.slice(from, to)) {
      const isTold = told(entry)
      if (isTold === 'no') put.push(entry)
      if (isTold !== 'but for flags') continue
      const { flags, tags, number } = entry
      const key = flags.length + tags.length === 0 ? '' : JSON.stringify([flags, tags])
      const group = updates.get(key)
      if (group) group.ids.push(number)
      else updates.set(key, { flags, tags, ids: [number] })
    }
    await setImmediate()
  }
  const operations: Operation[] = []
  if (put.length > 0) operations.push({ op: 'put', at, runs: runsOf(put) })
  for (const { flags, tags, ids } of updates.values()) {
    operations.push({ op: 'update', at, ids: writeIdSet(ids), flags, tags })
  }
  return operations
}

/** Entries, ascending, as runs of those that have in common what a run has for all. */
export const runsOf = (entries: readonly Entry[]): Run[] => {
  const runs: Run[] = []
  let run: Entry[] = []
  const end = () => {
    const [first] = run
    if (!first) return
    const { flags, tags, savedAt } = first
    const dates = run.map(({ internalDate }) => internalDate)
    const isReceived = run.every(entry => entry.internalDate === entry.message.receivedAt)
    runs.push({
      numbers: writeIdSet(run.map(({ number }) => number)),
      messages: writeIdSet(run.map(({ message }) => message.id)),
      savedAt,
      ...(flags.length > 0 && { flags }),
      ...(tags.length > 0 && { tags }),
      ...(!isReceived && { internalDates: new Set(dates).size === 1 ? dates.slice(0, 1) : dates }),
    })
    run = []
  }
  for (const entry of entries) {
    const last = run.at(-1)
    const fits =
      !last ||
      (last.message.id < entry.message.id &&
        last.flags === entry.flags &&
        last.savedAt === entry.savedAt &&
        sameList(last.tags, entry.tags))
    if (!fits) end()
    run.push(entry)
  }
  end()
  return runs
}
