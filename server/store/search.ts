import { setImmediate } from 'node:timers/promises'
import { type Answers, type Condition, Facts } from './condition.ts'
import { blockOf } from './entries.ts'
import { type Entry, isUnread } from './message.ts'
import type { Probe } from './probe.ts'

/** Where a search finds what the index does not have. */
export type SearchSources = {
  /** Resolves with the entry once the message is parsed, or given up; undefined where it is gone. */
  readonly parsed: (id: number) => Promise<Entry | undefined>
  /** Which messages of a block hold which words. */
  readonly scan: (block: number, words: readonly string[]) => Promise<readonly Answers[]>
  /** The answers of each message to each probe; null for a message that is gone. */
  readonly ask: (
    entries: readonly Entry[],
    probes: readonly Probe[],
  ) => Promise<readonly (readonly boolean[] | null)[]>
}

/** Entries of a block that were not refuted by the index and the search texts; `isOpen` for each that is not confirmed. */
type Block = {
  readonly entries: readonly Entry[]
  readonly isOpen: readonly boolean[]
  readonly facts: Facts
}

/** So many blocks are scanned ahead of the one that is at work. */
const ahead = 4
/** So many messages are read at a time. */
const batch = 16
/** Milliseconds that the main thread is held at a time. */
const slice = 5

/**
 * A search over a snapshot of entries, newest first, in steps: whoever wants more of it takes the next. So it can be left
 * where a page is full, and taken up again for the next one.
 */
export class Search {
  readonly #condition: Condition
  readonly #sources: SearchSources
  readonly #blocks: readonly (readonly Entry[])[]
  readonly #scans: boolean
  readonly #found: Entry[] = []
  readonly #ahead: Promise<Block>[] = []
  #unread = 0
  #next = 0
  #current: Block | null = null
  #at = 0
  #stepping: Promise<void> | null = null
  /** When others had the thread last. */
  #since = performance.now()

  /** `scans: false` asks the messages themselves at once: for a few of a block. */
  constructor(
    condition: Condition,
    blocks: readonly (readonly Entry[])[],
    sources: SearchSources,
    { scans = true } = {},
  ) {
    this.#condition = condition
    this.#blocks = blocks
    this.#sources = sources
    this.#scans = scans
  }

  /** How many entries it looks at in all. */
  get size(): number {
    return this.#blocks.reduce((sum, block) => sum + block.length, 0)
  }

  /** What was found so far, newest first, without a gap. */
  get found(): readonly Entry[] {
    return this.#found
  }

  /** How many of `found` are unread. */
  get unread(): number {
    return this.#unread
  }

  get isComplete(): boolean {
    return this.#next === this.#blocks.length && this.#ahead.length === 0 && this.#current === null
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
    while (this.#ahead.length < ahead && this.#next < this.#blocks.length) {
      const looking = this.#look(this.#blocks[this.#next++] as readonly Entry[])
      looking.catch(() => {}) // told when it is its turn
      this.#ahead.push(looking)
    }
    if (!this.#current) {
      const next = this.#ahead[0]
      if (!next) return
      this.#current = await next
      this.#ahead.splice(0, 1)
      this.#at = 0
    }
    const { entries, isOpen, facts } = this.#current
    const undecided: Entry[] = []
    let to = this.#at
    while (to < entries.length && undecided.length < batch) {
      if (isOpen[to]) undecided.push(entries[to] as Entry)
      to++
    }
    const refuted = await this.#decide(undecided, facts)
    for (let at = this.#at; at < to; at++) {
      const entry = entries[at] as Entry
      if (refuted.size > 0 && refuted.has(entry)) continue
      this.#found.push(entry)
      if (isUnread(entry)) this.#unread++
    }
    this.#at = to
    if (to === entries.length) this.#current = null
  }

  /** What the index and the search texts say of a block. */
  async #look(snapshot: readonly Entry[]): Promise<Block> {
    const facts = new Facts()
    let block = await this.#judge({ entries: snapshot, isOpen: snapshot.map(() => true), facts })
    if (block.entries.some((entry, at) => block.isOpen[at] && isUnparsed(entry))) {
      block = await this.#judge(await this.#parse(block))
    }
    const words = this.#scans ? [...facts.missing].filter(probe => probe.kind === 'word') : []
    if (words.length === 0) return block
    const wanted = words.map(probe => probe.wanted)
    const answers = await this.#sources.scan(blockOf(snapshot[0]?.number ?? 0), wanted)
    words.forEach((probe, index) => {
      facts.putAll(probe, answers[index] as Answers)
    })
    return this.#judge(block)
  }

  /** Asks the condition about the entries that are open, and lets others have the thread now and then. */
  async #judge({ entries, isOpen, facts }: Block): Promise<Block> {
    facts.missing.clear()
    const left: Entry[] = []
    const leftOpen: boolean[] = []
    for (const [at, entry] of entries.entries()) {
      // Block follows block without anything that would let others in: the time of all of them counts.
      if (performance.now() - this.#since > slice) {
        await setImmediate()
        this.#since = performance.now()
      }
      const holds = isOpen[at] ? this.#condition(entry, facts) : true
      if (holds === false) continue
      left.push(entry)
      leftOpen.push(holds === undefined)
    }
    return { entries: left, isOpen: leftOpen, facts }
  }

  /** The block with its open entries parsed: those that are looked into, and no others. */
  async #parse({ entries, isOpen, facts }: Block): Promise<Block> {
    const parsed = new Map<Entry, Entry | undefined>()
    const waiting = entries.filter((entry, at) => isOpen[at] && isUnparsed(entry))
    for (let at = 0; at < waiting.length; at += batch) {
      const some = waiting.slice(at, at + batch)
      const done = await Promise.all(some.map(({ number }) => this.#sources.parsed(number)))
      some.forEach((entry, index) => {
        parsed.set(entry, done[index])
      })
    }
    const left: Entry[] = []
    const leftOpen: boolean[] = []
    entries.forEach((entry, at) => {
      const current = parsed.has(entry) ? parsed.get(entry) : entry
      if (!current) return
      left.push(current)
      leftOpen.push(isOpen[at] as boolean)
    })
    return { entries: left, isOpen: leftOpen, facts }
  }

  /** Asks the messages, until the condition knows of each. Resolves with those for which it does not hold. */
  async #decide(entries: readonly Entry[], facts: Facts): Promise<ReadonlySet<Entry>> {
    const refuted = new Set<Entry>()
    let open = entries
    while (open.length > 0) {
      facts.missing.clear()
      open = open.filter(entry => {
        const holds = this.#condition(entry, facts)
        if (holds === false) refuted.add(entry)
        return holds === undefined
      })
      if (open.length === 0) break
      const probes = [...facts.missing]
      // The condition said that it lacks something, and not what.
      if (probes.length === 0) throw new Error(`no search ends at message ${open[0]?.number}`)
      const asked = await this.#sources.ask(open, probes)
      open = open.filter((entry, index) => {
        const answers = asked[index]
        if (!answers) refuted.add(entry)
        probes.forEach((probe, at) => {
          if (answers) facts.put(probe, entry.number, answers[at] as boolean)
        })
        return answers
      })
    }
    return refuted
  }
}

const isUnparsed = ({ message }: Entry): boolean => message.parsed === false
