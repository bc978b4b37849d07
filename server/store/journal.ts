import type { Account } from './account.ts'
import { apply, type Effects } from './apply.ts'
import { takeBase, writeBase } from './base.ts'
import type { ChangeLog, LogLine } from './change-log.ts'
import type { Change } from './changes.ts'
import type { Feed } from './feed.ts'
import { writeIdSet } from './id-set.ts'
import type { Mailbox } from './mailbox.ts'
import type { Message } from './message.ts'
import { Numbers } from './numbers.ts'
import type { Operation } from './operation.ts'
import { namesOf } from './recipients.ts'
import type { Recovered } from './recovery.ts'
import type { RemovedFiles } from './removed-files.ts'
import type { Segments } from './segments.ts'
import type { State } from './state.ts'
import { toStoreError } from './store-error.ts'
import { applyStructure } from './structure.ts'

/** A log file is given up for a new one, with a base, at this many octets. */
const logLimit = 4 * 1024 * 1024
/** So many positions of the feed are reserved at a time. */
const seqBlock = 100_000

export type JournalOptions = {
  readonly feed: Feed
  readonly removed: RemovedFiles
  /** Told in the step in which they happen: what a transaction did, before the feed tells of it. */
  readonly applied: (effects: Effects) => void
  /** Told of messages that nothing uses any more. */
  readonly discarded: (messages: readonly Message[]) => void
  readonly log: (line: string) => void
}

/**
 * The way of every change but an arrival: into the change log, and when it is durable there, into the index and onto the
 * feed, in one synchronous step. Gives out the numbers of entries and the positions of the feed, and now and then gives
 * the log a new base.
 */
export class Journal {
  readonly numbers: Numbers
  readonly #state: State
  readonly #changeLog: ChangeLog
  readonly #segments: Segments
  readonly #setLsn: (lsn: number) => void
  readonly #options: JournalOptions
  /** How many transactions on a mailbox are not durable yet, and the promise of the last one. */
  readonly #underWay = new Map<Mailbox, { count: number; last: Promise<unknown> }>()
  #seqCeiling: number
  #limit = logLimit
  #rebasing: Promise<void> | null = null

