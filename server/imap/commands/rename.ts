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
  const { mailboxes } = session.options.store
  const mailbox = state.account.mailbox(from)
  if (mailbox === state.account.inbox) session.checkDelete()
  // A separator at the end says that mailboxes are to come below it, as with CREATE.
  const name = to.replace(/\/$/, '')
  if (mailbox) await mailboxes.rename(mailbox, name)
  else await mailboxes.renameLevel(state.account, from, name)
}
