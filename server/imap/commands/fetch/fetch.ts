/**
 * FETCH tells what the client asks for of messages (RFC 9051 §6.4.5, RFC 7162 §3.1.4, §3.2.6).
 *
 * fetch          = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")")
 *                  [SP "(" fetch-modifier *(SP fetch-modifier) ")"]
 * fetch-modifier = "CHANGEDSINCE" SP mod-sequence-value / "VANISHED"
 */
import { isUnread } from '../../../store/message.ts'
import { StoreError } from '../../../store/store-error.ts'
import { Disconnected } from '../../disconnected.ts'
import { ImapError } from '../../errors.ts'
import type { MailboxView } from '../../mailbox-view.ts'
import { pieces } from '../../pieces.ts'
import type { Call, Completion, Selected, Session } from '../../session.ts'
import type { Parser } from '../../syntax/parser.ts'
import type { SequenceSet, Span } from '../../syntax/sequence-set.ts'
import { vanishedAmong } from '../../vanished.ts'
import { type FetchItem, parseFetchItems } from './items.ts'
import { type FetchTarget, type PreparedFetch, prepareFetch } from './response.ts'

export type FetchArguments = {
  readonly isUid: boolean
  readonly set: SequenceSet
  readonly items: readonly FetchItem[]
  /** Only messages that changed after this mod-sequence, with MODSEQ; null for all. */
  readonly changedSince: number | null
  /** Also which UIDs have gone since then. UID FETCH alone, and never without `changedSince`. */
  readonly isVanished: boolean
}

export const parseFetch = (parser: Parser): FetchArguments => parse(parser, false)
export const parseUidFetch = (parser: Parser): FetchArguments => parse(parser, true)

function parse(parser: Parser, isUid: boolean): FetchArguments {
  parser.space()
  const set = parser.sequenceSet()
  parser.space()
  const items = parseFetchItems(parser)
  return { isUid, set, items, ...parseModifiers(parser, isUid) }
}

function parseModifiers(
  parser: Parser,
  isUid: boolean,
): Pick<FetchArguments, 'changedSince' | 'isVanished'> {
  let changedSince: number | null = null
  let isVanished = false
  if (!parser.sees(' (')) return { changedSince, isVanished }
  parser.space()
  const at = parser.at
  parser.list(() => {
    if (parser.oneOf(['CHANGEDSINCE', 'VANISHED'], 'CHANGEDSINCE or VANISHED') === 'VANISHED') {
      isVanished = true
      return
    }
    parser.space()
    changedSince = parser.number64()
  }, 1)
  // RFC 7162 §3.2.6: both are BAD.
  if (isVanished && !isUid) parser.fail('VANISHED is for UID FETCH', at)
  if (isVanished && changedSince === null) parser.fail('VANISHED needs CHANGEDSINCE', at)
  return { changedSince, isVanished }
}

export async function runFetch(
  { session, state }: Call<Selected>,
  args: FetchArguments,
): Promise<Completion> {
  const { enabled, output } = session
  const { view } = state
  const { changedSince, isUid, set } = args
  // RFC 7162 §3.2.6.
  if (args.isVanished && !enabled.hasQresync) throw new ImapError('BAD', 'QRESYNC is not enabled')
  const items = itemsOf(args)
  if (items.some(({ name }) => name === 'MODSEQ')) session.enableCondstore()
  // What is told as vanished now must not be told again.
  if (args.isVanished) await view.flush(output)
  const wanted = wantedUids(view, view.resolve(set, isUid), changedSince)
  if (args.isVanished && set.kind === 'ranges') {
    const vanished = vanishedAmong(view.mailbox, changedSince ?? 0, set.ranges)
    if (vanished !== '') output.untagged(`VANISHED (EARLIER) ${vanished}`)
  }
  const { store } = session.options
  const prepare = (items: readonly FetchItem[]): Prepared => ({
    fetch: prepareFetch({ store, items, isUtf8: enabled.isUtf8 }),
    tellsFlags: has(items, FLAGS) && (!enabled.hasCondstore || has(items, MODSEQ)),
  })
  const plain = prepare(items)
  const withFlags = prepare(withFlagsOf(items, enabled.hasCondstore))
  let isGone = false
  let refusal: ImapError | null = null
  for (const piece of pieces(wanted)) {
    const seen = await markSeen(session, view, items, piece)
    for (const uid of piece) {
      const prepared = seen.has(uid) ? withFlags : plain
      const target = targetOf(view, uid)
      if (!target) isGone = true
      else {
        if (prepared.tellsFlags) view.told(target.entry)
        const line = prepared.fetch.immediate(target)
        // To wait for nothing costs as much as to print a line.
        if (line !== null) output.text(line)
        else {
          const why = await write(session, prepared.fetch, target, () => {
            // It has not been told its flags after all.
            if (prepared.tellsFlags) view.mustTell(target.entry)
          })
          if (why === 'gone') isGone = true
          else refusal ??= why
        }
      }
      if (output.mustPause) await output.pause()
    }
  }
  if (refusal) throw refusal
  // RFC 2180 §4.1: nothing is told of what is gone. Of UIDs that is no error (RFC 9051 §6.4.9).
  if (!isGone || isUid) return undefined
  return { code: 'EXPUNGEISSUED', text: 'some of the messages are gone' }
}

