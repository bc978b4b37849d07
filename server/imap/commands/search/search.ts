/**
 * SEARCH tells which messages match (RFC 9051 §6.4.4, RFC 4731, RFC 5182).
 *
 * search = "SEARCH" [SP "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")"]
 *          [SP "CHARSET" SP charset] 1*(SP search-key)
 */
import { ImapError } from '../../errors.ts'
import type { Parser } from '../../syntax/parser.ts'
import { parseSearchKeys, type SearchKey } from './key.ts'

export type ReturnOption = 'MIN' | 'MAX' | 'ALL' | 'COUNT' | 'SAVE'

export type SearchArguments = {
  readonly isUid: boolean
  /**
   * What to tell, in an ESEARCH response; `RETURN ()` is ALL (RFC 4731 §3.1). Null where RETURN was not given: IMAP4rev1
   * then wants a SEARCH response, IMAP4rev2 ESEARCH with ALL.
   */
  readonly returns: ReadonlySet<ReturnOption> | null
  readonly key: SearchKey
}

const RETURNS = ['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE'] as const
const CHARSETS: ReadonlySet<string> = new Set(['US-ASCII', 'UTF-8'])

export const parseSearch = (parser: Parser): SearchArguments => parse(parser, false)
export const parseUidSearch = (parser: Parser): SearchArguments => parse(parser, true)

function parse(parser: Parser, isUid: boolean): SearchArguments {
  parser.space()
  let returns: SearchArguments['returns'] = null
  if (parser.acceptsWord('RETURN')) {
    parser.space()
    const options = parser.list(() => parser.oneOf(RETURNS, 'a return option'))
    returns = new Set(options.length === 0 ? ['ALL'] : options)
    parser.space()
  }
  if (parser.acceptsWord('CHARSET')) {
    parser.space()
    parseCharset(parser)
    parser.space()
  }
  return { isUid, returns, key: parseSearchKeys(parser) }
}

/**
 * Reads a charset that we know; texts are read as UTF-8 then, which US-ASCII is too.
 *
 * @throws ImapError `NO [BADCHARSET]`
 */
export function parseCharset(parser: Parser): void {
  const charset = parser.sees('"') ? parser.string() : parser.atom()
  if (CHARSETS.has(charset.toUpperCase())) return
  const known = [...CHARSETS].join(' ')
  throw new ImapError('NO', 'the charset is not supported', `BADCHARSET (${known})`)
}

/** The seam to the evaluation of searches. */
export function runSearch(): never {
  throw new ImapError('NO', 'this cannot be searched', 'CANNOT')
}
