/**
 * SORT tells which messages match, in order (RFC 5256 §3, RFC 5957).
 *
 * sort           = ["UID" SP] "SORT" SP "(" sort-criterion *(SP sort-criterion) ")" SP charset 1*(SP search-key)
 * sort-criterion = ["REVERSE" SP] ("ARRIVAL" / "CC" / "DATE" / "FROM" / "SIZE" / "SUBJECT" / "TO" / "DISPLAYFROM" /
 *                  "DISPLAYTO")
 */

import { Pace } from '../../../store/pace.ts'
import type { Call, Selected } from '../../session.ts'
import { sortInSteps } from '../../sort-in-steps.ts'
import type { Parser } from '../../syntax/parser.ts'
import { asksModseq } from './condition.ts'
import { contextOf, type Found, find, numbersResponse, type SearchContext } from './find.ts'
import { parseSearchKeys, type SearchKey } from './key.ts'
import { parseCharset } from './search.ts'
import { sortValue } from './sort-value.ts'

const SORT_KEYS = [
  'ARRIVAL',
  'CC',
  'DATE',
  'FROM',
  'SIZE',
  'SUBJECT',
  'TO',
  'DISPLAYFROM',
  'DISPLAYTO',
] as const

export type SortCriterion = {
  readonly by: (typeof SORT_KEYS)[number]
  readonly isReversed: boolean
}

export type SortArguments = {
  readonly isUid: boolean
  /** The first one decides; each `by` once, since another one of the same changes nothing. */
  readonly criteria: readonly SortCriterion[]
  readonly key: SearchKey
}

export const parseSort = (parser: Parser): SortArguments => parse(parser, false)
export const parseUidSort = (parser: Parser): SortArguments => parse(parser, true)

function parse(parser: Parser, isUid: boolean): SortArguments {
  parser.space()
  const criteria = new Map<string, SortCriterion>()
  parser.list(() => {
    const isReversed = parser.acceptsWord('REVERSE')
    if (isReversed) parser.space()
    const by = parser.oneOf(SORT_KEYS, 'a sort key')
    if (!criteria.has(by)) criteria.set(by, { by, isReversed })
  }, 1)
  parser.space()
  parseCharset(parser)
  parser.space()
  return { isUid, criteria: [...criteria.values()], key: parseSearchKeys(parser) }
}

/**
 * Runs SORT and UID SORT. Resolves with the pieces of the untagged response; rejects with what the store rejects with, or
 * the reason of the signal.
 */
export async function sort(args: SortArguments, context: SearchContext): Promise<Iterable<string>> {
  const { criteria, key } = args
  const found = await find(args, context)
  const pace = new Pace(context.signal)
  const columns: Column[] = criteria.map(({ isReversed }) => ({ values: [], isReversed }))
  for (const { entry } of found) {
    for (const [at, { by }] of criteria.entries()) columns[at]?.values.push(sortValue(by, entry))
    if (pace.isDue) await pace.rest()
  }
  const sorted = await sortInSteps([...found.keys()], comparisonBy(columns), pace)
  return numbersResponse(
    'SORT',
    key,
    sorted.map(at => found[at] as Found),
  )
}

/** What one criterion makes of each message that was found. */
type Column = { readonly values: (number | string)[]; readonly isReversed: boolean }

/**
 * Compares messages by their places among those found. Where all values are the same, the order in the mailbox holds,
 * also where criteria are reversed (RFC 5256 §3).
 */
function comparisonBy(columns: readonly Column[]) {
  return (a: number, b: number): number => {
    for (const { values, isReversed } of columns) {
      const left = values[a] as number | string
      const right = values[b] as number | string
      if (left !== right) return left < right === isReversed ? 1 : -1
    }
    return a - b
  }
}

export async function runSort(call: Call<Selected>, args: SortArguments): Promise<undefined> {
  if (asksModseq(args.key)) call.session.enableCondstore()
  await call.session.output.pieces(await sort(args, contextOf(call)))
}
