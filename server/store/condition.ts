import { blockSize } from './entries.ts'
import type { Entry } from './message.ts'
import type { Probe } from './probe.ts'

/** What a probe came to, for each message of a block by its number modulo the block's size. */
export type Answers = Uint8Array
export const unknown = 0
export const refuted = 1
export const confirmed = 2

/** What is known of the messages of one block beyond the index; asking for what is not there notes that it is missing. */
export class Facts {
  readonly missing = new Set<Probe>()
  readonly #answers = new Map<Probe, Answers>()

  get(probe: Probe, { number }: Entry): boolean | undefined {
    const answer = this.#answers.get(probe)?.[number % blockSize] ?? unknown
    if (answer !== unknown) return answer === confirmed
    this.missing.add(probe)
    return undefined
  }

  put(probe: Probe, number: number, holds: boolean): void {
    let answers = this.#answers.get(probe)
    if (!answers) {
      answers = new Uint8Array(blockSize)
      this.#answers.set(probe, answers)
    }
    answers[number % blockSize] = holds ? confirmed : refuted
  }

  /** The answers to a probe for the whole block. */
  putAll(probe: Probe, answers: Answers): void {
    this.#answers.set(probe, answers)
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
