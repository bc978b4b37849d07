/**
 * COPY puts copies of messages into another mailbox (RFC 9051 §6.4.7).
 *
 * copy = "COPY" SP sequence-set SP mailbox
 */
import type { Mailbox } from '../../store/mailbox.ts'
import type { Copied } from '../../store/mailboxes.ts'
import { ImapError } from '../errors.ts'
import type { Call, Completion, Selected } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'
import { printSequenceSet, type SequenceSet } from '../syntax/sequence-set.ts'

export type CopyArguments = {
  readonly isUid: boolean
  readonly set: SequenceSet
  readonly mailbox: string
}

export const parseCopy = (parser: Parser): CopyArguments => parseTransfer(parser, false)
export const parseUidCopy = (parser: Parser): CopyArguments => parseTransfer(parser, true)

/** MOVE has the same arguments. */
export function parseTransfer(parser: Parser, isUid: boolean): CopyArguments {
  parser.space()
  const set = parser.sequenceSet()
  parser.space()
  return { isUid, set, mailbox: parser.mailbox() }
}

export async function runCopy(call: Call<Selected>, args: CopyArguments): Promise<Completion> {
  const { mailboxes } = call.session.options.store
  const target = call.session.mailbox(call.state.account, args.mailbox, 'TRYCREATE')
  const { mailbox } = call.state.view
  const copied = await mailboxes.copy(mailbox, namedUids(call, args), target)
  if (copied.to.length === 0) return { text: 'no messages were copied' }
  return { code: copyUid(target, copied) }
}

/**
 * All or nothing: where one of the messages is gone, none is copied, and the client learns which (RFC 2180 §4.4.1). UIDs
 * that are not there name nothing.
 */
export function namedUids({ state }: Call<Selected>, { isUid, set }: CopyArguments): number[] {
  const { view } = state
  const uids = view.uidsAt(view.resolve(set, isUid))
  if (!isUid && uids.some(uid => !view.entry(uid))) {
    throw new ImapError('NO', 'some of the messages are gone', 'EXPUNGEISSUED')
  }
  return uids
}

/** RFC 9051 §7.1, COPYUID. */
export const copyUid = ({ uidValidity }: Mailbox, { from, to }: Copied): string =>
  `COPYUID ${uidValidity} ${printSequenceSet(from)} ${printSequenceSet(to)}`
