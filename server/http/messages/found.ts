import * as z from 'zod'
import type { Entry } from '../../store/message.ts'
import type { HttpContext } from '../context.ts'
import { matcherOfQuery, matcherQuery } from '../matcher.ts'
import { HttpProblem } from '../problem.ts'
import type { Values } from '../query.ts'
import { queryId } from '../values.ts'

/** The path parameter of a message: its id, or `latest`, which takes a matcher. */
export const idOrLatest = z.union([z.literal('latest'), queryId]).meta({
  description: 'The id of a message, or `latest`: the newest that the matcher lets through',
})

/** The message that a path and query name. Throws a 404. */
export async function find(
  id: number | 'latest',
  query: Values<typeof matcherQuery>,
  { store }: HttpContext,
): Promise<Entry> {
  const matcher = matcherOfQuery(pickMatcher(query), store.cursor)
  if (id === 'latest') {
    const newest = await store.newest(matcher)
    if (newest) return newest
    throw new HttpProblem(404, 'No message matches.')
  }
  const key = Object.keys(matcher)[0]
  if (key !== undefined) {
    throw new HttpProblem(400, 'A matcher goes with `latest`, not with an id.', { parameter: key })
  }
  return findById(id, store)
}

/** The message of an id. Throws a 404. */
export function findById(id: number, store: HttpContext['store']): Entry {
  const entry = store.entry(id)
  if (entry) return entry
  throw gone(id)
}

export const gone = (id: number): HttpProblem => new HttpProblem(404, `There is no message ${id}.`)

/** Reads of a message that may be deleted meanwhile: what fails then is a 404, and no fault of ours. */
export async function reading<T>(
  id: number,
  store: HttpContext['store'],
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw store.entry(id) ? error : gone(id)
  }
}

/** Only the matcher's part of a query. */
export function pickMatcher(query: Values<typeof matcherQuery>): Values<typeof matcherQuery> {
  const keys = Object.keys(matcherQuery) as (keyof typeof matcherQuery)[]
  return Object.fromEntries(keys.map(key => [key, query[key]])) as Values<typeof matcherQuery>
}
