import { type Answers, type Condition, confirmed, Facts, refuted, unknown } from './condition.ts'
import { blockOf, blockSize, type Slice } from './entries.ts'
import { type Entry, isUnread } from './message.ts'
import { Pace } from './pace.ts'
import type { Probe, WordProbe } from './probe.ts'

/** Where a search finds what the index does not have. */
export type SearchSources = {
  /** Resolves with the entry as it is once its message is parsed, or given up; undefined where it is gone. */
  readonly parsed: (entry: Entry) => Promise<Entry | undefined>
  /** Which messages of a block (of the numbers of messages, not of entries) hold which words. */
  readonly scan: (block: number, words: readonly string[]) => Promise<readonly Answers[]>
  /** The answers of each message to each probe; null for a message that is gone. */
  readonly ask: (
    entries: readonly Entry[],
    probes: readonly Probe[],
  ) => Promise<readonly (readonly boolean[] | null)[]>
}

/** Entries of a block, ascending, and what is known of each. Octets, not objects: there are many, and they stay a while. */
type Judged = { readonly entries: readonly Entry[]; readonly states: Uint8Array }
/** Of a block that was looked at; how many of it were found. */
type Found = Judged & { readonly count: number }

/** So many blocks are scanned ahead of the one that is at work. */
const ahead = 4
/** So many messages are read at a time. */
const batch = 16

/**
 * A search over a snapshot of entries, newest first, in steps: whoever wants more of it takes the next. So it can be left
 * where a page is full, and taken up again for the next one.
 */
export class Search {
  readonly #condition: Condition
  readonly #sources: SearchSources
  readonly #slices: readonly Slice[]
  readonly #scans: boolean
  readonly #ahead: Promise<Judged & { readonly facts: Facts }>[] = []
  readonly #found: Found[] = []
  #total = 0
  #unread = 0
  #next = 0
  #stepping: Promise<void> | null = null
  /** Block follows block without anything that would let others in: the time of all of them counts. */
  readonly #pace = new Pace()

  /** `scans: false` asks the messages themselves at once: for a few of a block. */
  constructor(
    condition: Condition,
    slices: readonly Slice[],
    sources: SearchSources,
    { scans = true } = {},
  ) {
    this.#condition = condition
    this.#slices = slices
    this.#sources = sources
    this.#scans = scans
  }

  /** How many entries it looks at in all. */
  get size(): number {
    return this.#slices.reduce((sum, { from, to }) => sum + to - from, 0)
  }

  /** How many were found so far: the newest, without a gap. */
  get total(): number {
    return this.#total
  }

  /** How many of them are unread. */
  get unread(): number {
    return this.#unread
  }

  get isComplete(): boolean {
    return this.#next === this.#slices.length && this.#ahead.length === 0
  }

  /** `limit` of what was found so far, newest first, after skipping `offset` of those up to a number. */
  page(upto: number, offset: number, limit: number): Entry[] {
    const page: Entry[] = []
    let skip = offset
    for (const { entries, states, count } of this.#found) {
      if (page.length >= limit) break
      const isBelow = (entries.at(-1)?.number ?? 0) <= upto
      if (isBelow && skip >= count) {
        skip -= count
        continue
      }
      for (let at = entries.length - 1; at >= 0 && page.length < limit; at--) {
        const entry = entries[at] as Entry
        if (states[at] === confirmed && entry.number <= upto && skip-- <= 0) page.push(entry)
      }
    }
    return page
  }