type Prepared = { readonly fetch: PreparedFetch; readonly tellsFlags: boolean }

/** What is asked for, each plain item once, and what comes with it unasked. */
function itemsOf({ items, isUid, changedSince }: FetchArguments): readonly FetchItem[] {
  // RFC 9051 §6.4.9, RFC 7162 §3.1.4.1.
  const asked: readonly FetchItem[] = [
    ...(isUid ? [UID] : []),
    ...items,
    ...(changedSince === null ? [] : [MODSEQ]),
  ]
  return asked.filter((item, at) => asked.findIndex(other => isSame(item, other)) === at)
}

const UID: FetchItem = { name: 'UID' }
const FLAGS: FetchItem = { name: 'FLAGS' }
const MODSEQ: FetchItem = { name: 'MODSEQ' }

const isSame = (item: FetchItem, other: FetchItem): boolean =>
  JSON.stringify(item) === JSON.stringify(other)

const has = (items: readonly FetchItem[], wanted: FetchItem): boolean =>
  items.some(({ name }) => name === wanted.name)

/** With the flags that FETCH itself has changed (RFC 9051 §6.4.5, RFC 7162 §3.2.4). */
function withFlagsOf(items: readonly FetchItem[], hasCondstore: boolean): readonly FetchItem[] {
  const told = hasCondstore ? [UID, FLAGS, MODSEQ] : [FLAGS]
  return [...items, ...told.filter(item => !has(items, item))]
}

function wantedUids(
  view: MailboxView,
  spans: readonly Span[],
  changedSince: number | null,
): readonly number[] {
  const uids = view.uidsAt(spans)
  if (changedSince === null) return uids
  return uids.filter(uid => (view.entry(uid)?.modseq ?? 0) > changedSince)
}

/** RFC822 and RFC822.TEXT are BODY[] and BODY[TEXT] (RFC 3501 §6.4.5). */
const setsSeen = (item: FetchItem): boolean =>
  item.name === 'RFC822' || item.name === 'RFC822.TEXT' || ('isPeek' in item && !item.isPeek)

/** Whoever fetches a body has seen it. The UIDs whose flags changed; they are told with the message. */
async function markSeen(
  { options }: Session,
  view: MailboxView,
  items: readonly FetchItem[],
  uids: readonly number[],
): Promise<ReadonlySet<number>> {
  if (view.isReadOnly || !items.some(setsSeen)) return new Set()
  const unseen = uids.filter(uid => {
    const entry = view.entry(uid)
    return entry && isUnread(entry)
  })
  if (unseen.length === 0) return new Set()
  try {
    const { mailboxes } = options.store
    return new Set((await mailboxes.setFlags(view.mailbox, unseen, { add: ['\\Seen'] })).changed)
  } catch (error) {
    // With a full disk mail can still be read.
    if (!(error instanceof StoreError)) throw error
    options.log.warn(`IMAP: messages could not be marked as seen: ${error.message}`)
    return new Set()
  }
}

/** Undefined where it is gone. */
function targetOf(view: MailboxView, uid: number): Required<FetchTarget> | undefined {
  const entry = view.entry(uid)
  const sequenceNumber = view.sequenceNumberOf(uid)
  if (!entry || sequenceNumber === undefined) return undefined
  return { entry, sequenceNumber, flags: view.flagsOf(entry) }
}

/**
 * One FETCH response. Resolves with why there is none, where there is none; others may follow. `unsaid` is called where
 * nothing of it was said.
 */
async function write(
  { output, connection, options }: Session,
  prepared: PreparedFetch,
  target: FetchTarget,
  unsaid: () => void,
): Promise<ImapError | 'gone' | null> {
  let isBegun = false
  try {
    for await (const piece of prepared.response(target)) {
      isBegun = true
      if (typeof piece === 'string') output.text(piece)
      else output.octets(piece)
      if (output.mustPause) await output.pause()
    }
    return null
  } catch (error) {
    if (error instanceof Disconnected) throw error
    if (!isBegun) unsaid()
    if (!isBegun && error instanceof ImapError) {
      return error.code === 'EXPUNGEISSUED' ? 'gone' : error
    }
    if (!isBegun) throw error
    // Nobody may take half of a literal for the whole.
    options.log.error(`IMAP: ${connection.peer}: a message broke off`, error)
    connection.destroy()
    throw new Disconnected()
  }
}
