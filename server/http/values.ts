import * as z from 'zod'

/** The values that parameters and JSON members are made of. Those of a query take a string, as it stands in the URL. */

const idPattern = /^[1-9]\d{0,9}$/
const digits = /^(?:0|[1-9]\d{0,14})$/

/** A string that becomes a number, documented as the integer it is. */
const integer = (pattern: RegExp, what: string, schema: z.ZodNumber) =>
  z.string().regex(pattern, `expected ${what}`).transform(Number).pipe(schema)

/** A message's id, in a query or a path. */
export const queryId = integer(idPattern, 'an id', z.int().min(1).max(9_999_999_999))
/** A position in the arrivals: an id, or 0 for before the first. */
export const queryPosition = integer(
  /^(?:0|[1-9]\d{0,9})$/,
  'an id, or 0 for before the first',
  z.int().min(0).max(9_999_999_999),
)
/** The same in JSON. */
export const jsonPosition = z.int().min(0).max(9_999_999_999)

export const queryOctets = integer(digits, 'a number of octets', z.int().min(0))
export const jsonOctets = z.int().min(0)

export const queryCount = (least: number, most: number) =>
  integer(digits, 'a whole number', z.int().min(least).max(most))

export const jsonCount = (least: number, most: number) => z.int().min(least).max(most)

export const queryBoolean = z
  .enum(['true', 'false'])
  .transform(text => text === 'true')
  .pipe(z.boolean())
export const jsonBoolean = z.boolean()

/** A switch such as `download=1`. */
export const querySwitch = z
  .enum(['0', '1'])
  .transform(text => text === '1')
  .pipe(z.boolean())
  .meta({ type: 'string', enum: ['0', '1'] })

/** A string to look for: not empty, at most 1 000 characters. */
export const pattern = z.string().min(1).max(1_000)
/** Several of them, each of which must hold. */
export const queryPatterns = z.array(pattern).min(1).max(50)
export const jsonPatterns = z.union([pattern, queryPatterns])

/** ISO 8601, UTC where it names no zone → milliseconds since 1970. */
export const time = z
  .string()
  .transform((text, context) => {
    const milliseconds = readTime(text)
    if (milliseconds !== null) return milliseconds
    context.addIssue('expected a date or time such as 2026-01-31 or 2026-01-31T09:30:00Z')
    return z.NEVER
  })
  .pipe(z.number().meta({ type: 'string', format: 'date-time' }))

const timePattern =
  /^(\d{4}-\d\d-(\d\d))(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/i

function readTime(text: string): number | null {
  const match = timePattern.exec(text)
  if (!match) return null
  const [, date, day, clock = '00:00', zone = 'Z'] = match
  // A day that the month has not would come out as one of the next month.
  if (new Date(`${date}T00:00Z`).getUTCDate() !== Number(day)) return null
  const milliseconds = Date.parse(`${date}T${clock}${zone.toUpperCase()}`)
  return Number.isNaN(milliseconds) ? null : milliseconds
}

/** A set of ids such as `4:17,20` (RFC 9051 §4.1.1, without `*`). */
export const idSet = z
  .string()
  .max(16_384)
  .regex(
    /^[1-9]\d{0,9}(?::[1-9]\d{0,9})?(?:,[1-9]\d{0,9}(?::[1-9]\d{0,9})?)*$/,
    'expected ids such as 4:17,20',
  )
