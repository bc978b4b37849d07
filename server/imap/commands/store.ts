/**
 * STORE changes the flags of messages (RFC 9051 §6.4.6, RFC 7162 §3.1.3).
 *
 * store = "STORE" SP sequence-set [SP "(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")"] SP
 *         ["+" / "-"] "FLAGS" [".SILENT"] SP (flag-list / (flag *(SP flag)))
 *
 * Deviation: UNCHANGEDSINCE may also stand behind the flag-list, where the client library imapflow puts it.
 */
import { changeFlags, flagSet } from '../../store/flags.ts'
import type { FlagChange } from '../../store/mailboxes.ts'
import type { Entry } from '../../store/message.ts'
import { ImapError } from '../errors.ts'
import type { MailboxView } from '../mailbox-view.ts'
import { pieces } from '../pieces.ts'
import type { Call, Completion, Selected } from '../session.ts'
import { readFlags } from '../syntax/flag.ts'
import type { Parser } from '../syntax/parser.ts'
import { printSequenceSet, type SequenceSet } from '../syntax/sequence-set.ts'

export type StoreArguments = {
  readonly isUid: boolean
  readonly set: SequenceSet
  /** Messages that changed after this mod-sequence are left alone; null for none. */
  readonly unchangedSince: number | null
  readonly operation: 'replace' | 'add' | 'remove'
  /** The client does not want to be told the flags. */
  readonly isSilent: boolean
  readonly flags: readonly string[]
}

export const parseStore = (parser: Parser): StoreArguments => parse(parser, false)
export const parseUidStore = (parser: Parser): StoreArguments => parse(parser, true)

function parse(parser: Parser, isUid: boolean): StoreArguments {
  parser.space()
  const set = parser.sequenceSet()
  const before = parseUnchangedSince(parser)
  parser.space()
  const operation = parser.accepts('+') ? 'add' : parser.accepts('-') ? 'remove' : 'replace'
  const isSilent = parser.oneOf(['FLAGS', 'FLAGS.SILENT'], 'FLAGS') === 'FLAGS.SILENT'
  parser.space()
  const flags = parseFlags(parser)
  const unchangedSince = before ?? parseUnchangedSince(parser)
  return { isUid, set, unchangedSince, operation, isSilent, flags }
}

function parseUnchangedSince(parser: Parser): number | null {
  if (!parser.accepts(' (')) return null
  parser.oneOf(['UNCHANGEDSINCE'], 'UNCHANGEDSINCE')
  parser.space()
  const modseq = parser.number64()
  parser.expect(')')
  return modseq
}

function parseFlags(parser: Parser): readonly string[] {
  if (parser.sees('(')) return parser.flagList()
  const flags: string[] = []
  do flags.push(parser.flag())
  while (parser.accepts(' ') && !parser.isAtEnd)
  return readFlags(flags)
}

export async function runStore(call: Call<Selected>, args: StoreArguments): Promise<Completion> {
  const { session, state } = call
  const { view } = state
  const { isUid, unchangedSince } = args
  if (view.isReadOnly) throw new ImapError('NO', 'the mailbox is open to be read only', 'CANNOT')
  const uids = view.uidsAt(view.resolve(args.set, isUid))
  if (unchangedSince !== null) session.enableCondstore()
  const change = changeOf(args, view)
  const modified: number[] = []
  let isGone = false
  for (const piece of pieces(uids)) {
    const told = await storePiece(call, args, change, piece)
    modified.push(...told.modified)
    isGone ||= told.isGone
  }
  const code = modified.length > 0 ? modifiedCode(view, modified, isUid) : 'EXPUNGEISSUED'
  // RFC 2180 §4.2: who wants to hear nothing need not hear that.
  if (isGone && !isUid && !args.isSilent) {
    return { condition: 'NO', code, text: 'some of the messages are gone' }
  }
  return modified.length > 0 ? { code, text: 'some of the messages had changed' } : undefined
}

/** Changes some of the messages in one transaction, and tells what became of them. */
async function storePiece(
  { session, state: { view } }: Call<Selected>,
  { isUid, isSilent, unchangedSince }: StoreArguments,
  change: FlagChange,
  uids: readonly number[],
): Promise<{ readonly modified: readonly number[]; readonly isGone: boolean }> {
  const { enabled, options, output } = session
  const expected = expectation(view, uids, change)
  const { modified } = await options.store.mailboxes.setFlags(
    view.mailbox,
    uids,
    change,
    unchangedSince === null ? {} : { unchangedSince },
  )
  const failed = new Set(modified)
  let isGone = false
  for (const uid of uids) {
    const entry = view.entry(uid)
    if (!entry) isGone = true
    else if (!isSilent || !expected(entry) || failed.has(uid)) {
      view.writeFlags(output, uid, { hasUid: isUid, hasFlags: true })
    } else if (enabled.hasCondstore) {
      // RFC 7162 §3.1.3: the mod-sequence is told all the same.
      view.writeFlags(output, uid, { hasUid: isUid, hasFlags: false })
    } else view.told(entry)
    if (output.mustPause) await output.pause()
  }
  if (output.mustPauseNow) await output.pause()
  return { modified, isGone }
}

/** What is to be done, with flags spelt as the mailbox has them. */
function changeOf({ operation, flags }: StoreArguments, view: MailboxView): FlagChange {
  if (operation === 'remove') return { remove: flags.flatMap(flag => view.spellingsOf(flag)) }
  const spelt = flags.map(flag => view.spellingsOf(flag)[0] as string)
  return operation === 'add' ? { add: spelt } : { replace: spelt }
}

/**
 * Tells whether an entry has afterwards the flags that its client takes it to have: it knew those before, and nobody
 * else changed them meanwhile (RFC 9051 §6.4.6).
 */
function expectation(
  view: MailboxView,
  uids: readonly number[],
  { add = [], remove = [], replace }: FlagChange,
): (entry: Entry) => boolean {
  const before = new Map<number, readonly string[]>()
  for (const uid of uids) {
    const entry = view.entry(uid)
    if (entry && !view.hasNewsOf(uid)) before.set(uid, entry.flags)
  }
  // Thousands of messages have a handful of different sets of flags.
  const afterwards = new Map<readonly string[], readonly string[]>()
  const after = (known: readonly string[]): readonly string[] => {
    let flags = afterwards.get(known)
    if (!flags) {
      flags = replace ? flagSet(replace) : changeFlags(known, add, remove)
      afterwards.set(known, flags)
    }
    return flags
  }
  return ({ number, flags }) => {
    const known = before.get(number)
    return known !== undefined && isSameSet(after(known), flags)
  }
}

/** Equal sets are nearly always one array. */
const isSameSet = (one: readonly string[], other: readonly string[]): boolean =>
  one === other || one.join() === other.join()

const modifiedCode = (view: MailboxView, modified: readonly number[], isUid: boolean): string => {
  const numbers = isUid ? modified : modified.map(uid => view.sequenceNumberOf(uid) as number)
  return `MODIFIED ${printSequenceSet(numbers)}`
}
