import type { Mailbox } from '../store/mailbox.ts'
import type { Entry } from '../store/message.ts'
import { takesKeywords } from '../store/quota.ts'
import { SavedSearch } from './commands/search/saved-search.ts'
import type { Enabled } from './enabled.ts'
import { ImapError } from './errors.ts'
import type { MailboxNews, MailboxWatch } from './mailbox-watch.ts'
import type { Output } from './output.ts'
import { type RecentMessages, SessionRecent } from './recent.ts'
import { isSameFlag, SYSTEM_FLAGS } from './syntax/flag.ts'
import {
  largestNumber,
  positionsOfSequenceNumbers,
  positionsOfUids,
  printSequenceSet,
  type SequenceSet,
  type Span,
} from './syntax/sequence-set.ts'
import { UidList } from './uid-list.ts'

export type ViewOptions = {
  readonly isReadOnly: boolean
  readonly watch: MailboxWatch
  readonly recent: RecentMessages
  /** Of the session; it may come to hold more. */
  readonly enabled: Enabled
}

/** What a FETCH response about flags says besides. */
export type FlagsResponse = { readonly hasUid: boolean; readonly hasFlags: boolean }

/**
 * A mailbox as one client knows it: the ascending UIDs that it has been told of, and what it has not been told yet. The
 * only place that knows sequence numbers. The client learns of nothing but by `flush`, so that a number means one
 * message from one flush to the next.
 */
export class MailboxView {
  readonly mailbox: Mailbox
  readonly isReadOnly: boolean
  /** What `$` stands for, until another mailbox is opened (RFC 9051 §6.4.4.1). */
  readonly saved = new SavedSearch()
  /** Called when there is something to flush. */
  onNews: (() => void) | null = null
  /** Called when somebody has deleted the mailbox. */
  onDeleted: (() => void) | null = null
  readonly #watch: MailboxWatch
  readonly #enabled: Enabled
  readonly #recent: SessionRecent
  readonly #unwatch: () => void
  #uids: UidList
  /** Above the last UID that the client knows, ascending. */
  readonly #added = new Set<number>()
  /** Known to the client, and gone. */
  readonly #removed = new Set<number>()
  readonly #changed = new Set<number>()
  /** The mod-sequence of the first removal that the client has not been told of. */
  #removedFrom: number | null = null
  /** The client was told a HIGHESTMODSEQ that it may forget when it knows of the removals. */
  #isHeldBack = false
  #recentTold = -1
  /** How many keywords the FLAGS response has named. */
  #keywordsTold: number

  constructor(mailbox: Mailbox, { isReadOnly, watch, recent, enabled }: ViewOptions) {
    this.mailbox = mailbox
    this.isReadOnly = isReadOnly
    this.#watch = watch
    this.#enabled = enabled
    this.#recent = new SessionRecent(mailbox, recent, isReadOnly)
    this.#unwatch = watch.watch(mailbox, news => this.#hear(news))
    this.#uids = watch.shared(mailbox) ?? listOf(mailbox)
    this.#uids = watch.share(mailbox, this.#uids)
    this.#recent.tell(this.#uids.last)
    this.#keywordsTold = mailbox.keywords.size
  }

  /** Nothing more is heard. */
  close(): void {
    this.#unwatch()
    this.onNews = null
    this.onDeleted = null
  }

  /** How many messages the client knows. */
  get count(): number {
    return this.#uids.length
  }

  /** The UIDs that the client knows, ascending; to be read only. */
  uids(): Uint32Array {
    return this.#uids.uids
  }

  /** From 1; undefined where the client knows no such message. */
  uidAt(sequenceNumber: number): number | undefined {
    return this.#uids.at(sequenceNumber - 1)
  }

  /** Undefined where the client does not know it. */
  sequenceNumberOf(uid: number): number | undefined {
    const at = this.#uids.indexOf(uid)
    return at === -1 ? undefined : at + 1
  }

  /** Undefined where the message is gone, which the client may not know yet. */
  entry(uid: number): Entry | undefined {
    return this.mailbox.entries.get(uid)
  }

  isRecent(uid: number): boolean {
    return !this.#enabled.hasRev2 && this.#recent.has(uid)
  }

