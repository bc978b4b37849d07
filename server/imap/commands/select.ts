/**
 * SELECT and EXAMINE open a mailbox, EXAMINE to read only (RFC 9051 §6.3.2, §6.3.3; RFC 7162 §3.1.8, §3.2.5).
 *
 * select       = ("SELECT" / "EXAMINE") SP mailbox [SP "(" select-param *(SP select-param) ")"]
 * select-param = "CONDSTORE" /
 *                "QRESYNC" SP "(" uidvalidity SP mod-sequence-value [SP known-uids]
 *                [SP "(" known-sequence-set SP known-uid-set ")"] ")"
 */

import type { Mailbox } from '../../store/mailbox.ts'
import { isUnread } from '../../store/message.ts'
import { ImapError } from '../errors.ts'
import { mailboxId } from '../mailbox-id.ts'
import { attributesOf, mailboxName } from '../mailbox-tree.ts'
import type { MailboxView } from '../mailbox-view.ts'
import type { Authenticated, Call, Completion, Selected, Session } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'
import { printMailbox } from '../syntax/print.ts'
import { includesNumber, type NumberRange, namesLast } from '../syntax/sequence-set.ts'
import { vanishedAmong } from '../vanished.ts'

export type SelectArguments = {
  readonly mailbox: string
  /** The client wants mod-sequences from now on. */
  readonly hasCondstore: boolean
  readonly qresync: Qresync | null
}

/** What the client knows of the mailbox from before. */
export type Qresync = {
  readonly uidValidity: number
  readonly modseq: number
  /** UIDs that it has; null where it does not say. */
  readonly knownUids: readonly NumberRange[] | null
  /** Sequence numbers and, in the same order, the UIDs that they had. */
  readonly matches: Matches | null
}

type Matches = {
  readonly sequenceNumbers: readonly NumberRange[]
  readonly uids: readonly NumberRange[]
}

export function parseSelect(parser: Parser): SelectArguments {
  parser.space()
  const mailbox = parser.mailbox()
  let hasCondstore = false
  let qresync: Qresync | null = null
  if (parser.accepts(' (')) {
    do {
      if (parser.oneOf(['CONDSTORE', 'QRESYNC'], 'CONDSTORE or QRESYNC') === 'CONDSTORE') {
        hasCondstore = true
      } else {
        parser.space()
        qresync = parseQresync(parser)
      }
    } while (parser.accepts(' '))
    parser.expect(')')
  }
  return { mailbox, hasCondstore, qresync }
}

function parseQresync(parser: Parser): Qresync {
  parser.expect('(')
  const uidValidity = parser.nzNumber()
  parser.space()
  const modseq = parser.number64()
  let knownUids: Qresync['knownUids'] = null
  let matches: Qresync['matches'] = null
  if (parser.accepts(' ')) {
    if (!parser.sees('(')) knownUids = parseNumbers(parser)
    if (knownUids === null || parser.accepts(' ')) {
      parser.expect('(')
      const sequenceNumbers = parseNumbers(parser)
      parser.space()
      matches = { sequenceNumbers, uids: parseNumbers(parser) }
      parser.expect(')')
    }
  }
  parser.expect(')')
  return { uidValidity, modseq, knownUids, matches }
}

/** A set without `*` and `$` (RFC 7162 §7). */
function parseNumbers(parser: Parser): readonly NumberRange[] {
  const at = parser.at
  const set = parser.sequenceSet()
  if (set.kind === 'saved' || namesLast(set.ranges)) return parser.fail('expected numbers', at)
  return set.ranges
}

type Run = (call: Call<Authenticated | Selected>, args: SelectArguments) => Promise<Completion>

const runWith =
  (isReadOnly: boolean): Run =>
  async ({ session, state }, { mailbox: name, hasCondstore, qresync }) => {
    const { enabled, output } = session
    // RFC 7162 §3.2.5.
    if (qresync && !enabled.hasQresync) throw new ImapError('BAD', 'QRESYNC is not enabled')
    if (state.name === 'selected') {
      session.unselect()
      output.untagged('OK [CLOSED] the mailbox is closed')
    }
    const mailbox = session.mailbox(state.account, name, 'NONEXISTENT')
    if (hasCondstore) session.enableCondstore()
    const view = session.select(state.account, mailbox, isReadOnly)
    writeMailbox(session, view)
    if (qresync) await resynchronise(session, view, qresync)
    return { code: isReadOnly ? 'READ-ONLY' : 'READ-WRITE' }
  }

export const runSelect = runWith(false)
export const runExamine = runWith(true)

/** What a client learns of the mailbox that it opens (RFC 9051 §6.3.2; RFC 3501 §6.3.1 for UNSEEN). */
function writeMailbox({ enabled, output }: Session, view: MailboxView): void {
  const { mailbox } = view
  for (const response of view.flagResponses()) output.untagged(response)
  view.writeSize(output)
  const unseen = enabled.hasRev2 ? 0 : firstUnseen(mailbox)
  if (unseen > 0) output.untagged(`OK [UNSEEN ${unseen}] first unseen message`)
  output.untagged(`OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid`)
  output.untagged(`OK [UIDNEXT ${mailbox.uidNext}] predicted next UID`)
  output.untagged(`OK [HIGHESTMODSEQ ${mailbox.highestModseq}] highest`)
  output.untagged(`OK [MAILBOXID (${mailboxId(mailbox)})] never given again`)
  if (enabled.hasRev2) {
    const attributes = attributesOf(mailboxName(mailbox)).join(' ')
    output.untagged(`LIST (${attributes}) "/" ${printMailbox(mailbox.name, true)}`)
  }
}

/** Its sequence number; 0 where there is none. */
function firstUnseen({ entries }: Mailbox): number {
  if (entries.unread === 0) return 0
  let sequenceNumber = 0
  for (const entry of entries.ascending()) {
    sequenceNumber++
    if (isUnread(entry)) return sequenceNumber
  }
  return 0
}

/** Tells what happened while the client was away (RFC 7162 §3.2.5). */
async function resynchronise(
  { output }: Session,
  view: MailboxView,
  { uidValidity, modseq, knownUids, matches }: Qresync,
): Promise<void> {
  const { mailbox } = view
  if (uidValidity !== mailbox.uidValidity) return
  const ranges = knownUids ?? [{ first: 1, last: mailbox.uidNext - 1 }]
  const known = matches ? lastMatch(view, matches) : 0
  const vanished = vanishedAmong(mailbox, modseq, ranges, { known })
  if (vanished !== '') output.untagged(`VANISHED (EARLIER) ${vanished}`)
  for (const { number } of mailbox.changedSince(modseq)) {
    if (!includesNumber(ranges, number, mailbox.uidNext)) continue
    view.writeFlags(output, number, { hasUid: true, hasFlags: true })
    if (output.mustPause) await output.pause()
  }
}

/** The highest UID whose sequence number is still what the client knows: it knows all that went below (§3.2.5.2). */
function lastMatch(view: MailboxView, { sequenceNumbers, uids }: Matches): number {
  const theirs = numbersOf(uids)
  let last = 0
  for (const sequenceNumber of numbersOf(sequenceNumbers)) {
    const { value: uid, done } = theirs.next()
    if (done || sequenceNumber > view.count) break
    if (view.uidAt(sequenceNumber) === uid) last = uid
  }
  return last
}

function* numbersOf(ranges: readonly NumberRange[]): Generator<number> {
  for (const { first, last } of ranges)
    for (let number = first; number <= last; number++) yield number
}
