import { join } from 'node:path'
import type { Account } from './account.ts'
import { apply } from './apply.ts'
import { ChangeLog, type LogLine } from './change-log.ts'
import { blockOf } from './entries.ts'
import {
  type DerivedRecord,
  derivedState,
  isDerivedRecord,
  isRecord,
  toEntry,
} from './entry-record.ts'
import { flagSet } from './flags.ts'
import { idsOf, readIdRanges } from './id-set.ts'
import { Mailbox } from './mailbox.ts'
import type { Entry, Message } from './message.ts'
import { catchAllInbox, type Place } from './operation.ts'
import type { RawFiles } from './raw-files.ts'
import { rebuild } from './rebuild.ts'
import { Removed } from './removed.ts'
import { Segments } from './segments.ts'
import { State } from './state.ts'
import { openDocument } from './store-document.ts'
import type { StoreFs } from './store-fs.ts'
import { applyStructure } from './structure.ts'

export type RecoveryOptions = {
  readonly fsync: boolean
  readonly log: (line: string) => void
}

/** The state of a store as its files tell it. */
export type Recovered = {
  readonly state: State
  readonly segments: Segments
  readonly changeLog: ChangeLog
  /** Octets of the log that were replayed. */
  readonly logLength: number
  /** The first number, and the first feed position, that cannot have been given out before. */
  readonly nextId: number
  readonly nextSeq: number
  readonly lsn: () => number
  readonly setLsn: (lsn: number) => void
  /** Messages that are used by nothing, but whose raw files are still there. */
  readonly leftovers: readonly number[]
  /** Messages that no checkpoint knew of. */
  readonly restored: readonly number[]
  /** Raw files that Mailcatch did not write. */
  readonly foreign: readonly string[]
}

/**
 * Opens the files of a store. The raw files and the change log are the truth, the lowdb files checkpoints of it:
 * what they lack is read from the raw files, then the log is replayed.
 */
export const recover = async (
  fs: StoreFs,
  directory: string,
  raw: RawFiles,
  options: RecoveryOptions,
): Promise<Recovered> => {
  const logFiles = join(directory, 'changes')
  const { changeLog, lines, length } = await ChangeLog.open(fs, logFiles, options)
  const { uidValidity } = await openDocument(fs, directory, defaultUidValidity(lines), options)
  const recovery = new Recovery(fs, directory, raw, lines, uidValidity, options)
  await recovery.run()
  const { state, segments, nextId, nextSeq, leftovers, restored, foreign } = recovery
  changeLog.reach(recovery.applied)
  return {
    state,
    segments,
    changeLog,
    logLength: length,
    nextId,
    nextSeq,
    lsn: () => recovery.applied,
    setLsn: lsn => {
      recovery.applied = Math.max(recovery.applied, lsn)
    },
    leftovers,
    restored,
    foreign,
  }
}

/** What the log knows of the UIDVALIDITY of the default mailboxes. */
const defaultUidValidity = (lines: readonly LogLine[]): number | undefined => {
  for (const { ops } of lines) {
    for (const op of ops) if (op.op === 'reserve' && op.defaults) return op.defaults
  }
  return undefined
}

class Recovery {
  readonly state: State
  readonly segments: Segments
  readonly leftovers: number[] = []
  readonly restored: number[] = []
  readonly foreign: string[] = []
  nextId = 1
  nextSeq = 1
  applied = 0
  readonly #raw: RawFiles
  readonly #lines: readonly LogLine[]
  readonly #log: (line: string) => void
  readonly #accountLsns = new Map<number, number>()
  readonly #blockLsns = new Map<Mailbox, Map<number, number>>()
  /** Of the INBOXes of addresses: what is read before the arrivals that it is about. */
  readonly #derived = new Map<Mailbox, DerivedRecord[]>()
  /** Numbers of the raw files that are there. */
  readonly #there = new Set<number>()
  /** Messages that stay known until the log is replayed, whatever becomes of their entries. */
  readonly #borrowed: Message[] = []
  #lost = 0

  constructor(
    fs: StoreFs,
    directory: string,
    raw: RawFiles,
    lines: readonly LogLine[],
    uidValidity: number,
    options: RecoveryOptions,
  ) {
    this.#raw = raw
    this.#lines = lines
    this.#log = options.log
    this.segments = new Segments(fs, directory, () => this.applied, options)
    this.state = new State(uidValidity, this.segments, () => this.nextSeq - 1)
  }

