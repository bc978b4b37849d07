/**
 * SEARCH tells which messages match (RFC 9051 §6.4.4, RFC 4731, RFC 5182).
 *
 * search = "SEARCH" [SP "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")"]
 *          [SP "CHARSET" SP charset] 1*(SP search-key)
 */
import { ImapError } from '../../errors.ts'
import type { Call, Selected } from '../../session.ts'
import type { Parser } from '../../syntax/parser.ts'
import { printString } from '../../syntax/print.ts'
import { printSequenceSet } from '../../syntax/sequence-set.ts'
import { asksModseq } from './condition.ts'
import {
  contextOf,
  type Found,
  find,
  highestModseq,
  numbersResponse,
  type SearchContext,
} from './find.ts'
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
  try {
    if (parser.acceptsWord('CHARSET')) {
      parser.space()
      parseCharset(parser)
      parser.space()
    }
    return { isUid, returns, key: parseSearchKeys(parser) }
  } catch (error) {
    const isRefused = error instanceof ImapError && error.condition === 'NO'
    throw isRefused && returns?.has('SAVE') ? new UnsavedSearchError(error) : error
  }
}

/** The refusal of a search that was to be saved: the session clears what it saved before (RFC 9051 §6.4.4.1). */
export class UnsavedSearchError extends ImapError {
  override readonly name = 'UnsavedSearchError'

  constructor({ condition, message, code }: ImapError) {
    super(condition, message, code)
  }
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

/**
 * Runs SEARCH and UID SEARCH. Resolves with the pieces of the untagged response, none where nothing was asked for but
 * SAVE; rejects with what the store rejects with, or the reason of the signal.
 *
 * @param options `isRev2`: the client has enabled IMAP4rev2
 */
export async function search(
  args: SearchArguments,
  context: SearchContext,
  { commandTag, isRev2 }: { readonly commandTag: string; readonly isRev2: boolean },
): Promise<Iterable<string>> {
  const returns = args.returns ?? (isRev2 ? ALL : null)
  const isSaved = returns?.has('SAVE') ?? false
  try {
    const found = await find(args, context)
    if (isSaved) context.saved.save(told(found, returns).map(({ entry }) => entry.number))
    if (!returns) return numbersResponse('SEARCH', args.key, found)
    return returns.size === 1 && isSaved ? [] : [esearchResponse(args, returns, found, commandTag)]
  } catch (error) {
    if (isSaved) context.saved.clear()
    throw error
  }
}

const ALL: ReadonlySet<ReturnOption> = new Set(['ALL'])

/** What `$` and MODSEQ are about: the first and the last only where nothing else is asked for (RFC 4731 §3.2). */
function told(
  found: readonly Found[],
  returns: ReadonlySet<ReturnOption> | null,
): readonly Found[] {
  const isOfEnds = returns?.has('MIN') || returns?.has('MAX')
  if (!isOfEnds || returns?.has('ALL') || returns?.has('COUNT')) return found
  return found.filter(
    (_, at) =>
      (at === 0 && returns?.has('MIN')) || (at === found.length - 1 && returns?.has('MAX')),
  )
}

/** RFC 9051 §7.3.4: of nothing found there is only the count. */
function esearchResponse(
  { key, isUid }: SearchArguments,
  returns: ReadonlySet<ReturnOption>,
  found: readonly Found[],
  commandTag: string,
): string {
  let text = `* ESEARCH (TAG ${printString(commandTag)})${isUid ? ' UID' : ''}`
  const [first] = found
  const last = found.at(-1)
  if (first && returns.has('MIN')) text += ` MIN ${first.number}`
  if (last && returns.has('MAX')) text += ` MAX ${last.number}`
  if (first && returns.has('ALL')) {
    text += ` ALL ${printSequenceSet(found.map(({ number }) => number))}`
  }
  if (returns.has('COUNT')) text += ` COUNT ${found.length}`
  if (first && asksModseq(key)) text += ` MODSEQ ${highestModseq(told(found, returns))}`
  return `${text}\r\n`
}

export async function runSearch(call: Call<Selected>, args: SearchArguments): Promise<undefined> {
  const { session, commandTag } = call
  if (asksModseq(args.key)) session.enableCondstore()
  const isRev2 = session.enabled.hasRev2
  await session.output.pieces(await search(args, contextOf(call), { commandTag, isRev2 }))
}
