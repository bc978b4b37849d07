/**
 * DELETE removes a mailbox (RFC 9051 §6.3.5).
 *
 * delete = "DELETE" SP mailbox
 */
import { ImapError } from '../errors.ts'
import type { Authenticated, Call, Selected } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'

export type DeleteArguments = { readonly mailbox: string }

export function parseDelete(parser: Parser): DeleteArguments {
  parser.space()
  return { mailbox: parser.mailbox() }
}

/** A session that has the mailbox open itself is left without one; others are told, and end (RFC 2180 §3). */
export async function runDelete(
  { session, state }: Call<Authenticated | Selected>,
  { mailbox: name }: DeleteArguments,
): Promise<undefined> {
  const { account } = state
  session.checkDelete()
  if (!account.mailbox(name) && account.below(name).length > 0) {
    throw new ImapError('NO', 'there are only mailboxes below it', 'HASCHILDREN')
  }
  const mailbox = session.mailbox(account, name, 'NONEXISTENT')
  await session.options.store.mailboxes.delete(mailbox)
  if (state.name === 'selected' && state.view.mailbox === mailbox) {
    session.unselect()
    session.output.untagged('OK [CLOSED] the mailbox was deleted')
  }
}