  async run(): Promise<void> {
    this.#reserved()
    await this.#loadAccounts()
    this.#replayStructure()
    for (const account of this.state.accounts()) await this.#loadEntries(account)
    for (const number of await this.segments.accounts()) {
      // A folder that nothing tells of stays, but for what a crash left half-written.
      if (!this.state.account(number)) await this.segments.blocks(number)
    }
    await this.#scan()
    for (const account of this.state.accounts()) this.#derive(account)
    await this.#borrow()
    this.#replay()
    this.#sweep()
    for (const account of this.state.accounts()) {
      for (const mailbox of account.mailboxes()) {
        this.#reach(mailbox.uidNext - 1)
        mailbox.begin(this.nextSeq)
      }
    }
    this.nextSeq++
    if (this.#lost > 0) {
      this.#log(`${this.#lost} messages of the index have lost their raw files; dropped from it`)
    }
  }

  #reserved(): void {
    for (const { ops, lsn } of this.#lines) {
      this.applied = Math.max(this.applied, lsn)
      for (const op of ops) {
        if (op.op !== 'reserve') continue
        this.nextId = Math.max(this.nextId, op.ids)
        this.nextSeq = Math.max(this.nextSeq, op.seqs)
      }
    }
  }

  async #loadAccounts(): Promise<void> {
    for (const number of await this.segments.accounts()) {
      // Whatever becomes of it: no other account finds these files.
      this.state.pass(number)
      const file = this.segments.account(number)
      await file.read()
      const { data } = file
      if (data.lsn === 0 && data.mailboxes.length === 0) continue
      const account = this.state.restore(number, data.name)
      this.#accountLsns.set(number, data.lsn)
      this.applied = Math.max(this.applied, data.lsn)
      account.nextMailbox = Math.max(account.nextMailbox, data.nextMailbox)
      const listed = new Set(data.mailboxes.map(({ number }) => number))
      for (const mailbox of [...account.mailboxes()]) {
        if (!listed.has(mailbox.number)) account.remove(mailbox)
      }
      account.rename(
        data.mailboxes.flatMap(({ number: at, name }) => {
          const mailbox = account.numbered(at)
          return mailbox ? [[mailbox, name] as const] : []
        }),
      )
      for (const { number: at, name, uidValidity, uidNext, specialUse = null } of data.mailboxes) {
        this.state.lastUidValidity = Math.max(this.state.lastUidValidity, uidValidity)
        const identity = { account, number: at, uidValidity, specialUse }
        const mailbox = account.numbered(at) ?? new Mailbox(identity, name, this.nextSeq)
        account.add(mailbox)
        mailbox.reach(uidNext)
      }
      account.subscriptions.clear()
      for (const name of data.subscriptions) account.subscriptions.add(name)
    }
  }

  #replayStructure(): void {
    for (const { ops, lsn } of this.#lines) {
      applyStructure(
        ops,
        this.state,
        this.nextSeq,
        account => lsn > (this.#accountLsns.get(account) ?? 0),
      )
    }
  }

  async #loadEntries(account: Account): Promise<void> {
    for (const [number, blocks] of await this.segments.blocks(account.number)) {
      const mailbox = account.numbered(number)
      if (!mailbox) {
        for (const block of blocks) await this.segments.remove(account.number, number, block)
        continue
      }
      const lsns = new Map<number, number>()
      this.#blockLsns.set(mailbox, lsns)
      for (const block of blocks) await this.#loadBlock(mailbox, block, lsns)
    }
  }

  async #loadBlock(mailbox: Mailbox, block: number, lsns: Map<number, number>): Promise<void> {
    const { account, number } = mailbox
    const file = this.segments.segment(account.number, number, block)
    await file.read()
    const { data } = file
    let isWhole = true
    for (const record of data.entries) {
      if (isDerivedRecord(record, block)) {
        const records = this.#derived.get(mailbox)
        if (records) records.push(record)
        else this.#derived.set(mailbox, [record])
      } else if (isRecord(record, block)) {
        const known = this.state.message(record.message ?? record.number)
        this.#admit(mailbox, toEntry(record, known))
      } else isWhole = false
    }
    for (const uid of idsOf(data.hidden ?? '')) mailbox.own.hide(uid)
    // What it lacks is told by the log, and only by all of it.
    if (!isWhole) return
    lsns.set(block, data.lsn)
    this.applied = Math.max(this.applied, data.lsn)
  }

  #admit(mailbox: Mailbox, entry: Entry): void {
    this.nextSeq = Math.max(this.nextSeq, entry.modseq + 1)
    this.state.admit(mailbox, entry)
  }

  /** Holds the index against the raw files. */
  async #scan(): Promise<void> {
    const { inbox, uses } = this.state
    const logged = this.#lines.reduce((highest, { lsn }) => Math.max(highest, lsn), 0)
    // Without the log, only the checkpoints can say that a message that others use has left its place.
    const isLogLost = this.applied > logged
    const removed = new Removed(this.#lines)
    const folders = await this.#raw.blocks()
    await this.#raw.syncBlocks(folders)
    const blocks = new Set([...folders, ...inbox.entries.blocks()])
    for (const block of [...blocks].sort((a, b) => a - b)) {
      const numbers = await this.#raw.numbers(block)
      for (const number of numbers) this.#there.add(number)
      this.#reach(numbers.at(-1) ?? 0)
      for (const number of numbers) {
        const isKnown =
          inbox.entries.get(number)?.message.id === number ||
          uses.isAtHome(number) ||
          (isLogLost && uses.has(number))
        if (!isKnown && !removed.has(catchAllInbox, number)) await this.#restore(number, removed)
      }
    }
  }

  /** Puts a message that no checkpoint knows of where its raw file says that it belongs. */
  async #restore(number: number, removed: Removed): Promise<void> {
    const rebuilt = await rebuild(this.#raw, number)
    if (rebuilt) await this.#raw.syncFile(number)
    else {
      const path = this.#raw.path(number)
      this.#log(`${path} was not written by Mailcatch; left alone`)
      this.foreign.push(path)
      this.#there.delete(number)
      return
    }
    const { tags, head } = rebuilt
    const message = this.state.uses.get(number) ?? rebuilt.message
    const { append } = head
    if (append && this.state.ended.has(append.account)) return
    const at: Place = append ? [append.account, append.mailbox] : catchAllInbox
    const account = this.state.account(at[0])
    // Where nothing is known of its mailbox any more it is shown to everybody rather than lost.
    const isUnknown = !account || at[1] >= account.nextMailbox
    const mailbox = isUnknown ? this.state.inbox : account.numbered(at[1])
    if (!mailbox || removed.has(at, number)) return
    this.restored.push(number)
    this.state.put(mailbox, {
      number,
      message,
      flags: flagSet(append?.flags ?? []),
      tags,
      modseq: this.nextSeq,
      internalDate: append?.internalDate ?? message.receivedAt,
      savedAt: message.receivedAt,
    })
  }

  /** The INBOX of an address: the arrivals for it, with the state that they have there. */
  #derive(account: Account): void {
    if (account.name === '' || !account.inbox) return
    this.state.derive(account)
    for (const record of this.#derived.get(account.inbox) ?? []) {
      const entry = account.inbox.entries.get(record.number)
      if (entry) this.#admit(account.inbox, { ...entry, ...derivedState(record) })
    }
  }

  /** The messages that the log puts somewhere: some are in no entry yet, others go before they are copied. */
  async #borrow(): Promise<void> {
    const needed = new Set<number>()
    for (const { ops } of this.#lines) {
      for (const op of ops) {
        if (op.op !== 'put') continue
        for (const { messages } of op.runs) for (const id of idsOf(messages)) needed.add(id)
      }
    }
    for (const id of needed) {
      const known = this.state.message(id)
      const isLost = !known && !this.#there.has(id)
      const message = known ?? (isLost ? undefined : (await rebuild(this.#raw, id))?.message)
      if (!message) continue
      this.#borrowed.push(message)
      this.state.uses.add(message, 0)
    }
  }

  #replay(): void {
    for (const { ops, lsn } of this.#lines) {
      // A removal holds whatever the checkpoint says: no number comes twice. The rest only where that is older.
      apply(
        ops,
        this.state,
        this.nextSeq,
        (mailbox, number) => lsn > (this.#blockLsns.get(mailbox)?.get(blockOf(number)) ?? 0),
      )
      for (const op of ops) {
        if (op.op === 'remove') this.#reach(lastOf(op.ids))
        if (op.op === 'put') for (const run of op.runs) this.#reach(lastOf(run.numbers))
      }
    }
    for (const message of this.#borrowed) this.state.uses.remove(message, 0)
  }

  /** Drops what has lost its raw file, and notes the raw files that nothing uses. */
  #sweep(): void {
    for (const account of this.state.accounts()) {
      for (const mailbox of account.mailboxes()) {
        const lost: number[] = []
        for (const { number, message } of mailbox.entries.ascending()) {
          this.#reach(number)
          if (!this.#there.has(message.id)) lost.push(number)
        }
        this.#lost += this.state.remove(mailbox, lost, this.nextSeq).removed.length
        this.#unhide(mailbox)
      }
    }
    for (const number of this.#there) {
      if (!this.state.message(number)) this.leftovers.push(number)
    }
  }

  /** Forgets what an older checkpoint hides in the INBOX of an address, and what is not in the catch-all any more. */
  #unhide(mailbox: Mailbox): void {
    for (const uid of mailbox.own.hidden()) {
      if (this.state.inbox.entries.get(uid)) continue
      mailbox.own.unhide(uid)
      this.state.touch(mailbox, uid)
    }
  }

  #reach(number: number): void {
    this.nextId = Math.max(this.nextId, number + 1)
  }
}

const lastOf = (ids: string): number => readIdRanges(ids).at(-1)?.last ?? 0
