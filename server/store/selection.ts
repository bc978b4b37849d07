import type { Content } from '../mime/content.ts'
import type { Header } from '../mime/header.ts'
import { type Condition, Facts, type SearchText } from './condition.ts'
import { blockOf, type Entries } from './entries.ts'
import type { Feed } from './feed.ts'
import { type Matcher, readMatcher } from './matcher.ts'
import { type Entry, isUnread } from './message.ts'

export type Paging = {
  readonly limit: number
  /** Ids below this. */
  readonly before?: number
  /** Skips so many matches, for random access in the snapshot that `matcher.upto` names. */
  readonly offset?: number
}

/** One page of a list, newest first. */
export type Page = {
  readonly entries: readonly Entry[]
  /** How many match in all (up to `upto`, after `since`), and how many of them are unread. */
  readonly total: number
  readonly unread: number
  /** The position on the feed at which the page held. */
  readonly feed: string
}

/** Where a selection finds what the index does not have. */
export type FactSources = {
  readonly searchTexts: (block: number) => Promise<ReadonlyMap<number, SearchText>>
  readonly content: (id: number) => Promise<Content | null | undefined>
  readonly header: (id: number) => Promise<Header | undefined>
}

/** Selections of the last few matchers, so that paging through a search does not search again. */
const remembered = 8

/** Finds what matches among the entries. */
export class Selection {
  readonly #entries: Entries
  readonly #feed: Feed
  readonly #sources: FactSources
  readonly #results = new Map<string, { feed: string; ids: Promise<readonly number[]> }>()

  constructor(entries: Entries, feed: Feed, sources: FactSources) {
    this.#entries = entries
    this.#feed = feed
    this.#sources = sources
  }

  async list(matcher: Matcher, { limit, before, offset = 0 }: Paging): Promise<Page> {
    const feed = this.#feed.position
    const { since = 0, upto = Number.MAX_SAFE_INTEGER, ...rest } = matcher
    const below = Math.min(upto, (before ?? Number.MAX_SAFE_INTEGER) - 1)
    if (Object.keys(rest).length === 0 && since === 0) {
      const { total, unread } = this.#entries.count(upto)
      return { entries: this.#entries.page(below, offset, limit), total, unread, feed }
    }
    const found = await this.#remembered(matcher)
    const entries: Entry[] = []
    let unread = 0
    let total = 0
    let skip = offset
    for (const id of found) {
      const entry = this.#entries.get(id)
      if (!entry) continue
      total++
      if (isUnread(entry)) unread++
      if (id <= below && skip-- <= 0 && entries.length < limit) entries.push(entry)
    }
    return { entries, total, unread, feed }
  }

  /** The ids that match, newest first. */
  async select(matcher: Matcher): Promise<readonly number[]> {
    const condition = readMatcher(matcher, Date.now())
    const found: number[] = []
    const open: { id: number; facts: Facts }[] = []
    for (const entry of this.#entries.descending(matcher.upto, matcher.since)) {
      const facts = new Facts()
      const holds = condition(entry, facts)
      if (holds !== false) found.push(entry.number)
      if (holds === undefined) open.push({ id: entry.number, facts })
    }
    if (open.length === 0) return found
    const refuted = new Set<number>()
    let texts: { block: number; texts: ReadonlyMap<number, SearchText> } | undefined
    for (const { id, facts } of open) {
      if (facts.missing.has('searchText')) {
        const block = blockOf(id)
        if (texts?.block !== block) texts = { block, texts: await this.#sources.searchTexts(block) }
        const text = texts.texts.get(id)
        if (text) facts.searchText = text
      }
      if (!(await this.#decide(condition, id, facts))) refuted.add(id)
    }
    return found.filter(id => !refuted.has(id))
  }

  async matches(matcher: Matcher, id: number): Promise<boolean> {
    if (id <= (matcher.since ?? 0) || id > (matcher.upto ?? Number.MAX_SAFE_INTEGER)) return false
    return this.#decide(readMatcher(matcher, Date.now()), id, new Facts())
  }

  /** Asks the condition, and fetches what it misses, until it knows. */
  async #decide(condition: Condition, id: number, facts: Facts): Promise<boolean> {
    for (;;) {
      const entry = this.#entries.get(id)
      if (!entry) return false
      const holds = condition(entry, facts)
      if (holds !== undefined) return holds
      if (facts.missing.has('header')) {
        const header = await this.#sources.header(id)
        if (!header) return false
        facts.header = header
      } else {
        const content = await this.#sources.content(id)
        if (content === undefined) return false
        facts.content = content
        facts.searchText = {
          text: content?.searchText ?? '',
          isCut: content?.searchTextCut ?? false,
        }
      }
    }
  }

  /** What matches, found once for all pages asked for while nothing changes. */
  #remembered(matcher: Matcher): Promise<readonly number[]> {
    const key = JSON.stringify(matcher)
    const feed = this.#feed.position
    const known = this.#results.get(key)
    if (known?.feed === feed) return known.ids
    const ids = this.select(matcher)
    this.#results.delete(key)
    this.#results.set(key, { feed, ids })
    ids.catch(() => this.#results.delete(key))
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= remembered) break
      this.#results.delete(oldest)
    }
    return ids
  }
}