  constructor(recovered: Recovered, options: JournalOptions) {
    this.#state = recovered.state
    this.#changeLog = recovered.changeLog
    this.#segments = recovered.segments
    this.#setLsn = recovered.setLsn
    this.#options = options
    this.#seqCeiling = recovered.nextSeq
    this.numbers = new Numbers(recovered.nextId, ids => this.#reserve(ids, this.#seqCeiling))
  }

  /** Room for new numbers, in a log file of this process. */
  async begin(): Promise<void> {
    this.#seqCeiling += seqBlock
    await this.numbers.raise()
  }

  /** The next position of the feed. Reserved far ahead; a restart begins above what was reserved. */
  advance(): number {
    const seq = this.#options.feed.advance()
    if (this.#seqCeiling - seq < seqBlock / 2) {
      this.#seqCeiling += seqBlock
      this.#reserve(this.numbers.ceiling, this.#seqCeiling).catch((error: Error) => {
        this.#seqCeiling -= seqBlock
        this.#options.log(`the change log cannot be written: ${error.message}`)
      })
    }
    return seq
  }

  /** Makes a transaction durable, then applies it. Rejects with a StoreError, and then nothing happened. */
  async commit(ops: readonly Operation[]): Promise<Effects> {
    return this.#append(ops, line => this.#apply(line))
  }

  /**
   * The same for operations that give numbers to new entries: `count` of them, from the one that `make` is told. They are
   * applied when every lower number is.
   */
  commitNumbered(
    count: number,
    make: (first: number) => readonly Operation[],
  ): Promise<{ first: number; effects: Effects }> {
    return this.numbers
      .take(count, first => {
        const applied = this.#append(make(first), line => {
          const turn = this.numbers.turn(first)
          return turn ? turn.then(() => this.#apply(line)) : this.#apply(line)
        })
        return applied.then(
          effects => {
            this.numbers.settle(first, null)
            return { first, effects }
          },
          error => {
            this.numbers.settle(first, null)
            throw error
          },
        )
      })
      .catch(error => {
        throw toStoreError(error)
      })
  }

  /** What removes entries, of these ascending UIDs, from a mailbox. */
  removing(
    mailbox: Mailbox,
    uids: readonly number[],
    reason: 'deleted' | 'retention',
  ): Operation[] {
    return [
      ...(mailbox === this.#state.inbox ? reachedUids(this.#state, uids) : []),
      { op: 'remove', at: mailbox.place, ids: writeIdSet(uids), reason },
    ]
  }

  /** Gives up uses of messages that were counted by hand; what nothing uses any more goes. */
  release(messages: readonly Message[]): void {
    for (const message of messages) this.#state.uses.remove(message, 0)
    const free = messages.filter(message => this.#state.isFree(message))
    if (free.length > 0) this.#discard(free)
  }

  /** Settles with the last transaction on a mailbox that is on its way; undefined where none is. */
  underWay(mailbox: Mailbox): Promise<unknown> | undefined {
    return this.#underWay.get(mailbox)?.last
  }

  /** Gives the log a new base, after one that is being made. */
  async rebase(isLast = false): Promise<void> {
    while (this.#rebasing) await this.#rebasing.catch(() => {}) // whoever began it is told
    this.#rebasing = this.#rebase(isLast).finally(() => {
      this.#rebasing = null
    })
    await this.#rebasing
  }

  /** Waits for what has its numbers, then ends the log; the next process finds all of it in the base. */
  async close(): Promise<void> {
    try {
      await this.numbers.close()
      await this.#options.removed.settled()
      await this.rebase(true)
    } finally {
      await this.#changeLog.close()
    }
  }

  #reserve(ids: number, seqs: number): Promise<unknown> {
    const defaults = this.#state.uidValidity
    return this.#append([{ op: 'reserve', ids, seqs, defaults }], ({ lsn }) => this.#setLsn(lsn))
  }

  #append<T>(ops: readonly Operation[], apply: (line: LogLine) => T | Promise<T>): Promise<T> {
    const appended = this.#changeLog.append(ops, apply).catch(error => {
      throw toStoreError(error)
    })
    for (const op of ops) {
      const isOnEntries = op.op === 'update' || op.op === 'put' || op.op === 'remove'
      const mailbox = isOnEntries ? this.#state.mailboxAt(op.at) : undefined
      if (mailbox) this.#note(mailbox, appended)
    }
    return appended
  }

  #note(mailbox: Mailbox, appended: Promise<unknown>): void {
    const last = appended
      .catch(() => {}) // its caller is told
      .then(() => {
        underWay.count--
        if (underWay.count === 0) this.#underWay.delete(mailbox)
      })
    const underWay = this.#underWay.get(mailbox) ?? { count: 0, last }
    underWay.count++
    underWay.last = last
    this.#underWay.set(mailbox, underWay)
  }

  #apply({ lsn, ops }: LogLine): Effects {
    // In the step in which the index knows of it: a checkpoint that is written while it waits for its turn does not.
    this.#setLsn(lsn)
    const modseq = this.#options.feed.seq + 1
    const structure = applyStructure(ops, this.#state, modseq)
    const effects = apply(ops, this.#state, modseq)
    const changes: Change[] = [...structure.changes, ...effects.changes]
    const free: Message[] = [...structure.free, ...effects.free]
    if (changes.length > 0) {
      this.advance()
      this.#options.applied(effects)
      this.#options.feed.publish(changes)
    }
    if (free.length > 0) this.#discard(free)
    if (this.#changeLog.length > this.#limit && !this.#rebasing) {
      this.rebase().catch((error: Error) =>
        this.#options.log(`the change log could not be given a new base: ${error.message}`),
      )
    }
    return effects
  }

  #discard(messages: readonly Message[]): void {
    const { removed, discarded } = this.#options
    discarded(messages)
    removed.add(messages)
    // Once there is room again, some of it is for the next removal.
    const { reserve } = this.#changeLog
    if (!reserve.isThere) void removed.settled().then(() => reserve.fill())
  }

  async #rebase(isLast: boolean): Promise<void> {
    const { feed, removed } = this.#options
    let lines: Promise<LogLine[]> = Promise.resolve([])
    const number = await this.#changeLog.rotate(lsn => {
      const taken = takeBase(this.#state, removed.numbers)
      // After a clean end the numbers go on without a gap; else the next process begins at the ceiling.
      const ids = isLast ? this.numbers.next : this.numbers.ceiling
      const seqs = isLast ? feed.seq + 1 : this.#seqCeiling
      const { lastUidValidity: uidValidity, uidValidity: defaults } = this.#state
      lines = writeBase(taken).then(operations => [
        { lsn, ops: [{ op: 'reserve', ids, seqs, uidValidity, defaults }, ...operations] },
      ])
    })
    // Before the base: it does not say what an older checkpoint has that is not so any more.
    await this.#segments.flush()
    const size = await this.#changeLog.rebase(number, await lines)
    // A large base is not written again for a few changes.
    this.#limit = Math.max(logLimit, 2 * size)
  }
}

/**
 * What a removal from the catch-all INBOX must say besides: which UIDs the INBOXes of addresses have given out, where
 * the newest of one goes.
 */
const reachedUids = (state: State, numbers: readonly number[]): Operation[] => {
  if (!state.hasAddresses) return []
  const isStored = (account: Account) => account.isKept || account.isOnItsWay
  const reached = new Set<Mailbox>()
  for (const number of numbers) {
    const entry = state.inbox.entries.get(number)
    if (!entry) continue
    for (const address of namesOf(entry.message)) {
      const inbox = state.named(address)?.inbox
      if (inbox && isStored(inbox.account) && inbox.uidNext === number + 1) reached.add(inbox)
    }
  }
  return [...reached].map(inbox => ({ op: 'next', at: inbox.place, uid: inbox.uidNext }))
}
