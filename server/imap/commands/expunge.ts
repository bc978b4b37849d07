/**
 * EXPUNGE removes the messages with `\Deleted`, UID EXPUNGE those of them that it names (RFC 9051 §6.4.3, §6.4.9;
 * RFC 4315 §2.1).
 *
 * expunge     = "EXPUNGE"
 * uid-expunge = "UID" SP "EXPUNGE" SP sequence-set
 */
import type { Mailbox } from '../../store/mailbox.ts'
import { ImapError } from '../errors.ts'
import { pieces } from '../pieces.ts'
import type { Call, Completion, Selected, Session } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'
import type { SequenceSet } from '../syntax/sequence-set.ts'

export type ExpungeArguments = {
  /** Null for all of them. */
  readonly uids: SequenceSet | null
}

export function parseExpunge(): ExpungeArguments {
  return { uids: null }
}

export function parseUidExpunge(parser: Parser): ExpungeArguments {
  parser.space()
  return { uids: parser.sequenceSet() }
}

export async function runExpunge(
  { session, state }: Call<Selected>,
  { uids }: ExpungeArguments,
): Promise<Completion> {
  const { view } = state
  const { mailbox } = view
  if (view.isReadOnly) throw new ImapError('NO', 'the mailbox is open to be read only', 'CANNOT')
  session.checkDelete()
  const deleted = uids
    ? view.uidsAt(view.resolve(uids, true)).filter(uid => isDeleted(mailbox, uid))
    : deletedUids(mailbox)
  const isGone = await expunge(session, mailbox, deleted)
  // RFC 7162 §3.2.7. What happened up to here is told before this is.
  if (!isGone || !session.enabled.hasQresync) return undefined
  return { code: `HIGHESTMODSEQ ${mailbox.highestModseq}` }
}

/** Whether any of them was there. */
export async function expunge(
  { options, output }: Session,
  mailbox: Mailbox,
  uids: readonly number[],
): Promise<boolean> {
  let isGone = false
  for (const piece of pieces(uids)) {
    const gone = await options.store.mailboxes.expunge(mailbox, piece)
    isGone ||= gone.length > 0
    if (output.mustPauseNow) await output.pause()
  }
  return isGone
}

/** Ascending. */
export function deletedUids(mailbox: Mailbox): number[] {
  const uids: number[] = []
  for (const { number, flags } of mailbox.entries.ascending()) {
    if (flags.includes('\\Deleted')) uids.push(number)
  }
  return uids
}

const isDeleted = (mailbox: Mailbox, uid: number): boolean =>
  mailbox.entries.get(uid)?.flags.includes('\\Deleted') ?? false
