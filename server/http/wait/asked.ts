import type * as z from 'zod'
import type { Condition } from '../../store/condition.ts'
import type { Matcher } from '../../store/matcher.ts'
import type { PatternBudget } from '../../store/pattern-budget.ts'
import type { HttpContext } from '../context.ts'
import {
  type JsonMatcher,
  matcherBodyWith,
  matcherOfJson,
  matcherOfQuery,
  matcherQuery,
} from '../matcher.ts'
import { pickMatcher } from '../messages/found.ts'
import { HttpProblem } from '../problem.ts'
import type { Shape, Values } from '../query.ts'

/** What is waited for. */
export type Asked = {
  readonly matcher: Matcher
  /** What the matcher stands for. */
  readonly condition: Condition
}

/** The query of a call that waits for what a matcher lets through. */
export const queryWith = <Q extends Shape>(own: Q): Q & typeof matcherQuery => ({
  ...own,
  ...matcherQuery,
})

/** Its JSON body, which may be left out. */
export const bodyWith = <J extends Shape>(own: J) =>
  matcherBodyWith(own).optional() as z.ZodType<(JsonMatcher & Values<J>) | undefined>

/** What a query asks for. Throws a QueryError where the matcher cannot be read. */
export function askedInQuery(query: Values<typeof matcherQuery>, { store }: HttpContext): Asked {
  return askedOf(matcherOfQuery(pickMatcher(query), store.cursor), store)
}

/** What a JSON matcher asks for; `budget` is that of all matchers of the request. */
export function askedInJson(
  json: JsonMatcher,
  { store }: HttpContext,
  budget?: PatternBudget,
): Asked {
  return askedOf(matcherOfJson(json, store.cursor), store, budget)
}

/** What a matcher asks for. */
export function askedOf(
  matcher: Matcher,
  store: HttpContext['store'],
  budget?: PatternBudget,
): Asked {
  return { matcher, condition: store.condition(matcher, budget) }
}

/**
 * The parameters of a call, and what it asks for: all in the query, or all in the body. `own` are the names of those that
 * are no keys of the matcher.
 */
export function readAsked<Q extends Values<typeof matcherQuery>>(
  query: Q,
  body: JsonMatcher | undefined,
  own: readonly string[],
  http: HttpContext,
): { readonly values: Q; readonly asked: Asked } {
  if (!body) return { values: query, asked: askedInQuery(query, http) }
  const other = Object.entries(query).find(([, value]) => value !== undefined)
  if (other) {
    throw new HttpProblem(400, `${other[0]} goes into the body, where the others are.`, {
      parameter: other[0],
    })
  }
  const matcher = Object.fromEntries(Object.entries(body).filter(([key]) => !own.includes(key)))
  return { values: body as unknown as Q, asked: askedInJson(matcher as JsonMatcher, http) }
}

/** A matcher as it would be asked for in JSON, without `since`. */
export function matcherAsJson({
  since: _since,
  ...matcher
}: Matcher): Readonly<Record<string, unknown>> {
  const { any, not, header, receivedAfter, receivedBefore } = matcher
  const iso = (time: number) => new Date(time).toISOString()
  return {
    ...withoutLists(matcher),
    ...(header && { header: withoutLists(header) }),
    ...(receivedAfter !== undefined && { receivedAfter: iso(receivedAfter) }),
    ...(receivedBefore !== undefined && { receivedBefore: iso(receivedBefore) }),
    ...(any && { any: any.map(matcherAsJson) }),
    ...(not && { not: matcherAsJson(not) }),
  }
}

/** A list of one is as good as the one. */
const withoutLists = (values: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      Array.isArray(value) && value.length === 1 ? value[0] : value,
    ]),
  )