  /** Flags as this client is to see them: those of the entry, and `\Recent` (RFC 3501 §2.3.2). */
  flagsOf({ flags, number }: Entry): readonly string[] {
    return this.isRecent(number) ? withRecent(flags) : flags
  }

  /**
   * The positions, from 0, that a set names. UIDs that are not there name nothing (RFC 9051 §6.4.9).
   *
   * @throws ImapError `BAD` for sequence numbers that there are not
   */
  resolve(set: SequenceSet, isUid: boolean): readonly Span[] {
    if (set.kind === 'saved') return positionsOfUids(this.saved.set.ranges, this.#uids.uids)
    if (isUid) return positionsOfUids(set.ranges, this.#uids.uids)
    if (this.count === 0 || largestNumber(set.ranges) > this.count) {
      throw new ImapError('BAD', 'there is no message with that number')
    }
    return positionsOfSequenceNumbers(set.ranges, this.count)
  }

  /** The UIDs at these positions, ascending. */
  uidsAt(spans: readonly Span[]): number[] {
    const uids: number[] = []
    for (const { start, end } of spans) {
      for (let at = start; at < end; at++) uids.push(this.#uids.at(at) as number)
    }
    return uids
  }

  /** What FLAGS and PERMANENTFLAGS list (RFC 9051 §7.1, §7.3.5). */
  flagResponses(): readonly string[] {
    const flags = this.#flags.join(' ')
    const more = takesKeywords(this.mailbox) ? ' \\*' : ''
    const permanent = this.isReadOnly
      ? 'OK [PERMANENTFLAGS ()] no flags can be changed'
      : `OK [PERMANENTFLAGS (${flags}${more})] flags that can be changed`
    return [`FLAGS (${flags})`, permanent]
  }

  /** The flag as the mailbox has it already, in whatever case (RFC 9051 §9, note 1), and any other spelling of it. */
  spellingsOf(flag: string): readonly string[] {
    const there = this.#flags.filter(known => isSameFlag(known, flag))
    return there.length > 0 ? there : [flag]
  }

  get #flags(): readonly string[] {
    return [...SYSTEM_FLAGS, ...this.mailbox.keywords]
  }

  /** Whether there is something that the client has not been told. */
  get hasNews(): boolean {
    return this.#added.size + this.#removed.size + this.#changed.size > 0
  }

  /** How many messages there are (RFC 9051 §7.4.1; RFC 3501 §7.3.2). */
  writeSize(output: Output): void {
    output.untagged(`${this.count} EXISTS`)
    this.#writeRecent(output)
  }

  /** Whether the client has not been told of a change of these flags. */
  hasNewsOf(uid: number): boolean {
    return this.#changed.has(uid)
  }

  /** The client has been told the flags of a message, and its mod-sequence where it wants that. */
  told({ number }: Entry): void {
    this.#changed.delete(number)
  }

  /** The client has not been told the flags of a message after all. */
  mustTell({ number }: Entry): void {
    if (this.sequenceNumberOf(number) !== undefined) this.#changed.add(number)
  }

  /** A FETCH response with the flags of a message as they are now; nothing where it is gone. */
  writeFlags(output: Output, uid: number, { hasUid, hasFlags }: FlagsResponse): void {
    const entry = this.entry(uid)
    const sequenceNumber = this.sequenceNumberOf(uid)
    if (!entry || !sequenceNumber) return
    this.told(entry)
    this.#writeNewKeywords(output)
    const items: string[] = []
    // RFC 7162 §3.2.4: both, once the client has asked for one.
    if (hasUid || this.#enabled.hasCondstore) items.push(`UID ${uid}`)
    if (hasFlags) items.push(`FLAGS (${this.flagsOf(entry).join(' ')})`)
    if (this.#enabled.hasCondstore) items.push(`MODSEQ (${entry.modseq})`)
    if (items.length > 0) output.untagged(`${sequenceNumber} FETCH (${items.join(' ')})`)
  }

  /**
   * Tells the client everything that has happened. `holdsExpunges`: but for messages that went, since the client is
   * using sequence numbers (RFC 9051 §7.5.1).
   */
  async flush(output: Output, { holdsExpunges = false } = {}): Promise<void> {
    if (!holdsExpunges) await this.#flushRemoved(output)
    this.#writeNewKeywords(output)
    await this.#flushChanged(output)
    this.#flushAdded(output)
    this.#flushModseq(output)
    if (this.#added.size + this.#removed.size === 0) {
      this.#uids = this.#watch.share(this.mailbox, this.#uids)
    }
  }

  #hear(news: MailboxNews): void {
    switch (news.kind) {
      case 'added':
        for (const uid of news.uids) this.#added.add(uid)
        break
      case 'changed':
        if (!news.hasFlags && !this.#enabled.hasCondstore) return
        for (const uid of news.uids) if (uid <= this.#uids.last) this.#changed.add(uid)
        break
      case 'removed':
        for (const uid of news.uids) {
          this.#changed.delete(uid)
          // What the client never heard of may go unheard.
          if (this.#added.delete(uid)) continue
          this.#removed.add(uid)
          this.#removedFrom ??= news.modseq
        }
        break
      case 'deleted':
        this.onDeleted?.()
        return
    }
    this.onNews?.()
  }

  async #flushRemoved(output: Output): Promise<void> {
    if (this.#removed.size === 0) return
    const gone = [...this.#removed].sort((a, b) => a - b)
    const before = this.#uids
    this.#removed.clear()
    this.#removedFrom = null
    this.#uids = before.without(gone)
    if (this.#enabled.hasQresync) {
      output.untagged(`VANISHED ${printSequenceSet(gone)}`)
    } else {
      for (const [count, uid] of gone.entries()) {
        output.untagged(`${before.indexOf(uid) + 1 - count} EXPUNGE`)
        if (output.mustPause) await output.pause()
      }
    }
    this.#writeRecent(output)
  }

  async #flushChanged(output: Output): Promise<void> {
    for (const uid of this.#changed) {
      this.writeFlags(output, uid, { hasUid: true, hasFlags: true })
      // Where it is gone, too.
      this.#changed.delete(uid)
      if (output.mustPause) await output.pause()
    }
  }

  #flushAdded(output: Output): void {
    if (this.#added.size === 0) return
    const added = [...this.#added]
    this.#added.clear()
    this.#uids = this.#uids.append(added)
    this.#recent.tell(this.#uids.last)
    this.writeSize(output)
  }

  #writeRecent(output: Output): void {
    const count = this.#recent.count(this.#uids)
    if (this.#enabled.hasRev2 || count === this.#recentTold) return
    this.#recentTold = count
    output.untagged(`${count} RECENT`)
  }

  /**
   * While removals wait, a client that synchronises by mod-sequences must not take a higher one for all that happened
   * (RFC 7162 §3.2, §6).
   */
  #flushModseq(output: Output): void {
    if (!this.#enabled.hasQresync) return
    if (this.#removedFrom !== null) {
      this.#isHeldBack = true
      output.untagged(`OK [HIGHESTMODSEQ ${this.#removedFrom - 1}] Expunged messages will follow`)
    } else if (this.#isHeldBack && this.#changed.size === 0) {
      this.#isHeldBack = false
      output.untagged(`OK [HIGHESTMODSEQ ${this.mailbox.highestModseq}] Highest`)
    }
  }

  /** Keywords are named before they are used. */
  #writeNewKeywords(output: Output): void {
    if (this.mailbox.keywords.size === this.#keywordsTold) return
    this.#keywordsTold = this.mailbox.keywords.size
    for (const response of this.flagResponses()) output.untagged(response)
  }
}

/** One array for each, as entries share their sets of flags: what is printed of it is remembered by it. */
const recentFlags = new WeakMap<readonly string[], readonly string[]>()

function withRecent(flags: readonly string[]): readonly string[] {
  let recent = recentFlags.get(flags)
  if (!recent) {
    recent = [...flags, '\\Recent']
    recentFlags.set(flags, recent)
  }
  return recent
}

/** Block by block: a generator would take ten times as long. */
function listOf({ entries }: Mailbox): UidList {
  const uids = new Uint32Array(entries.total)
  let length = 0
  for (const block of entries.blocks()) {
    for (const { number } of entries.block(block)) uids[length++] = number
  }
  return UidList.of(uids)
}
