import * as z from 'zod'

/** The longest that a call waits, in milliseconds. */
export const longest = 120_000

const units = { ms: 1, s: 1_000 } as const
type Unit = keyof typeof units

/** A time in a query, `10s`, `500ms`, or a number of the unit → milliseconds. */
export const queryDuration = (unit: Unit) =>
  z
    .string()
    .transform((text, context) => {
      const [, digits, given = unit] = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s)?$/.exec(text) ?? []
      const milliseconds = Number(digits) * units[given as Unit]
      if (milliseconds <= longest) return milliseconds
      context.addIssue(`expected a time such as 10s or 500ms, at most ${longest / units.s}s`)
      return z.NEVER
    })
    .pipe(z.number().meta({ type: 'string', example: unit === 's' ? '10s' : '200ms' }))

/** The same in JSON: a string, or a number of the unit. */
export const jsonDuration = (unit: Unit) =>
  z.union([
    z
      .number()
      .min(0)
      .max(longest / units[unit])
      .transform(number => number * units[unit]),
    queryDuration(unit),
  ])
