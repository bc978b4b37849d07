import type { Readable } from 'node:stream'
import type { Content } from '../mime/content.ts'
import type { Transaction } from './changes.ts'
import type { Matcher } from './matcher.ts'
import type { Entry, Reception } from './message.ts'

/** Limits in octets, milliseconds and messages. */
export type StoreOptions = {
  /** The data directory; null keeps nothing (`--memory`). */
  readonly directory: string | null
  readonly maxMessages: number
  readonly maxBytes: number
  readonly maxAge: number | null
  readonly maxMessageSize: number
  readonly fsync: boolean
  /** A line for the log: what was repaired, set aside or failed. */
  readonly log: (line: string) => void
}

/** A message on its way in. Exactly one of `commit` and `abort` ends it. */
export type Arrival = {
  /** Octets taken so far. */
  readonly size: number
  /** Takes octets. Resolves when more may come (back-pressure); rejects with a StoreError, `too-big` included. */
  write(chunk: Uint8Array): Promise<void> | undefined
  /** Durable when it resolves; only now may the sender be told. */
  commit(): Promise<Entry>
  abort(): Promise<void>
}

/** One page of a list, newest first. */
export type Page = {
  readonly entries: readonly Entry[]
  /** How many match in all (in the snapshot `upto`), and how many of them are unread. */
  readonly total: number
  readonly unread: number
}

export type Paging = {
  readonly limit: number
  /** Ids below this. */
  readonly before?: number
  /** Skip so many matches, for random access in the snapshot that `matcher.upto` names. */
  readonly offset?: number
}

/** What PATCH may set; `tags` replaces. */
export type EntryPatch = {
  readonly unread?: boolean
  readonly flagged?: boolean
  readonly tags?: readonly string[]
  readonly addTags?: readonly string[]
  readonly removeTags?: readonly string[]
}

export declare class MailStore {
  /** Opens (and makes, migrates, repairs) the store. Rejects with LockedError, or with a plain Error that says what is wrong. */
  static open(options: StoreOptions): Promise<MailStore>

  /** The newest id ever given out to a listed message; 0 before the first. */
  get cursor(): number
  /** The position on the feed: `<process>-<seq>`. */
  get feed(): string
  get total(): number
  get unread(): number
  /** Octets of all raw messages. */
  get bytes(): number
  /** UIDVALIDITY of the catch-all INBOX. */
  get uidValidity(): number

  /** Begins an arrival; `receivedAt` is its end. */
  receive(reception: Reception): Arrival

  entry(id: number): Entry | undefined
  /** The newest entry that matches nothing in particular. */
  latest(): Entry | undefined
  /** A page of what matches. Waits for the parsing of those messages it must look into, and no others. */
  list(matcher: Matcher, paging: Paging): Promise<Page>
  /** Every id that matches, ascending. Rejects with QueryError where `q` or a regular expression cannot be read. */
  match(matcher: Matcher): Promise<readonly number[]>
  /** Whether one message matches. */
  matches(matcher: Matcher, id: number): Promise<boolean>

  /** The message as sent, or the octets `[start, end)` of it. Undefined where there is no such message. */
  raw(id: number, range?: { start: number; end: number }): Readable | undefined
  /** The same in one piece, for what is known to be small or is wanted whole. */
  rawBytes(id: number, range?: { start: number; end: number }): Promise<Buffer | undefined>
  /** Line 1 of the raw file. */
  reception(id: number): Promise<(Reception & { receivedAt: number }) | undefined>
  /** Parsed content: from the cache, or parsed now, off the main thread. Rejects with ContentError where the parser gave up. */
  content(id: number): Promise<Content | undefined>

  /** Changes flags and tags as one transaction; resolves, when it is durable, with how many it changed. */
  update(ids: readonly number[], patch: EntryPatch): Promise<number>
  /** Removes for good as one transaction; resolves, when it is durable, with how many there were. */
  remove(ids: readonly number[]): Promise<number>

  /** Told of each transaction, in order, in the same synchronous step in which the index changes. Returns the way out. */
  subscribe(listener: (transaction: Transaction) => void): () => void
  /** The transactions after a position of `feed`; null where they are no longer known (another process, or too far back). */
  since(feed: string): readonly Transaction[] | null

  /** Ends what is under way, flushes, unlocks. */
  close(): Promise<void>
}
