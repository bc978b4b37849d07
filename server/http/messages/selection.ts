import * as z from 'zod'
import { mergeRanges, readIdRanges } from '../../store/id-set.ts'
import type { HttpContext } from '../context.ts'
import {
  isNarrow,
  type JsonMatcher,
  matcherOfJson,
  matcherOfQuery,
  matcherQuery,
} from '../matcher.ts'
import { HttpProblem } from '../problem.ts'
import type { Shape, Values } from '../query.ts'
import { idSet } from '../values.ts'
import { pickMatcher } from './found.ts'

/** What a call that changes or destroys may be told to touch: `ids`, a matcher, or `all=true`. */
export const selectionQuery = {
  ids: idSet.optional().meta({ description: 'Which messages, such as `4:17,20`' }),
  except: idSet.optional().meta({ description: 'All that is meant, but these: `4:17,20`' }),
  all: z.literal('true').optional().meta({ description: 'Every message, up to `upto` if given' }),
  ...matcherQuery,
} satisfies Shape

type Selection = Values<typeof selectionQuery>

/**
 * The ids that are meant, ascending. Exactly one of the ways must be said outright: what says nothing, or too much, is
 * a 400, never "everything". `since` and `upto` alone say only where.
 */
export async function selectIds(
  { except, ...query }: Selection,
  body: JsonMatcher | undefined,
  http: HttpContext,
): Promise<readonly number[]> {
  const ids = await selectMeant(query, body, http)
  if (except === undefined) return ids
  const spared = rangesOf(except, 'except')
  let at = 0
  return ids.filter(id => {
    while (at < spared.length && (spared[at]?.last ?? 0) < id) at++
    return id < (spared[at]?.first ?? Number.POSITIVE_INFINITY)
  })
}

async function selectMeant(
  query: Omit<Selection, 'except'>,
  body: JsonMatcher | undefined,
  { store }: HttpContext,
): Promise<readonly number[]> {
  const inQuery = matcherOfQuery(pickMatcher(query), store.cursor)
  const inBody = body && matcherOfJson(body, store.cursor)
  if (query.ids !== undefined) {
    const other = query.all ? 'all' : (Object.keys(inQuery)[0] ?? (inBody && 'matcher'))
    if (other !== undefined) throw conflict('ids', other)
    return idsOfSet(query.ids, store)
  }
  const narrowing = Object.keys(inQuery).find(key => key !== 'since' && key !== 'upto')
  if (query.all) {
    const other = narrowing ?? (inBody && 'matcher')
    if (other !== undefined) throw conflict('all', other)
    return store.match(inQuery)
  }
  if (inBody) {
    const other = Object.keys(inQuery)[0]
    if (other !== undefined) throw conflict('matcher', other)
    if (isNarrow(inBody)) return store.match(inBody)
  } else if (narrowing !== undefined) {
    return store.match(inQuery)
  }
  throw new HttpProblem(400, 'Say which messages: a matcher, ids=…, or all=true.', {
    parameter: inBody ? 'matcher' : 'ids',
  })
}

/** The ids of a set that are there. A range costs what is in it, not what it spans, and nothing is looked up twice. */
async function idsOfSet(text: string, store: HttpContext['store']): Promise<number[]> {
  const ids: number[] = []
  for (const { first, last } of rangesOf(text, 'ids')) {
    if (first === last) {
      if (store.entry(first)) ids.push(first)
    } else {
      for (const id of await store.match({ since: first - 1, upto: last })) ids.push(id)
    }
  }
  return ids
}

/** The ranges of a set, merged. */
function rangesOf(text: string, parameter: 'ids' | 'except') {
  try {
    return mergeRanges(readIdRanges(text))
  } catch (error) {
    throw new HttpProblem(400, `${parameter}: ${(error as Error).message}`, { parameter })
  }
}

const conflict = (one: string, other: string): HttpProblem =>
  new HttpProblem(400, `${other} does not go together with ${one}.`, { parameter: other })
