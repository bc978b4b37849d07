/**
 * LIST tells which mailboxes there are (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154).
 *
 * list         = "LIST" [SP "(" [select-opt *(SP select-opt)] ")"] SP mailbox SP
 *                (list-mailbox / "(" list-mailbox *(SP list-mailbox) ")")
 *                [SP "RETURN" SP "(" [return-opt *(SP return-opt)] ")"]
 * select-opt   = "SUBSCRIBED" / "REMOTE" / "RECURSIVEMATCH" / "SPECIAL-USE"
 * return-opt   = "SUBSCRIBED" / "CHILDREN" / "SPECIAL-USE" / "STATUS" SP "(" status-att *(SP status-att) ")"
 */
import { namesAbove } from '../../store/mailbox-name.ts'
import { ImapError } from '../errors.ts'
import { checkWildcards, listPattern } from '../list-pattern.ts'
import { attributesOf, type MailboxName, mailboxTree } from '../mailbox-tree.ts'
import type { Output } from '../output.ts'
import type { Authenticated, Call, Selected } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'
import { printMailbox } from '../syntax/print.ts'
import { parseStatusItems, type StatusItem, writeStatus } from './status.ts'

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

/** @throws ImapError `NO [LIMIT]` where there are too many patterns, or wildcards in them */
export function parseList(parser: Parser): ListArguments {
  parser.space()
  const hasSelection = parser.sees('(')
  const select = new Set(hasSelection ? parseSelection(parser) : [])
  const reference = parser.mailbox()
  parser.space()
  const hasPatterns = parser.sees('(')
  const patterns = hasPatterns ? parser.list(() => parser.listMailbox(), 1) : [parser.listMailbox()]
  if (patterns.length > MAX_PATTERNS) throw new ImapError('NO', 'too many patterns', 'LIMIT')
  checkWildcards(reference, patterns)
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

export async function runList(
  { session, state }: Call<Authenticated | Selected>,
  args: ListArguments,
): Promise<undefined> {
  const { output, enabled } = session
  if (!args.isExtended && args.patterns[0] === '') {
    output.untagged('LIST (\\Noselect) "/" ""')
    return
  }
  const { select, returns, status } = args
  const hasSubscribed = select.has('SUBSCRIBED')
  const tree = await mailboxTree(state.account, { hasSubscribed, output })
  const isMatch = matcherOf(args, output)
  const childInfo = select.has('RECURSIVEMATCH') ? await childInfoOf(tree, select, isMatch) : null
  for (const name of tree) {
    if (!(await isMatch(name.name))) continue
    const child = childInfo?.get(name.name)
    const isSelected = meets(name, select)
    // A name of which only a listed child meets the criteria would say nothing new (RFC 9051 §6.3.9.6).
    if (!isSelected && child !== 'unlisted') continue
    const attributes = attributesOf(name)
    const isAsked = hasSubscribed || returns.has('SUBSCRIBED')
    if (isAsked && name.isSubscribed) attributes.push('\\Subscribed')
    const extended = child ? ' ("CHILDINFO" ("SUBSCRIBED"))' : ''
    const printed = printMailbox(name.name, enabled.isUtf8)
    output.untagged(`LIST (${attributes.join(' ')}) "/" ${printed}${extended}`)
    if (status.length > 0 && name.mailbox) writeStatus(session, name.mailbox, status)
  }
}

/**
 * The reference is put in front (RFC 9051 §6.3.9). In the extended syntax an empty pattern matches nothing. Others get
 * their turn before each name, and between the patterns that it is compared with.
 */
function matcherOf({ reference, patterns }: ListArguments, output: Output): Matcher {
  const matchers = patterns
    .filter(pattern => pattern !== '')
    .map(pattern => listPattern(`${reference}${pattern}`))
  return async name => {
    for (const isMatch of matchers) {
      if (output.mustPauseNow) await output.pause()
      if (isMatch(name)) return true
    }
    return false
  }
}

type Matcher = (name: string) => Promise<boolean>

function meets(
  { mailbox, isSubscribed, hasChildren }: MailboxName,
  select: ListArguments['select'],
): boolean {
  if (select.has('SUBSCRIBED') && !isSubscribed) return false
  if (select.has('SPECIAL-USE') && !mailbox?.specialUse) return false
  return mailbox !== null || isSubscribed || hasChildren
}

/** Of the names above others that meet the criteria: whether all of those are listed (RFC 9051 §6.3.9.6). */
async function childInfoOf(
  tree: readonly MailboxName[],
  select: ListArguments['select'],
  isMatch: Matcher,
): Promise<ReadonlyMap<string, 'listed' | 'unlisted'>> {
  const found = new Map<string, 'listed' | 'unlisted'>()
  for (const name of tree) {
    if (!meets(name, select)) continue
    const isListed = await isMatch(name.name)
    for (const above of namesAbove(name.name)) {
      if (!isListed || !found.has(above)) found.set(above, isListed ? 'listed' : 'unlisted')
    }
  }
  return found
}
