/**
 * COPY puts copies of messages into another mailbox (RFC 9051 §6.4.7).
 *
 * copy = "COPY" SP sequence-set SP mailbox
 */
import type { Mailbox } from '../../store/mailbox.ts'
import type { Copied } from '../../store/mailboxes.ts'
import { ImapError } from '../errors.ts'
import { pieces } from '../pieces.ts'
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
  const { session, state } = call
  const target = session.mailbox(state.account, args.mailbox, 'TRYCREATE')
  const uids = namedUids(call, args)
  const copied = { from: [] as number[], to: [] as number[] }
  try {
    await transfer(call, uids, target, false, copied)
  } catch (error) {
    // RFC 9051 §6.4.7: all or nothing.
    await session.options.store.mailboxes.expunge(target, copied.to)
    throw error
  }
  if (copied.to.length === 0) return { text: 'no messages were copied' }
  return { code: copyUid(target, copied) }
}

/** Copies or moves messages, and adds to `done` which. Each piece of them comes whole, or not at all. */
export async function transfer(
  { session, state: { view } }: Call<Selected>,
  uids: readonly number[],
  target: Mailbox,
  isMove: boolean,
  done: { readonly from: number[]; readonly to: number[] },
): Promise<void> {
  const { mailboxes } = session.options.store
  for (const piece of pieces(uids)) {
    const { from, to } = isMove
      ? await mailboxes.move(view.mailbox, piece, target)
      : await mailboxes.copy(view.mailbox, piece, target)
    done.from.push(...from)
    done.to.push(...to)
    if (session.output.mustPauseNow) await session.output.pause()
  }
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
