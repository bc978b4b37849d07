import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Content, ContentSource } from '../mime/content.ts'
import { ContentReader } from '../mime/content-reader.ts'
import { HeaderCollector, readHeader } from '../mime/header.ts'
import type { Part } from '../mime/structure.ts'
import { type HeaderSummary, summarise } from '../mime/summary.ts'
import { type Arrival, tagsOf, toMessage } from './arrival.ts'
import type { ChangeLog, Operation } from './change-log.ts'
import type { MessagePatch, Transaction } from './changes.ts'
import { Contents, type Outcome, type Reader } from './contents.ts'
import { diskFs } from './disk-fs.ts'
import type { Entries } from './entries.ts'
import { Feed } from './feed.ts'
import { writeIdSet } from './id-set.ts'
import { type Lock, takeLock } from './lock.ts'
import type { Matcher } from './matcher.ts'
import { memoryFs } from './memory-fs.ts'
import type { Entry, Reception } from './message.ts'
import { Numbers } from './numbers.ts'
import { apply } from './operations.ts'
import { type EntryPatch, toOperation } from './patch.ts'
import { RawFiles } from './raw-files.ts'
import type { RawHead } from './raw-head.ts'
import { inspect, type Recovered, recover } from './recovery.ts'
import { RemovedFiles } from './removed-files.ts'
import { excess, type RetentionLimits } from './retention.ts'
import { SearchTexts } from './search-texts.ts'
import { Searcher } from './searcher.ts'
import { type Page, type Paging, Selection } from './selection.ts'
import { StoreError, toStoreError } from './store-error.ts'
import type { StoreFs } from './store-fs.ts'

export type { Arrival, EntryPatch, Page, Paging }

export type StoreOptions = RetentionLimits & {
  /** The data directory; null keeps nothing (`--memory`). */
  readonly directory: string | null
  /** Octets. */
  readonly maxMessageSize: number
  /** Every acknowledgement also survives a power loss. */
  readonly fsync: boolean
  /** A line for the log: what was repaired, set aside or failed. */
  readonly log: (line: string) => void
  /** The file layer, for tests; the disk, or memory where there is no directory. */
  readonly fs?: StoreFs
  /** Where messages are read, for tests; a worker thread. */
  readonly reader?: Reader
}

/** The names of the data directory, and those on the way to it, survive a power loss. */
const syncAbove = async (fs: StoreFs, root: string, log: (line: string) => void): Promise<void> => {
  await fs.syncDirectory(root)
  for (let above = root; above !== dirname(above); ) {
    above = dirname(above)
    try {
      await fs.syncDirectory(above)
    } catch (error) {
      // One that we may not read is none that we made.
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
      log(`${above} cannot be synced: ${(error as Error).message}`)
      return
    }
  }
}

/** A log file is given up for a new one, and the index flushed, at this many octets. */
const logLimit = 4 * 1024 * 1024
/** So many positions of the feed are reserved at a time. */
const seqBlock = 100_000
const ageInterval = 30_000

/**
 * The store: the only writer and the only publisher. Reads are synchronous from the index in memory, except raw bytes,
 * parsed content and text search; writes resolve when they are durable.
 */
export class MailStore {
  readonly #options: StoreOptions
  readonly #raw: RawFiles
  readonly #removed: RemovedFiles
  readonly #searchTexts: SearchTexts
  readonly #lock: Lock | null
  readonly #state: Recovered
  readonly #entries: Entries
  readonly #changeLog: ChangeLog
  readonly #numbers: Numbers
  readonly #feed: Feed
  readonly #contents: Contents
  readonly #searcher: Searcher
  readonly #selection: Selection
  readonly #ageTimer: NodeJS.Timeout | null
  #cursor: number
  #seqCeiling: number
  #isRetaining = false
  #retained: Promise<void> = Promise.resolve()
  #checkpointing: Promise<void> | null = null
  #isClosed = false

