import { randomInt } from 'node:crypto'

/** A generator whose every choice follows from its seed. */
export type Random = {
  /** 0 … `below` - 1. */
  integer(below: number): number
  /** `from` … `to`, both included. */
  between(from: number, to: number): number
  chance(probability: number): boolean
  pick<T>(values: readonly T[]): T
  /** Up to `count` of the values, each once, in their order. */
  some<T>(values: readonly T[], count: number): T[]
}

export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0
  // mulberry32: small, and good enough to choose faults with.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (below: number): number => Math.floor(next() * below)
  return {
    integer,
    between: (from, to) => from + integer(to - from + 1),
    chance: probability => next() < probability,
    pick: values => {
      if (values.length === 0) throw new Error('nothing to pick from')
      return values[integer(values.length)] as never
    },
    some: (values, count) => {
      const rest = values.map((value, index) => ({ value, index }))
      const taken: typeof rest = []
      while (taken.length < count && rest.length > 0) {
        taken.push(...rest.splice(integer(rest.length), 1))
      }
      return taken.sort((a, b) => a.index - b.index).map(({ value }) => value)
    },
  }
}

/** The seed that `MAILCATCH_SEED` names, or a new one. */
export const chosenSeed = (): number => {
  const named = process.env.MAILCATCH_SEED
  if (named === undefined) return randomInt(2 ** 31)
  if (!/^\d{1,10}$/.test(named)) throw new Error(`MAILCATCH_SEED is no number: ${named}`)
  return Number(named)
}
