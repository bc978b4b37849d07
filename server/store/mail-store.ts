import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Content, ContentSource, HtmlView } from '../mime/content.ts'
import { ContentReader } from '../mime/content-reader.ts'
import type { Extract } from '../mime/extract/extract.ts'
import type { NestedMessage } from '../mime/nested-message.ts'
import type { MessagePart } from '../mime/part-tree.ts'
import type { Selected } from '../mime/select.ts'
import type { Part } from '../mime/structure.ts'
import type { Effects } from './apply.ts'
import type { Arrival } from './arrival.ts'
import { Canonical, type OpenMessage, type Range } from './canonical.ts'
import type { EntryChange, Transaction } from './changes.ts'
import type { Condition, Facts } from './condition.ts'
import type { Reader } from './contents.ts'
import { diskFs } from './disk-fs.ts'
import type { FacetCounts, FacetQuery } from './facets.ts'
import { Feed } from './feed.ts'
import { idsOf, writeIdSet } from './id-set.ts'
import type { Span } from './inbox-entries.ts'
import { Inboxes } from './inboxes.ts'
import { appendReception, Intake, type Placed } from './intake.ts'
import { Journal } from './journal.ts'
import { type Lock, takeLock } from './lock.ts'
import { MailTransactions } from './mail-transactions.ts'
import type { Mailbox } from './mailbox.ts'
import { Mailboxes } from './mailboxes.ts'
import { checkInboxes, type Matcher, readMatcher } from './matcher.ts'
import { memoryFs } from './memory-fs.ts'
import { canonicalSize, type Entry, linesSize, type Message, type Reception } from './message.ts'
import { migrate } from './migrate.ts'
import type { Operation } from './operation.ts'
import { Parsing } from './parsing.ts'
import { type EntryPatch, toOperation } from './patch.ts'
import type { PatternBudget } from './pattern-budget.ts'
import { answerQuickly } from './quick-answers.ts'
import { checkKeywords } from './quota.ts'
import { RawFiles } from './raw-files.ts'
import type { RawHead } from './raw-head.ts'
import { type Recovered, recover } from './recovery.ts'
import { RemovedFiles } from './removed-files.ts'
import { type Reservation, Reservations } from './reservations.ts'
import { Retention, type RetentionLimits } from './retention.ts'
import { Search, type SearchSources } from './search.ts'
import { SearchTexts } from './search-texts.ts'
import { Searcher } from './searcher.ts'
import { type Page, type Paging, Selection } from './selection.ts'
import type { State } from './state.ts'
import { inspect, tryOut, unusable } from './store-document.ts'
import { MailboxError, StoreError } from './store-error.ts'
import type { StoreFs } from './store-fs.ts'
import { checkTags, givesTags } from './tags.ts'
import { judge, lookInto, newestFirst, oldestFirst } from './walk.ts'

export type { Arrival, EntryPatch, OpenMessage, Page, Paging, Range }
export { canonicalSize, linesSize }

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

/** Makes a data directory ours, and finds out whether it can be written before anything of it is. */
const claim = async (fs: StoreFs, root: string, isAlone: boolean): Promise<Lock | null> => {
  try {
    await fs.makeDirectory(root)
    const lock = isAlone ? null : await takeLock(root)
    try {
      await tryOut(fs, root)
    } catch (error) {
      await lock?.release()
      throw error
    }
    return lock
  } catch (error) {
    throw unusable(root, error as NodeJS.ErrnoException)
  }
}

/** Above so many octets of the log a start gives it a new base at once. */
const longLog = 1024 * 1024
const ageInterval = 30_000

/**
 * The store: the only writer and the only publisher. Reads are synchronous from the index in memory, except raw bytes,
 * parsed content and text search; writes resolve when they are durable. What has an id is an entry of the catch-all
 * INBOX, which the web inbox and the API show; every other mailbox is reached through `mailboxes`.
 */
