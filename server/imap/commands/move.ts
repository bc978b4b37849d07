/**
 * MOVE puts messages into another mailbox and takes them out of this one (RFC 9051 §6.4.8, RFC 6851).
 *
 * move = "MOVE" SP sequence-set SP mailbox
 */
import { ImapError } from '../errors.ts'
import type { Call, Completion, Selected } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'
import { type CopyArguments, copyUid, namedUids, parseTransfer, transfer } from './copy.ts'

export type MoveArguments = CopyArguments

export const parseMove = (parser: Parser): MoveArguments => parseTransfer(parser, false)
export const parseUidMove = (parser: Parser): MoveArguments => parseTransfer(parser, true)

export async function runMove(call: Call<Selected>, args: MoveArguments): Promise<Completion> {
  const { session, state } = call
  const { view } = state
  const target = session.mailbox(state.account, args.mailbox, 'TRYCREATE')
  if (view.isReadOnly) throw new ImapError('NO', 'the mailbox is open to be read only', 'CANNOT')
  session.checkDelete()
  const moved = { from: [] as number[], to: [] as number[] }
  try {
    await transfer(call, namedUids(call, args), target, true, moved)
  } finally {
    // Before the EXPUNGE responses, which the session sends (RFC 9051 §6.4.8).
    if (moved.to.length > 0) session.output.untagged(`OK [${copyUid(target, moved)}] moved`)
  }
  if (moved.to.length === 0) return { text: 'no messages were moved' }
  if (!session.enabled.hasQresync) return undefined
  return { code: `HIGHESTMODSEQ ${view.mailbox.highestModseq}` }
}
