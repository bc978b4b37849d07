import type * as z from 'zod'
import { excerpt } from '../mime/excerpt.ts'
import { HttpProblem } from './problem.ts'

/** Parameters by name. Each schema takes a string; one that takes an array may be given more than once. */
export type Shape = Readonly<Record<string, z.ZodType>>

export type Values<S extends Shape> = { readonly [Name in keyof S]: z.output<S[Name]> }

/**
 * Reads a query against its shape. Nothing is guessed: a parameter that is unknown, empty, malformed, or given twice
 * where it counts once is a 400 that names it. `header.NAME` goes to the parameter `header.NAME` of the shape, as
 * pairs of name and value.
 */
export function readQuery<S extends Shape>(shape: S, query: string): Values<S> {
  const given = new Map<string, string[]>()
  for (const [name, value] of pairs(query)) {
    const key = name.startsWith('header.') ? 'header.NAME' : name
    if (!Object.hasOwn(shape, key)) {
      throw invalid(excerpt(name, 100), 'is not a parameter of this call')
    }
    if (value === '') throw invalid(name, 'is empty')
    const values = given.get(key) ?? []
    if (!given.has(key)) given.set(key, values)
    values.push(key === name ? value : `${name.slice('header.'.length)}=${value}`)
  }
  const values: Record<string, unknown> = Object.create(null)
  for (const [name, schema] of Object.entries(shape)) {
    values[name] = readValue(name, schema, given.get(name))
  }
  return values as Values<S>
}

/** One value or several against a schema. Throws the 400 that names the parameter. */
export function readValue(name: string, schema: z.ZodType, given: string[] | undefined): unknown {
  if (given && given.length > 1 && !isRepeatable(schema)) throw invalid(name, 'is given twice')
  const result = schema.safeParse(given && !isRepeatable(schema) ? given[0] : given)
  if (result.success) return result.data
  if (given === undefined) throw invalid(name, 'is missing')
  throw invalid(name, `: ${result.error.issues[0]?.message}`)
}

/** Whether a parameter may be given more than once. */
export function isRepeatable(schema: z.ZodType): boolean {
  const { type, innerType } = schema.def as { type: string; innerType?: z.ZodType }
  return innerType ? isRepeatable(innerType) : type === 'array'
}

export const invalid = (parameter: string, what: string): HttpProblem =>
  new HttpProblem(400, `${parameter}${what.startsWith(':') ? '' : ' '}${what}`, { parameter })

/** application/x-www-form-urlencoded, but strict: what does not decode is refused instead of replaced. */
function* pairs(query: string): Generator<[string, string]> {
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const name = decode(at < 0 ? pair : pair.slice(0, at), 'query')
    yield [name, at < 0 ? '' : decode(pair.slice(at + 1), name)]
  }
}

function decode(text: string, name: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw invalid(excerpt(name, 100), 'is not percent-encoded UTF-8')
  }
}
