/**
 * THREAD tells which messages match, and which of them answer which (RFC 5256 §3).
 *
 * thread = ["UID" SP] "THREAD" SP ("ORDEREDSUBJECT" / "REFERENCES") SP charset 1*(SP search-key)
 */
import { ImapError } from '../../errors.ts'
import type { Parser } from '../../syntax/parser.ts'
import { parseSearchKeys, type SearchKey } from './key.ts'
import { parseCharset } from './search.ts'

const ALGORITHMS = ['ORDEREDSUBJECT', 'REFERENCES'] as const

export type ThreadArguments = {
  readonly isUid: boolean
  readonly algorithm: (typeof ALGORITHMS)[number]
  readonly key: SearchKey
}

export const parseThread = (parser: Parser): ThreadArguments => parse(parser, false)
export const parseUidThread = (parser: Parser): ThreadArguments => parse(parser, true)

function parse(parser: Parser, isUid: boolean): ThreadArguments {
  parser.space()
  const algorithm = parser.oneOf(ALGORITHMS, 'ORDEREDSUBJECT or REFERENCES')
  parser.space()
  parseCharset(parser)
  parser.space()
  return { isUid, algorithm, key: parseSearchKeys(parser) }
}

/** The seam to the evaluation of searches. */
export function runThread(): never {
  throw new ImapError('NO', 'this cannot be searched', 'CANNOT')
}
