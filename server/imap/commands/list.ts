/**
 * LIST tells which mailboxes there are (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154).
 *
 * list         = "LIST" [SP "(" [select-opt *(SP select-opt)] ")"] SP mailbox SP
 *                (list-mailbox / "(" list-mailbox *(SP list-mailbox) ")")
 *                [SP "RETURN" SP "(" [return-opt *(SP return-opt)] ")"]
 * select-opt   = "SUBSCRIBED" / "REMOTE" / "RECURSIVEMATCH" / "SPECIAL-USE"
 * return-opt   = "SUBSCRIBED" / "CHILDREN" / "SPECIAL-USE" / "STATUS" SP "(" status-att *(SP status-att) ")"
 */
import { ImapError } from '../errors.ts'
import type { Parser } from '../syntax/parser.ts'
import { parseStatusItems, type StatusItem } from './status.ts'

export type SelectionOption = 'SUBSCRIBED' | 'REMOTE' | 'RECURSIVEMATCH' | 'SPECIAL-USE'
export type ReturnOption = 'SUBSCRIBED' | 'CHILDREN' | 'SPECIAL-USE'

export type ListArguments = {
  /** Which mailboxes: empty for all that match. */
  readonly select: ReadonlySet<SelectionOption>
  readonly reference: string
  /** `*` matches anything, `%` anything but the hierarchy separator. */
  readonly patterns: readonly string[]
  /** What to tell of them. */
  readonly returns: ReadonlySet<ReturnOption>
  /** The numbers to tell of each that can be selected; empty for none. */
  readonly status: readonly StatusItem[]
  /**
   * Any option or a list of patterns was given. An empty pattern then has no special meaning (RFC 9051 §6.3.9: else it
   * asks for the hierarchy separator).
   */
  readonly isExtended: boolean
}

/** Each is compared with each name. */
const MAX_PATTERNS = 100
const SELECTION = ['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE'] as const
const RETURNS = ['SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE', 'STATUS'] as const

/** @throws ImapError `NO [LIMIT]` where there are too many patterns */
export function parseList(parser: Parser): ListArguments {
  parser.space()
  const hasSelection = parser.sees('(')
  const select = new Set(hasSelection ? parseSelection(parser) : [])
  const reference = parser.mailbox()
  parser.space()
  const hasPatterns = parser.sees('(')
  const patterns = hasPatterns ? parser.list(() => parser.listMailbox(), 1) : [parser.listMailbox()]
  if (patterns.length > MAX_PATTERNS) throw new ImapError('NO', 'too many patterns', 'LIMIT')
  const hasReturns = parser.accepts(' ') && !parser.isAtEnd
  const { returns, status } = hasReturns ? parseReturns(parser) : NOTHING
  const isExtended = hasSelection || hasPatterns || hasReturns
  return { select, reference, patterns, returns, status, isExtended }
}

function parseSelection(parser: Parser): readonly SelectionOption[] {
  const at = parser.at
  const options = parser.list(() => parser.oneOf(SELECTION, 'a selection option'))
  // RFC 5258 §3.1: it says what to do with another one. SPECIAL-USE counts as RFC 6154 §6 has it: not.
  if (options.includes('RECURSIVEMATCH') && !options.includes('SUBSCRIBED')) {
    parser.fail('RECURSIVEMATCH needs another option', at)
  }
  parser.space()
  return options
}

function parseReturns(parser: Parser): Pick<ListArguments, 'returns' | 'status'> {
  const returns = new Set<ReturnOption>()
  const status = new Set<StatusItem>()
  parser.oneOf(['RETURN'], 'RETURN')
  parser.space()
  parser.list(() => {
    const option = parser.oneOf(RETURNS, 'a return option')
    if (option !== 'STATUS') {
      returns.add(option)
      return
    }
    parser.space()
    for (const item of parseStatusItems(parser)) status.add(item)
  })
  return { returns, status: [...status] }
}

const NOTHING = { returns: new Set<ReturnOption>(), status: [] } as const
