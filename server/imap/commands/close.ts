/** CLOSE removes the messages with `\Deleted` without a word, and closes the mailbox (RFC 9051 §6.4.1). */
import type { Call, Selected } from '../session.ts'
import { deletedUids, expunge } from './expunge.ts'

export async function runClose({ session, state }: Call<Selected>): Promise<undefined> {
  const { view } = state
  const { allowDelete } = session.options
  if (allowDelete && !view.isReadOnly)
    await expunge(session, view.mailbox, deletedUids(view.mailbox))
  session.unselect()
}
