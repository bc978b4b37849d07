import { blockSize } from './entries.ts'
import type { Entry } from './message.ts'
import { type Probe, readsContent, type WordProbe } from './probe.ts'

/** What a probe came to, for each of a block by its number modulo the block's size. */
export type Answers = Uint8Array
export const unknown = 0
export const refuted = 1
export const confirmed = 2
/** Of a word: refuted, and the bodies of the message have no text but that of its search text. */
export const excluded = 3

/** Instructions that conditions may spend on one entry on this thread, folding its texts included: about 5 ms. */
const allowance = 250_000

/** What is known of the entries of one block beyond the index; asking for what is not there notes that it is missing. */
export class Facts {
  readonly missing = new Set<Probe>()
  /** Something was asked that only parsed messages can tell. */
  needsParsing = false
  /** The search texts have told what they can. */
  isScanned = false
  readonly #answers = new Map<Probe, Answers>()
  #payer: Entry | null = null
  #left = 0

  /** Whether so many instructions may be spent on an entry still, which is asked about before the next one is; then they are. */
  affords(entry: Entry, price: number): boolean {
    if (entry !== this.#payer) {
      this.#payer = entry
      this.#left = allowance
    }
    if (price > this.#left) return false
    this.#left -= price
    return true
  }

  get(probe: Probe, entry: Entry): boolean | undefined {
    const answer = this.#answer(probe, entry)
    if (answer !== unknown) return answer === confirmed
    this.missing.add(probe)
    if (readsContent(probe)) this.needsParsing = true
    return undefined
  }

  /** What the search texts say of a word, which may be nothing; undefined before they were looked at. */
  hint(probe: WordProbe, entry: Entry): number | undefined {
    if (this.isScanned) return this.#answer(probe, entry)
    this.missing.add(probe)
    return undefined
  }

  /** For what the index has only once the message is parsed. */
  parsed<T>({ message }: Entry, tell: () => T): T | undefined {
    if (message.parsed !== false) return tell()
    this.needsParsing = true
    return undefined
  }

  /** The answers to a probe, to be filled in. */
  answers(probe: Probe): Answers {
    let answers = this.#answers.get(probe)
    if (!answers) {
      answers = new Uint8Array(blockSize)
      this.#answers.set(probe, answers)
    }
    return answers
  }

  put(probe: Probe, number: number, holds: boolean): void {
    this.answers(probe)[number % blockSize] = holds ? confirmed : refuted
  }

  /** A new look at the entries: what it lacks is noted anew. */
  begin(): void {
    this.missing.clear()
    this.#payer = null
    this.needsParsing = false
  }

  #answer(probe: Probe, { number }: Entry): number {
    return this.#answers.get(probe)?.[number % blockSize] ?? unknown
  }
}

/**
 * True, false, or undefined: cannot be told before what `facts.missing` names is there, or before the message is
 * parsed. The facts are those of the entry's block.
 */
export type Condition = (entry: Entry, facts: Facts) => boolean | undefined

export const always: Condition = () => true

/** All must hold. What the index can refute is never looked up. */
export const and = (conditions: readonly Condition[]): Condition => {
  if (conditions.length === 1) return conditions[0] as Condition
  return (entry, facts) => {
    let result: boolean | undefined = true
    for (const condition of conditions) {
      const holds = condition(entry, facts)
      if (holds === false) return false
      if (holds === undefined) result = undefined
    }
    return result
  }
}

/** One must hold. */
export const or = (conditions: readonly Condition[]): Condition => {
  if (conditions.length === 1) return conditions[0] as Condition
  return (entry, facts) => {
    let result: boolean | undefined = false
    for (const condition of conditions) {
      const holds = condition(entry, facts)
      if (holds === true) return true
      if (holds === undefined) result = undefined
    }
    return result
  }
}

export const not =
  (condition: Condition): Condition =>
  (entry, facts) => {
    const holds = condition(entry, facts)
    return holds === undefined ? undefined : !holds
  }
