/**
 * CREATE makes a mailbox (RFC 9051 §6.3.4, RFC 6154 §3).
 *
 * create = "CREATE" SP mailbox [SP "(" "USE" SP "(" [use-attr *(SP use-attr)] ")" ")"]
 */
import { ImapError } from '../errors.ts'
import { mailboxId } from '../mailbox-id.ts'
import type { Authenticated, Call, Completion, Selected } from '../session.ts'
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

/** Those that a mailbox can be made for: `\All` and `\Flagged` would have to show messages of others. */
const ASSIGNABLE: ReadonlySet<string> = new Set<(typeof SPECIAL_USES)[number]>([
  '\\Archive',
  '\\Drafts',
  '\\Important',
  '\\Junk',
  '\\Sent',
  '\\Trash',
])

export async function runCreate(
  { session, state }: Call<Authenticated | Selected>,
  { mailbox: name, uses }: CreateArguments,
): Promise<Completion> {
  const [specialUse = null, ...others] = uses
  // RFC 6154 §3: more than one, or an unknown one, is for the server to refuse.
  if (others.length > 0 || (specialUse !== null && !ASSIGNABLE.has(specialUse))) {
    throw new ImapError('NO', 'a mailbox cannot be made for that use', 'USEATTR')
  }
  const { mailboxes } = session.options.store
  const mailbox = await mailboxes.create(state.account, name.replace(/\/$/, ''), { specialUse })
  return { code: `MAILBOXID (${mailboxId(mailbox)})` }
}