  private constructor(
    options: StoreOptions,
    raw: RawFiles,
    searchTexts: SearchTexts,
    lock: Lock | null,
    state: Recovered,
  ) {
    this.#options = options
    this.#raw = raw
    this.#removed = new RemovedFiles(raw, options.log)
    this.#searchTexts = searchTexts
    this.#lock = lock
    this.#state = state
    this.#entries = state.entries
    this.#changeLog = state.changeLog
    this.#numbers = new Numbers(state.nextId, ids => this.#reserve(ids, this.#seqCeiling))
    this.#feed = new Feed(state.nextSeq, options.log)
    this.#seqCeiling = state.nextSeq
    this.#cursor = this.#entries.newest?.number ?? 0
    this.#contents = new Contents({
      reader: options.reader ?? new ContentReader(),
      source: id => this.#source(id),
      parsed: (id, outcome) => this.#parsed(id, outcome),
      log: options.log,
    })
    this.#searcher = new Searcher({
      texts: searchTexts,
      source: id => this.#source(id),
      total: () => this.#entries.total,
      log: options.log,
    })
    this.#selection = new Selection(this.#entries, this.#feed, {
      parsed: id => this.#parsedEntry(id),
      scan: (block, words) => this.#searcher.scan(block, words),
      ask: (entries, probes) => this.#searcher.ask(entries, probes),
    })
    this.#ageTimer =
      options.maxAge === null ? null : setInterval(() => this.#retain(), ageInterval).unref()
  }

  /**
   * Opens the store, and makes or repairs it where needed. Rejects with LockedError where another process has the
   * directory, with DataDirectoryError where it is not ours to use, else with the error of the file system.
   */
  static async open(options: StoreOptions): Promise<MailStore> {
    const { directory } = options
    const fs = options.fs ?? (directory === null ? memoryFs() : diskFs)
    const root = directory ?? join(tmpdir(), 'mailcatch-memory')
    await inspect(fs, root)
    await fs.makeDirectory(root)
    const lock = directory === null || options.fs ? null : await takeLock(directory)
    try {
      const raw = new RawFiles(fs, join(root, 'raw'), options)
      await raw.open()
      const searchTexts = new SearchTexts(fs, join(root, 'text'), options.log)
      await searchTexts.open()
      const state = await recover(fs, root, raw, options)
      if (options.fsync) await syncAbove(fs, root, options.log)
      const store = new MailStore(options, raw, searchTexts, lock, state)
      await store.#begin()
      return store
    } catch (error) {
      await lock?.release()
      throw error
    }
  }

  /** The newest id ever listed; 0 before the first. */
  get cursor(): number {
    return this.#cursor
  }

  /** The position on the feed: `<process>-<seq>`. */
  get feed(): string {
    return this.#feed.position
  }

  get total(): number {
    return this.#entries.total
  }

  get unread(): number {
    return this.#entries.unread
  }

  /** Octets of all raw messages. */
  get bytes(): number {
    return this.#entries.bytes
  }

  /** UIDVALIDITY of the catch-all INBOX. */
  get uidValidity(): number {
    return this.#state.uidValidity
  }

  /** Tells who asks for the data directory next where the inbox is. */
  announce(url: string): void {
    this.#lock?.announce(url)
  }

  /** Begins an arrival. Its id and `receivedAt` are those of its end. */
  receive(reception: Reception): Arrival<Entry> {
    if (this.#isClosed) throw new StoreError('closed', 'the store is closed')
    const { maxMessageSize } = this.#options
    const header = new HeaderCollector()
    const draft = this.#raw.draft({ ...reception, receivedAt: Date.now() })
    let size = 0
    return {
      get size() {
        return size
      },
      write: chunk => {
        size += chunk.length
        if (size > maxMessageSize) {
          throw new StoreError('too-big', `a message has at most ${maxMessageSize} octets`)
        }
        header.take(chunk)
        return draft.write(chunk)?.catch(error => {
          throw toStoreError(error)
        })
      },
      commit: async () => {
        let number: number | undefined
        try {
          number = await this.#numbers.take()
          const summary = summarise(readHeader(header.bytes))
          const head: RawHead = { ...reception, receivedAt: Date.now() }
          const start = await draft.finish(number, head)
          return await this.#arrived(number, head, summary, size, start)
        } catch (error) {
          if (number !== undefined) this.#numbers.settle(number, null)
          await draft.discard()
          throw toStoreError(error)
        }
      },
      abort: () => draft.discard(),
    }
  }

  entry(id: number): Entry | undefined {
    return this.#entries.get(id)
  }

  latest(): Entry | undefined {
    return this.#entries.newest
  }

  /** A page of what matches, newest first. Waits for the parsing of the messages that it must look into, and no others. */
  list(matcher: Matcher, paging: Paging): Promise<Page> {
    return this.#selection.list(matcher, paging)
  }

  /** The newest message that matches. */
  newest(matcher: Matcher): Promise<Entry | undefined> {
    return this.#selection.newest(matcher)
  }

  /** Every id that matches, ascending. Rejects with QueryError where the matcher cannot be read. */
  async match(matcher: Matcher): Promise<readonly number[]> {
    return (await this.#selection.select(matcher)).toReversed()
  }

  matches(matcher: Matcher, id: number): Promise<boolean> {
    return this.#selection.matches(matcher, id)
  }

  /** The message as sent, or the octets `[start, end)` of it; undefined where there is no such message. */
  raw(id: number, range?: { readonly start: number; readonly end: number }): Readable | undefined {
    const bounds = this.#bounds(id, range)
    return bounds && this.#raw.stream(id, bounds.start, bounds.end)
  }

  /** The same in one piece. */
  async rawBytes(
    id: number,
    range?: { readonly start: number; readonly end: number },
  ): Promise<Buffer | undefined> {
    const bounds = this.#bounds(id, range)
    return bounds && this.#raw.read(id, bounds.start, bounds.end)
  }

  /** How a message came to us. */
  async reception(id: number): Promise<RawHead | undefined> {
    if (!this.#entries.get(id)) return undefined
    return (await this.#raw.head(id))?.head
  }

  /** Parsed content: null where the parser gave up, undefined where there is no such message. */
  async content(id: number): Promise<Content | null | undefined> {
    const content = await this.#contents.get(id)
    return this.#entries.get(id) ? content : undefined
  }

  /** The tree of MIME parts. */
  async structure(id: number): Promise<Part | undefined> {
    const source = await this.#source(id)
    return source && this.#contents.reader.structure(source)
  }

  /** The HTML of a message as a document for an isolated frame; undefined where there is none. */
  async html(id: number): Promise<string | undefined> {
    const source = await this.#source(id)
    return source && ((await this.#contents.reader.html(source)) ?? undefined)
  }

  /** Changes flags and tags as one transaction; resolves with how many messages it changed. */
  update(ids: readonly number[], patch: EntryPatch): Promise<number> {
    return this.#transact(ids, set => toOperation(patch, set))
  }

  /** Removes messages for good as one transaction; resolves with how many there were. */
  remove(ids: readonly number[]): Promise<number> {
    return this.#transact(ids, set => ({ op: 'remove', ids: set, reason: 'deleted' }))
  }

  /**
   * Tells of each transaction, in order, in the same synchronous step in which the index changes. Returns the way out.
   */
  subscribe(listener: (transaction: Transaction) => void): () => void {
    return this.#feed.subscribe(listener)
  }

  /** The transactions after a position of `feed`; null where they are no longer known. */
  since(feed: string): readonly Transaction[] | null {
    return this.#feed.since(feed)
  }

  /** Ends what is under way, flushes and unlocks. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#ageTimer) clearInterval(this.#ageTimer)
    try {
      await this.#retained
      await this.#searcher.close()
      await this.#contents.close()
      await this.#searchTexts.compact(number => this.#entries.get(number) !== undefined)
      await this.#checkpoint()
      await this.#state.segments.close()
      await this.#changeLog.close()
    } finally {
      await this.#lock?.release()
    }
  }

  /** A new process: a new log file with room for new numbers, then what the last one left undone. */
  async #begin(): Promise<void> {
    this.#seqCeiling += seqBlock
    await this.#numbers.raise()
    this.#removed.add(this.#state.leftovers, this.#state.removedBlocks)
    await this.#checkpoint()
    for (const entry of this.#entries.ascending()) {
      if (entry.message.parsed === false) this.#contents.add(entry.number)
    }
    this.#retain()
  }

  #reserve(ids: number, seqs: number): Promise<unknown> {
    return this.#changeLog.append([{ op: 'reserve', ids, seqs }])
  }

  /** The next position of the feed. Reserved far ahead; a restart begins above what was reserved. */
  #advance(): number {
    const seq = this.#feed.advance()
    if (this.#seqCeiling - seq < seqBlock / 2) {
      this.#seqCeiling += seqBlock
      this.#reserve(this.#numbers.ceiling, this.#seqCeiling).catch((error: Error) => {
        this.#seqCeiling -= seqBlock
        this.#options.log(`the change log cannot be written: ${error.message}`)
      })
    }
    return seq
  }

  /** The raw file of an arrival is in place: index and feed in the number's turn, in one synchronous step. */
  #arrived(
    number: number,
    head: RawHead,
    summary: HeaderSummary,
    size: number,
    start: number,
  ): Promise<Entry> {
    const tags = tagsOf(head, summary)
    const message = toMessage(number, head, summary, size, start)
    return new Promise(resolve => {
      this.#numbers.settle(number, () => {
        const entry: Entry = { number, message, flags: [], tags, modseq: this.#advance() }
        this.#entries.put(entry)
        this.#cursor = number
        this.#state.segments.touch(number)
        this.#feed.publish([{ type: 'message.added', entry }])
        this.#contents.add(number)
        this.#retain()
        resolve(entry)
      })
    })
  }

  /** The parser is done with a message: its second moment. */
  #parsed(id: number, outcome: Outcome): void {
    const entry = this.#entries.get(id)
    if (!entry) {
      this.#contents.forget(id)
      return
    }
    if (entry.message.parsed !== false) return
    const attached = outcome?.attachments.filter(part => !part.inline).length ?? 0
    const patch = {
      parsed: outcome ? true : 'failed',
      preview: outcome?.preview ?? '',
      attachments: attached,
      // Those of the header block are among the content's.
      warnings: outcome ? outcome.warnings.length : entry.message.warnings + 1,
    } satisfies MessagePatch
    const inlines = (outcome?.attachments.length ?? 0) - attached
    if (outcome) {
      this.#searchTexts.put(id, { text: outcome.searchText, isCut: outcome.searchTextCut })
    }
    const message = { ...entry.message, ...patch, inlines }
    this.#entries.put({ ...entry, message, modseq: this.#advance() })
    this.#state.segments.touch(id)
    this.#feed.publish([{ type: 'message.changed', ids: `${id}`, patch }])
  }

  async #transact(ids: readonly number[], make: (set: string) => Operation): Promise<number> {
    if (this.#isClosed) throw new StoreError('closed', 'the store is closed')
    const there = [...new Set(ids)].filter(id => this.#entries.get(id)).sort((a, b) => a - b)
    if (there.length === 0) return 0
    try {
      return await this.#commit([make(writeIdSet(there))])
    } catch (error) {
      throw toStoreError(error)
    }
  }

  /** Logs operations, and applies them when that is durable. Resolves with how many entries they touched. */
  async #commit(ops: readonly Operation[]): Promise<number> {
    const line = await this.#changeLog.append(ops)
    this.#state.setLsn(line.lsn)
    const { changes, touched, removed } = apply(ops, this.#entries, this.#feed.seq + 1)
    if (changes.length > 0) {
      this.#advance()
      for (const number of touched) this.#state.segments.touch(number)
      this.#feed.publish(changes)
    }
    if (removed.length > 0) {
      for (const number of removed) this.#contents.forget(number)
      this.#searchTexts.remove(removed, block => this.#entries.block(block).length === 0)
      this.#removed.add(removed)
    }
    if (this.#changeLog.length > logLimit) {
      this.#checkpoint().catch((error: Error) =>
        this.#options.log(`the index could not be written: ${error.message}`),
      )
    }
    return touched.length
  }

  /** Brings every lowdb file up to the log, then gives up the old log files. */
  #checkpoint(): Promise<void> {
    this.#checkpointing ??= (async () => {
      // After a clean end the numbers go on without a gap; else the next process begins at the ceiling.
      const ids = this.#isClosed ? this.#numbers.next : this.#numbers.ceiling
      const seqs = this.#isClosed ? this.#feed.seq + 1 : this.#seqCeiling
      const number = await this.#changeLog.rotate([{ op: 'reserve', ids, seqs }])
      await this.#state.segments.flush()
      // The log says that a message is gone until its raw file is.
      if (await this.#removed.areGone()) await this.#changeLog.drop(number)
    })().finally(() => {
      this.#checkpointing = null
    })
    return this.#checkpointing
  }

  /** Removes what is over the limits, in the background. */
  #retain(): void {
    if (this.#isRetaining || this.#isClosed) return
    this.#isRetaining = true
    this.#retained = this.#keepWithinLimits()
  }

  async #keepWithinLimits(): Promise<void> {
    try {
      for (;;) {
        const numbers = excess(this.#entries, this.#options, Date.now())
        if (numbers.length === 0) return
        await this.#commit([{ op: 'remove', ids: writeIdSet(numbers), reason: 'retention' }])
      }
    } catch (error) {
      this.#options.log(`old messages could not go: ${(error as Error).message}`)
    } finally {
      // In the step that found nothing to remove: an arrival right after it looks again.
      this.#isRetaining = false
    }
  }

  #bounds(id: number, range?: { start: number; end: number }) {
    const message = this.#entries.get(id)?.message
    if (!message) return undefined
    const { start, size } = message
    return {
      start: start + Math.min(range?.start ?? 0, size),
      end: start + Math.min(range?.end ?? size, size),
    }
  }

  async #source(id: number): Promise<ContentSource | undefined> {
    const message = this.#entries.get(id)?.message
    if (!message) return undefined
    const path = this.#raw.sharedPath(id)
    if (path !== null) return { path, start: message.start }
    return { bytes: await this.#raw.read(id, message.start, message.start + message.size) }
  }

  /** The entry once its message is parsed, or given up. */
  async #parsedEntry(id: number): Promise<Entry | undefined> {
    await this.#contents.get(id)
    return this.#entries.get(id)
  }
}