export class MailStore {
  /** Accounts, mailboxes, and what mail clients do to them. */
  readonly mailboxes: Mailboxes
  /** Mail that is just coming. */
  readonly transactions = new MailTransactions()
  /** The inboxes of the API. */
  readonly inboxes: Inboxes
  readonly #options: StoreOptions
  readonly #raw: RawFiles
  readonly #canonical: Canonical
  readonly #removed: RemovedFiles
  readonly #searchTexts: SearchTexts
  readonly #lock: Lock | null
  readonly #recovered: Recovered
  readonly #state: State
  readonly #inbox: Mailbox
  readonly #journal: Journal
  readonly #feed: Feed
  readonly #intake: Intake
  readonly #parsing: Parsing
  readonly #searcher: Searcher
  readonly #selection: Selection
  readonly #retention: Retention
  readonly #reservations = new Reservations(() => this.#retain())
  readonly #ageTimer: NodeJS.Timeout | null
  #cursor: number
  #isRetaining = false
  /** Settles when the last change that gives tags is applied. */
  #tagged: Promise<unknown> = Promise.resolve()
  #retained: Promise<void> = Promise.resolve()
  #isClosed = false

  private constructor(
    options: StoreOptions,
    fs: StoreFs,
    raw: RawFiles,
    searchTexts: SearchTexts,
    lock: Lock | null,
    recovered: Recovered,
  ) {
    const { state } = recovered
    this.#options = options
    this.#raw = raw
    this.#canonical = new Canonical(fs, raw, id => state.message(id) !== undefined)
    this.#removed = new RemovedFiles(raw, options.log)
    this.#searchTexts = searchTexts
    this.#lock = lock
    this.#recovered = recovered
    this.#state = state
    this.#inbox = state.inbox
    this.#feed = new Feed(recovered.nextSeq, options.log)
    state.follow(() => this.#feed.seq)
    this.#journal = new Journal(recovered, {
      feed: this.#feed,
      removed: this.#removed,
      applied: effects => this.#applied(effects),
      discarded: messages => this.#discarded(messages),
      log: options.log,
    })
    this.mailboxes = new Mailboxes(state, this.#journal, options)
    this.inboxes = new Inboxes(state, this.#journal)
    this.#intake = new Intake(raw, this.#journal, state.inboxes, options.maxMessageSize)
    this.#retention = new Retention(this.#inbox.entries, options)
    this.#cursor = this.#inbox.uidNext - 1
    this.#parsing = new Parsing({
      state,
      texts: searchTexts,
      reader: options.reader ?? new ContentReader(),
      source: message => this.#source(message),
      publish: changes => {
        this.#journal.advance()
        this.#feed.publish(changes)
      },
      log: options.log,
    })
    this.#searcher = new Searcher({
      texts: searchTexts,
      source: async message => this.#state.message(message.id) && this.#source(message),
      total: () => this.#inbox.entries.total,
      log: options.log,
    })
    this.#selection = new Selection(
      this.#inbox.entries,
      state.inboxEntries,
      this.#feed,
      this.#sources(this.#inbox),
    )
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
    const lock = await claim(fs, root, directory === null || options.fs !== undefined)
    try {
      const raw = new RawFiles(fs, join(root, 'raw'), options)
      await raw.open()
      // Looked at again: another process may have had it until now.
      const version = await inspect(fs, root)
      if (version !== null) await migrate(fs, root, raw, version, options)
      const searchTexts = new SearchTexts(fs, join(root, 'text'), options.log)
      await searchTexts.open()
      const recovered = await recover(fs, root, raw, options)
      if (options.fsync) await syncAbove(fs, root, options.log)
      const store = new MailStore(options, fs, raw, searchTexts, lock, recovered)
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
    return this.#inbox.entries.total
  }

  get unread(): number {
    return this.#inbox.entries.unread
  }

  /** Octets of all raw messages in the INBOX of the catch-all. */
  get bytes(): number {
    return this.#inbox.entries.bytes
  }

  /** What these take up of `maxBytes` (see `weightOf`). */
  get weight(): number {
    return this.#inbox.entries.weight
  }

  /** What clients keep in the mailboxes of all accounts, beside what arrives. Octets as of `weightOf`. */
  get kept(): { readonly messages: number; readonly bytes: number } {
    return this.#state.kept
  }

  /** That of the INBOX of the catch-all, given at the store's creation: no other store has it. */
  get uidValidity(): number {
    return this.#inbox.uidValidity
  }

  /** Tells who asks for the data directory next where the inbox is. */
  announce(url: string): void {
    this.#lock?.announce(url)
  }

  /** Begins an arrival. Its id and `receivedAt` are those of its end. */
  receive(reception: Reception): Arrival<Entry> {
    this.#checkOpen()
    return this.#intake.begin(reception, placed => this.#arrived(placed))
  }

  /**
   * Begins a message that a client puts into a mailbox (RFC 9051 §6.3.12), with flags and the date that it was received,
   * in milliseconds since 1970. Rejects with a MailboxError `over-quota` where clients keep as much as they may, or
   * `limit` for its keywords.
   */
  async append(
    mailbox: Mailbox,
    options: {
      readonly flags: readonly string[]
      readonly internalDate?: number
      /** The way in, as `imap`. */
      readonly listener: string
    },
  ): Promise<Arrival<Entry>> {
    this.#checkOpen()
    this.mailboxes.checkQuota(mailbox, 1, 0)
    checkKeywords(mailbox, options.flags)
    await this.mailboxes.keep(mailbox.account)
    const reception = appendReception(mailbox, options)
    return this.#intake.begin(reception, placed => this.#appended(placed, mailbox))
  }

  entry(id: number): Entry | undefined {
    return this.#inbox.entries.get(id)
  }

  latest(): Entry | undefined {
    return this.#inbox.entries.newest
  }

  /** A page of what matches, newest first. Waits for the parsing of the messages that it must look into, and no others. */
  async list(matcher: Matcher, paging: Paging): Promise<Page> {
    this.#checkMatcher(matcher)
    return this.#selection.list(matcher, paging)
  }

  /** What the messages have in common, counted, and the position of the feed at which the counts hold. */
  async facets(query: FacetQuery): Promise<FacetCounts & { readonly feed: string }> {
    return this.#state.facets.read(query, counts => ({ ...counts, feed: this.feed }))
  }

  /** The newest message that matches. */
  async newest(matcher: Matcher): Promise<Entry | undefined> {
    this.#checkMatcher(matcher)
    return this.#selection.newest(matcher)
  }

  /**
   * Every id that matches, ascending. Rejects with QueryError where the matcher cannot be read, with UnknownInboxError
   * where there is no such inbox; so do the others.
   */
  async match(matcher: Matcher): Promise<readonly number[]> {
    this.#checkMatcher(matcher)
    return (await this.#selection.select(matcher)).toReversed()
  }

  async matches(matcher: Matcher, id: number): Promise<boolean> {
    this.#checkMatcher(matcher)
    return this.#selection.matches(matcher, id)
  }

  /**
   * What a matcher stands for, but for its `since` and `upto`, with times such as `newer:1h` as of now. Throws a QueryError
   * where it cannot be read, or is too much for the budget, an UnknownInboxError where it names an inbox that there is not.
   */
  condition(matcher: Matcher, budget?: PatternBudget): Condition {
    this.#checkMatcher(matcher)
    return readMatcher(matcher, Date.now(), budget)
  }

  /** Whether a condition holds, as far as the index tells: undefined where the message must be looked into. */
  judge(condition: Condition, entry: Entry, facts?: Facts): boolean | undefined {
    return judge(condition, entry, facts)
  }

  /** Which of several conditions hold, once the message is parsed where one needs that; none if it is gone. */
  lookInto(conditions: readonly Condition[], entry: Entry): Promise<readonly boolean[]> {
    const sources = this.#sources(this.#inbox)
    return lookInto(conditions, entry, {
      ...sources,
      ask: async (entries, probes) => {
        const content = await this.contentOf(entry.message)
        const quick = content && (await answerQuickly(probes, content))
        return quick ? [quick] : sources.ask(entries, probes)
      },
    })
  }

  /** Entries for which a condition holds, each as soon as it is known, of those that are there now, while more is wanted. */
  oldestFirst(condition: Condition, span: Span, isWanted?: () => boolean): AsyncIterable<Entry> {
    const snapshot = this.#state.inboxEntries.snapshot(span)
    const { entries } = this.#inbox
    return oldestFirst(entries, condition, snapshot, this.#sources(this.#inbox), isWanted)
  }

  newestFirst(condition: Condition, span: Span, isWanted?: () => boolean): AsyncIterable<Entry> {
    const snapshot = this.#state.inboxEntries.snapshot(span)
    return newestFirst(condition, snapshot, this.#sources(this.#inbox), isWanted)
  }

  /** Has retention leave the messages from an id on alone, until they were looked at. */
  reserve(from: number): Reservation {
    return this.#reservations.make(from)
  }

  /**
   * The entries of a mailbox, up to a UID, for which a condition holds, ascending, as they were when this was called.
   * Rejects with the reason of the signal as soon as nobody wants to know any more.
   */
  async search(
    mailbox: Mailbox,
    condition: Condition,
    { upto, signal }: { readonly upto?: number; readonly signal: AbortSignal },
  ): Promise<readonly Entry[]> {
    const search = new Search(condition, mailbox.entries.snapshot(upto), this.#sources(mailbox))
    await search.run(() => signal.aborted)
    signal.throwIfAborted()
    return search.page(Number.MAX_SAFE_INTEGER, 0, search.total).reverse()
  }

  /**
   * The unfolded text of the first header field of each name (in lower case), encoded-words as they are, by message; null
   * where there is none, or the message is gone.
   */
  fields(
    messages: readonly Message[],
    names: readonly string[],
  ): Promise<readonly (readonly (string | null)[])[]> {
    return this.#searcher.fields(messages, names)
  }

  /** The message as sent, or the octets `[start, end)` of it; undefined where there is no such message. */
  raw(id: number, range?: Range): Readable | undefined {
    const message = this.entry(id)?.message
    if (!message) return undefined
    const { start, end } = bounds(message, range)
    return this.#raw.stream(message.id, start, end)
  }

  /** The same in one piece. */
  async rawBytes(id: number, range?: Range): Promise<Buffer | undefined> {
    const message = this.entry(id)?.message
    if (!message) return undefined
    const { start, end } = bounds(message, range)
    return this.#raw.read(message.id, start, end)
  }

  /** A message as the mail protocols serve it, with CRLF line ends only (its size is `canonicalSize`), or a range of it. */
  canonical(message: Message, range?: Range): Promise<Readable> {
    return this.#canonical.stream(message, range)
  }

  /** The same in one piece. */
  canonicalBytes(message: Message, range?: Range): Promise<Buffer> {
    return this.#canonical.bytes(message, range)
  }

  /**
   * The same to be read piece by piece: it stays readable, even when it is removed meanwhile, until it is closed. Rejects
   * with ENOENT where it was removed before.
   */
  openCanonical(message: Message): Promise<OpenMessage> {
    return this.#canonical.open(message)
  }

  /** How a message came to us. */
  async reception(id: number): Promise<RawHead | undefined> {
    const message = this.entry(id)?.message
    return message && (await this.#raw.head(message.id))?.head
  }

  /** Parsed content: null where the parser gave up, undefined where there is no such message. */
  async content(id: number): Promise<Content | null | undefined> {
    const message = this.entry(id)?.message
    const content = message && (await this.contentOf(message))
    return this.entry(id) ? content : undefined
  }

  /** The same of a message in any mailbox. */
  contentOf(message: Message): Promise<Content | null | undefined> {
    return this.#parsing.content(message)
  }

  /**
   * The links and one-time codes of a message, none where the parser gave up; undefined where there is no such message.
   * They are read when asked for, on the parser's thread.
   */
  async extract(id: number): Promise<Extract | undefined> {
    const message = this.entry(id)?.message
    const extract = message && (await this.#parsing.extract(message))
    return this.entry(id) ? extract : undefined
  }

  /** The tree of MIME parts, as ranges of the message as sent. */
  async structure(id: number): Promise<Part | undefined> {
    const source = await this.#sourceOf(id)
    return source && this.#parsing.reader.structure(source)
  }

  /** Where the octets of a message lie, for a worker to read; undefined where there is no such message. */
  source(id: number): Promise<ContentSource | undefined> {
    return this.#sourceOf(id)
  }

  /** The HTML of a message as a document for an isolated frame; undefined where there is none. */
  async html(id: number, view: HtmlView = {}): Promise<string | undefined> {
    const source = await this.#sourceOf(id)
    return (
      source && ((await this.#parsing.reader.html(source, { urgent: true, ...view })) ?? undefined)
    )
  }

  /** The tree of MIME parts for people; undefined where there is no such message. */
  async parts(id: number): Promise<MessagePart | undefined> {
    const source = await this.#sourceOf(id)
    return source && this.#parsing.reader.parts(source, { urgent: true })
  }

  /** The message in a message/rfc822 part; undefined where there is none. */
  async nested(id: number, part: string): Promise<NestedMessage | undefined> {
    const source = await this.#sourceOf(id)
    return source && ((await this.#parsing.reader.nested(source, part)) ?? undefined)
  }

  /** The elements of its HTML that a CSS selector matches; undefined where there is no such message. */
  async selectIn(id: number, css: string): Promise<Selected | undefined> {
    const source = await this.#sourceOf(id)
    return source && this.#parsing.reader.selectIn(source, css)
  }

  /**
   * Changes flags and tags as one transaction; resolves with how many messages it changed. Rejects with a
   * TooManyTagsError where one of them would have too many tags.
   */
  update(ids: readonly number[], patch: EntryPatch): Promise<number> {
    const change = () =>
      this.#transact(ids, there => {
        for (const id of there) checkTags(this.entry(id) as Entry, patch)
        return [toOperation(patch, writeIdSet(there))]
      })
    if (!givesTags(patch)) return change()
    // One at a time: what was checked holds when it is applied.
    const changed = this.#tagged.then(change)
    this.#tagged = changed.catch(() => {}) // its caller is told
    return changed
  }

  /** Removes messages for good as one transaction; resolves with how many there were. */
  remove(ids: readonly number[]): Promise<number> {
    return this.#transact(ids, there => this.#journal.removing(this.#inbox, there, 'deleted'))
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
      await this.#parsing.close()
      await this.#searchTexts.compact(number => this.#state.message(number) !== undefined)
      await this.#journal.close()
    } finally {
      // Nothing writes any more when another process may.
      await this.#recovered.segments.close().finally(() => this.#lock?.release())
    }
  }

  /** A new process: room for new numbers, then what the last one left undone. */
  async #begin(): Promise<void> {
    await this.#journal.begin()
    this.#recovered.segments.open()
    this.#removed.addNumbers(this.#recovered.leftovers)
    if (this.#recovered.logLength > longLog) {
      this.#journal.rebase().catch((error: Error) => {
        this.#options.log(`the change log could not be given a new base: ${error.message}`)
      })
    }
    this.#parsing.begin()
    this.#retain()
  }

  /** The raw file of an arrival is in place: index and feed in one synchronous step. */
  #arrived(placed: Placed): Entry {
    const entry: Entry = { ...placed, modseq: this.#journal.advance() }
    const inboxes = this.#state.deliver(entry)
    this.#cursor = entry.number
    this.#feed.publish([
      { type: 'message.added', entry },
      ...inboxes.map(inbox => added(inbox, entry.number)),
    ])
    this.#parsing.add(entry.message)
    this.#retain()
    return entry
  }

  /** The same of a message that a client put into a mailbox. */
  #appended(placed: Placed, mailbox: Mailbox): Entry {
    if (mailbox.isDeleted) {
      this.#removed.add([placed.message])
      throw new MailboxError('nonexistent', 'the mailbox was deleted')
    }
    const entry: Entry = { ...placed, modseq: this.#journal.advance() }
    this.#state.put(mailbox, entry)
    const isArrival = mailbox === this.#inbox
    if (isArrival) this.#cursor = entry.number
    this.#feed.publish([
      isArrival ? { type: 'message.added', entry } : added(mailbox, entry.number),
    ])
    this.#parsing.add(entry.message, [mailbox, entry.number])
    if (isArrival) this.#retain()
    return entry
  }

  async #transact(
    ids: readonly number[],
    make: (there: readonly number[]) => readonly Operation[],
  ): Promise<number> {
    this.#checkOpen()
    const there = [...new Set(ids)].filter(id => this.entry(id)).sort((a, b) => a - b)
    if (there.length === 0) return 0
    return (await this.#journal.commit(make(there))).touched
  }

  /** A transaction is in the index; the feed tells of it in the same step. */
  #applied({ lowest, changes }: Effects): void {
    this.#retention.changed(lowest)
    for (const change of changes) {
      if (change.type === 'message.added') {
        this.#cursor = Math.max(this.#cursor, change.entry.number)
        this.#parsing.await(change.entry.message, [this.#inbox, change.entry.number])
        this.#retain()
      } else if (change.type === 'entry.added') this.#awaitParsing(change)
    }
  }

  /** Copies of a message that is not parsed yet are written down again when it is. */
  #awaitParsing({ account, mailbox: number, ids }: EntryChange): void {
    const mailbox = this.#state.mailboxAt([account, number])
    if (!mailbox) return
    for (const uid of idsOf(ids)) {
      const entry = mailbox.entries.get(uid)
      if (entry) this.#parsing.await(entry.message, [mailbox, uid])
    }
  }

  #discarded(messages: readonly Message[]): void {
    for (const { id } of messages) {
      this.#parsing.forget(id)
      this.#canonical.forget(id)
    }
    const numbers = messages.map(({ id }) => id)
    this.#searchTexts.remove(numbers, block => this.#state.isFreeBlock(block))
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
        const numbers = this.#retention.excess(Date.now(), this.#reservations.lowest)
        if (numbers.length === 0) return
        await this.#journal.commit(this.#journal.removing(this.#inbox, numbers, 'retention'))
      }
    } catch (error) {
      this.#options.log(`old messages could not go: ${(error as Error).message}`)
    } finally {
      // In the step that found nothing to remove: an arrival right after it looks again.
      this.#isRetaining = false
    }
  }

  #checkMatcher(matcher: Matcher): void {
    checkInboxes(matcher, id => this.inboxes.get(id) !== undefined)
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreError('closed', 'the store is closed')
  }

  async #source({ id, start, size }: Message): Promise<ContentSource> {
    const path = this.#raw.sharedPath(id)
    if (path !== null) return { path, start }
    return { bytes: await this.#raw.read(id, start, start + size) }
  }

  async #sourceOf(id: number): Promise<ContentSource | undefined> {
    const message = this.entry(id)?.message
    return message && this.#source(message)
  }

  /** Where a search in a mailbox finds what the index does not have. */
  #sources({ entries }: Mailbox): SearchSources {
    return {
      parsed: async ({ number, message }) => {
        await this.#parsing.content(message)
        return entries.get(number)
      },
      scan: (block, words) => this.#searcher.scan(block, words),
      ask: (asked, probes) => this.#searcher.ask(asked, probes),
    }
  }
}

const added = (mailbox: Mailbox, uid: number) => {
  const [account, number] = mailbox.place
  return { type: 'entry.added', account, mailbox: number, ids: `${uid}` } as const
}

/** Where octets of a message are in its raw file. */
const bounds = ({ start, size }: Message, range?: Range): Range => ({
  start: start + Math.min(range?.start ?? 0, size),
  end: start + Math.min(range?.end ?? size, size),
})
