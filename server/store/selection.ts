import { blockOf, type Entries } from './entries.ts'
import type { Feed } from './feed.ts'
import type { InboxEntries } from './inbox-entries.ts'
import { type Matcher, readMatcher } from './matcher.ts'
import type { Entry } from './message.ts'
import { Search, type SearchSources } from './search.ts'

export type Paging = {
  readonly limit: number
  /** Ids below this. */
  readonly before?: number
  /** Skips so many matches, for random access in the snapshot that `matcher.upto` names. */
  readonly offset?: number
  /** Somebody looks at it: soon is better than complete. The page may be partial. */
  readonly isInteractive?: boolean
}

/** One page of a list, newest first. */
export type Page = {
  readonly entries: readonly Entry[]
  /** How many match in all (up to `upto`, after `since`), and how many of them are unread. */
  readonly total: number
  readonly unread: number
  /** The position on the feed at which the page held. */
  readonly feed: string
  /** The search has not come to its end: there may be more than `total` and `unread` say. Asked again it goes on. */
  readonly isPartial: boolean
}

/** Searches of the last few matchers, so that paging through one does not search again. */
const remembered = 8
/** A list of so few is complete always: what an app's test looks for among its mails is there, or it is not. */
const few = 2_000
/** Milliseconds that an interactive list waits: for its page, and once that is full for the total. */
const patience = 200
const patienceWithPage = 30
/** Milliseconds after which `newer:1h` is read anew. */
const minute = 60_000

/** Finds what matches among the entries. */
export class Selection {
  readonly #entries: Entries
  readonly #inboxEntries: InboxEntries
  readonly #feed: Feed
  readonly #sources: SearchSources
  /** Of the feed's position `#searchedAt`. */
  readonly #searches = new Map<string, Search>()
  #searchedAt = ''

  constructor(entries: Entries, inboxEntries: InboxEntries, feed: Feed, sources: SearchSources) {
    this.#entries = entries
    this.#inboxEntries = inboxEntries
    this.#feed = feed
    this.#sources = sources
  }

  async list(matcher: Matcher, paging: Paging): Promise<Page> {
    const { limit, before, offset = 0, isInteractive = false } = paging
    const feed = this.#feed.position
    if (this.#searchedAt !== feed) this.#searches.clear()
    this.#searchedAt = feed
    const { since = 0, upto = Number.MAX_SAFE_INTEGER, ...rest } = matcher
    const below = Math.min(upto, (before ?? Number.MAX_SAFE_INTEGER) - 1)
    if (Object.keys(rest).length === 0 && since === 0) {
      const { total, unread } = this.#entries.count(upto)
      const entries = this.#entries.page(below, offset, limit)
      return { entries, total, unread, feed, isPartial: false }
    }
    const search = this.#remembered(matcher)
    const page = () => search.page(below, offset, limit)
    try {
      if (!isInteractive || search.size <= few) await search.run()
      else await runForAWhile(search, () => page().length === limit)
    } catch (error) {
      this.#searches.clear()
      throw error
    }
    const { total, unread, isComplete } = search
    return { entries: page(), total, unread, feed, isPartial: !isComplete }
  }

  /** The newest that matches. */
  async newest(matcher: Matcher): Promise<Entry | undefined> {
    const search = this.#search(matcher)
    await search.run(() => search.total > 0)
    return search.page(Number.MAX_SAFE_INTEGER, 0, 1)[0]
  }

  /** The ids that match, newest first. */
  async select(matcher: Matcher): Promise<readonly number[]> {
    const search = await this.#search(matcher).run()
    const found = search.page(Number.MAX_SAFE_INTEGER, 0, search.total)
    return found.map(({ number }) => number)
  }

  async matches(matcher: Matcher, id: number): Promise<boolean> {
    if (id <= (matcher.since ?? 0) || id > (matcher.upto ?? Number.MAX_SAFE_INTEGER)) return false
    const condition = readMatcher(matcher, Date.now())
    const entry = this.#entries.get(id)
    if (!entry) return false
    const slice = { block: blockOf(id), entries: [entry], from: 0, to: 1 }
    const search = new Search(condition, [slice], this.#sources, { scans: false })
    return (await search.run()).total > 0
  }

  #search(matcher: Matcher): Search {
    const condition = readMatcher(matcher, Date.now())
    return new Search(condition, this.#inboxEntries.snapshot(matcher), this.#sources)
  }

  /** One search for all pages asked for while nothing changes. */
  #remembered(matcher: Matcher): Search {
    // The first page has no bound, the others that of the first: the same, while nothing has come since.
    const { upto = 0, ...unbounded } = matcher
    const same = upto < (this.#entries.newest?.number ?? 0) ? matcher : unbounded
    const key = `${Math.floor(Date.now() / minute)} ${JSON.stringify(same)}`
    const search = this.#searches.get(key) ?? this.#search(same)
    this.#searches.delete(key)
    this.#searches.set(key, search)
    for (const oldest of this.#searches.keys()) {
      if (this.#searches.size <= remembered) break
      this.#searches.delete(oldest)
    }
    return search
  }
}

/** Takes steps until the search is complete, or the patience for what it has found is at an end. */
const runForAWhile = async (search: Search, hasPage: () => boolean): Promise<void> => {
  const start = performance.now()
  const waited = () => performance.now() - start
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, patience)
  })
  try {
    let isFull = false
    while (!search.isComplete && waited() < (isFull ? patienceWithPage : patience)) {
      await Promise.race([search.step(), late])
      isFull ||= hasPage()
    }
  } finally {
    clearTimeout(timer)
  }
}