  /** Goes on a little: at most a block, at most a few messages to read. A search that failed once is of no more use. */
  step(): Promise<void> {
    this.#stepping ??= this.#step().finally(() => {
      this.#stepping = null
    })
    return this.#stepping
  }

  /** Goes on to the end, or until there is enough. */
  async run(isEnough: () => boolean = () => false): Promise<this> {
    while (!this.isComplete && !isEnough()) await this.step()
    return this
  }

  async #step(): Promise<void> {
    while (this.#ahead.length < ahead && this.#next < this.#slices.length) {
      const looking = this.#look(this.#slices[this.#next++] as Slice)
      looking.catch(() => {}) // told when it is its turn
      this.#ahead.push(looking)
    }
    const first = this.#ahead[0]
    if (!first) return
    const { entries, states, facts } = await first
    const open: number[] = []
    for (let at = entries.length - 1; at >= 0 && open.length < batch; at--) {
      if (states[at] === unknown) open.push(at)
    }
    await this.#decide(open, { entries, states }, facts)
    const isWhole = open.length < batch
    // What lies below the last of the batch is not found before those between are decided.
    const from = open.at(-1) ?? 0
    if (isWhole) {
      this.#add(entries, states)
      this.#ahead.splice(0, 1)
    } else {
      this.#add(entries.slice(from), states.slice(from))
      this.#ahead[0] = Promise.resolve({ entries: entries.slice(0, from), states, facts })
    }
  }

  #add(entries: readonly Entry[], states: Uint8Array): void {
    let count = 0
    entries.forEach((entry, at) => {
      if (states[at] !== confirmed) return
      count++
      if (isUnread(entry)) this.#unread++
    })
    this.#total += count
    if (count > 0) this.#found.push({ entries, states, count })
  }

  /** What the index and the search texts say of a block. */
  async #look({ entries: all, from, to }: Slice) {
    const entries = from === 0 && to === all.length ? all : all.slice(from, to)
    const judged: Judged = { entries, states: new Uint8Array(entries.length) }
    const facts = new Facts()
    await this.#judge(judged, facts)
    const looked = facts.needsParsing ? await this.#parse(judged) : judged
    if (looked !== judged) await this.#judge(looked, facts)
    const words = this.#scans ? [...facts.missing].filter(probe => probe.kind === 'word') : []
    if (words.length > 0) await this.#scan(looked, words, facts)
    facts.isScanned = true
    if (words.length > 0) await this.#judge(looked, facts)
    return { ...looked, facts }
  }

  /** Asks the search texts about the entries that are open. Entries of one block may have messages of several. */
  async #scan({ entries, states }: Judged, words: readonly WordProbe[], facts: Facts) {
    const blocks = new Map<number, Entry[]>()
    for (const [at, entry] of entries.entries()) {
      if (states[at] !== unknown) continue
      const block = blockOf(entry.message.id)
      const known = blocks.get(block)
      if (known) known.push(entry)
      else blocks.set(block, [entry])
    }
    const wanted = words.map(probe => probe.wanted)
    for (const [block, open] of blocks) {
      const found = await this.#sources.scan(block, wanted)
      words.forEach((probe, index) => {
        const answers = facts.answers(probe)
        const ofMessages = found[index] as Answers
        for (const { number, message } of open) {
          answers[number % blockSize] = ofMessages[message.id % blockSize] as number
        }
      })
    }
  }

  /** Asks the condition about the entries that are open, and lets others have the thread now and then. */
  async #judge({ entries, states }: Judged, facts: Facts): Promise<void> {
    facts.begin()
    for (const [at, entry] of entries.entries()) {
      if (states[at] !== unknown) continue
      if (this.#pace.isDue) await this.#pace.rest()
      const holds = this.#condition(entry, facts)
      if (holds !== undefined) states[at] = holds ? confirmed : refuted
    }
  }

  /** The block with its open entries parsed: those that are looked into, and no others. */
  async #parse(judged: Judged): Promise<Judged> {
    const { entries, states } = judged
    const waiting = [...entries.keys()]
      .filter(at => states[at] === unknown && entries[at]?.message.parsed === false)
      .reverse()
    if (waiting.length === 0) return judged
    const current = [...entries]
    for (let from = 0; from < waiting.length; from += batch) {
      await Promise.all(
        waiting.slice(from, from + batch).map(async at => {
          const entry = await this.#sources.parsed(entries[at] as Entry)
          if (entry) current[at] = entry
          else states[at] = refuted
        }),
      )
    }
    return { entries: current, states }
  }

  /** Asks the messages, until the condition knows of each. */
  async #decide(places: readonly number[], { entries, states }: Judged, facts: Facts) {
    let open = places
    for (;;) {
      facts.begin()
      for (const at of open) {
        if (this.#pace.isDue) await this.#pace.rest()
        const holds = this.#condition(entries[at] as Entry, facts)
        if (holds !== undefined) states[at] = holds ? confirmed : refuted
      }
      open = open.filter(at => states[at] === unknown)
      if (open.length === 0) return
      const probes = [...facts.missing]
      const asked = open.map(at => entries[at] as Entry)
      // The condition said that it lacks something, and not what.
      if (probes.length === 0) throw new Error(`no search ends at message ${asked[0]?.number}`)
      const answers = await this.#sources.ask(asked, probes)
      open.forEach((at, index) => {
        const answer = answers[index]
        if (!answer) states[at] = refuted
        probes.forEach((probe, which) => {
          if (answer) facts.put(probe, (entries[at] as Entry).number, answer[which] as boolean)
        })
      })
      open = open.filter(at => states[at] === unknown)
    }
  }
}
