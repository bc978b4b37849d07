/**
 * RENAME changes the name of a mailbox and of those below it (RFC 9051 §6.3.6).
 *
 * rename = "RENAME" SP mailbox SP mailbox
 */
import type { Authenticated, Call, Selected } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'

export type RenameArguments = { readonly from: string; readonly to: string }

export function parseRename(parser: Parser): RenameArguments {
  parser.space()
  const from = parser.mailbox()
  parser.space()
  return { from, to: parser.mailbox() }
}

export async function runRename(
  { session, state }: Call<Authenticated | Selected>,
  { from, to }: RenameArguments,
): Promise<undefined> {
  const mailbox = session.mailbox(state.account, from, 'NONEXISTENT')
  await session.options.store.mailboxes.rename(mailbox, to.replace(/\/$/, ''))
}
