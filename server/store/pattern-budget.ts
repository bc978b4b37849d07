import { type Pattern, substring, whole } from './pattern.ts'
import { QueryError } from './query-error.ts'

export const budgetLimits = {
  /** Matchers, values and words. */
  conditions: 1_000,
  /** Of all regular expressions together: to compile them takes about a fifth of a second. */
  instructions: 10_000,
} as const

/** Makes the patterns of what is asked in one go, and refuses when these are more than one may ask for. */
export class PatternBudget {
  #conditions = 0
  #instructions = 0

  /** Counts a condition. Throws a QueryError that names the parameter, and the place in it, where it is one too many. */
  count(parameter: string, position?: number): void {
    if (++this.#conditions <= budgetLimits.conditions) return
    const message = `more than ${budgetLimits.conditions} conditions at a time`
    throw new QueryError(message, parameter, position)
  }

  /** As `substring` does. */
  substring(value: string, parameter: string, position?: number): Pattern {
    return this.#counted(parameter, position, () => substring(value, parameter, position))
  }

  /** As `whole` does. */
  whole(value: string, parameter: string, position?: number): Pattern {
    return this.#counted(parameter, position, () => whole(value, parameter, position))
  }

  #counted(parameter: string, position: number | undefined, make: () => Pattern): Pattern {
    this.count(parameter, position)
    const pattern = make()
    this.#instructions += pattern.cost
    if (this.#instructions <= budgetLimits.instructions) return pattern
    throw new QueryError('the regular expressions are too large together', parameter, position)
  }
}
