/**
 * LSUB lists subscribed names (RFC 3501 §6.3.9); IMAP4rev2 has `LIST (SUBSCRIBED)` in its place.
 *
 * lsub = "LSUB" SP mailbox SP list-mailbox
 */
import { checkWildcards, listPattern } from '../list-pattern.ts'
import { allAbove, attributesOf, mailboxTree } from '../mailbox-tree.ts'
import type { Authenticated, Call, Selected } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'
import { printMailbox } from '../syntax/print.ts'

export type LsubArguments = { readonly reference: string; readonly pattern: string }

/** @throws ImapError `NO [LIMIT]` where the pattern has too many wildcards */
export function parseLsub(parser: Parser): LsubArguments {
  parser.space()
  const reference = parser.mailbox()
  parser.space()
  const pattern = parser.listMailbox()
  checkWildcards(reference, [pattern])
  return { reference, pattern }
}

export async function runLsub(
  { session, state }: Call<Authenticated | Selected>,
  { reference, pattern }: LsubArguments,
): Promise<undefined> {
  const { output, enabled } = session
  const { subscriptions } = state.account
  const isMatch = listPattern(`${reference}${pattern}`)
  // A level above subscribed names is told where the pattern ends with `%`.
  const levels = await allAbove(pattern.endsWith('%') ? subscriptions : [], output)
  for (const name of await mailboxTree(state.account, { hasSubscribed: true, output })) {
    if (output.mustPauseNow) await output.pause()
    if (!isMatch(name.name)) continue
    const printed = printMailbox(name.name, enabled.isUtf8)
    if (subscriptions.has(name.name)) {
      output.untagged(`LSUB (${attributesOf(name).join(' ')}) "/" ${printed}`)
    } else if (levels.has(name.name)) {
      output.untagged(`LSUB (\\Noselect) "/" ${printed}`)
    }
  }
}
