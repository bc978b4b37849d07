/**
 * SORT tells which messages match, in order (RFC 5256 §3, RFC 5957).
 *
 * sort           = ["UID" SP] "SORT" SP "(" sort-criterion *(SP sort-criterion) ")" SP charset 1*(SP search-key)
 * sort-criterion = ["REVERSE" SP] ("ARRIVAL" / "CC" / "DATE" / "FROM" / "SIZE" / "SUBJECT" / "TO" / "DISPLAYFROM" /
 *                  "DISPLAYTO")
 */
import { ImapError } from '../../errors.ts'
import type { Parser } from '../../syntax/parser.ts'
import { parseSearchKeys, type SearchKey } from './key.ts'
import { parseCharset } from './search.ts'

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

/** The seam to the evaluation of searches. */
export function runSort(): never {
  throw new ImapError('NO', 'this cannot be searched', 'CANNOT')
}
