/**
 * CREATE makes a mailbox (RFC 9051 §6.3.4, RFC 6154 §3).
 *
 * create = "CREATE" SP mailbox [SP "(" "USE" SP "(" [use-attr *(SP use-attr)] ")" ")"]
 */
import type { Parser } from '../syntax/parser.ts'

export type CreateArguments = {
  /** May end with the hierarchy separator, which says that mailboxes are to come below it. */
  readonly mailbox: string
  /** Special uses such as `\Drafts`, in our spelling where we know them, each once. */
  readonly uses: readonly string[]
}

/** RFC 6154 §2, RFC 8457 §3. */
export const SPECIAL_USES = [
  '\\All',
  '\\Archive',
  '\\Drafts',
  '\\Flagged',
  '\\Important',
  '\\Junk',
  '\\Sent',
  '\\Trash',
] as const

export function parseCreate(parser: Parser): CreateArguments {
  parser.space()
  const mailbox = parser.mailbox()
  if (!parser.accepts(' (')) return { mailbox, uses: [] }
  parser.oneOf(['USE'], 'USE')
  parser.space()
  const uses = parser.list(() => {
    parser.expect('\\')
    const use = `\\${parser.atom()}`
    return SPECIAL_USES.find(known => known.toLowerCase() === use.toLowerCase()) ?? use
  })
  parser.expect(')')
  return { mailbox, uses: [...new Set(uses)] }
}
