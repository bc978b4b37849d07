/**
 * THREAD tells which messages match, and which of them answer which (RFC 5256 §3).
 *
 * thread = ["UID" SP] "THREAD" SP ("ORDEREDSUBJECT" / "REFERENCES") SP charset 1*(SP search-key)
 */
import type { Entry } from '../../../store/message.ts'
import { Pace } from '../../../store/pace.ts'
import type { Call, Selected } from '../../session.ts'
import type { Parser } from '../../syntax/parser.ts'
import { asksModseq } from './condition.ts'
import { contextOf, type Found, find, type SearchContext } from './find.ts'
import { parseSearchKeys, type SearchKey } from './key.ts'
import { messageIds } from './message-ids.ts'
import { threadBySubject } from './ordered-subject.ts'
import { threadByReferences } from './references.ts'
import { parseCharset } from './search.ts'
import { type Thread, threadables } from './threads.ts'

const ALGORITHMS = ['ORDEREDSUBJECT', 'REFERENCES'] as const

export type ThreadArguments = {
  readonly isUid: boolean
  readonly algorithm: (typeof ALGORITHMS)[number]
  readonly key: SearchKey
}

export const parseThread = (parser: Parser): ThreadArguments => parse(parser, false)
export const parseUidThread = (parser: Parser): ThreadArguments => parse(parser, true)

function parse(parser: Parser, isUid: boolean): ThreadArguments {
  parser.space()
  const algorithm = parser.oneOf(ALGORITHMS, 'ORDEREDSUBJECT or REFERENCES')
  parser.space()
  parseCharset(parser)
  parser.space()
  return { isUid, algorithm, key: parseSearchKeys(parser) }
}

/**
 * Runs THREAD and UID THREAD. Resolves with the pieces of the untagged response; rejects with what the store rejects
 * with, the reason of the signal, or an ImapError `NO [LIMIT]`.
 */
export async function thread(
  args: ThreadArguments,
  context: SearchContext,
): Promise<Iterable<string>> {
  const found = await find(args, context)
  const entries = found.map(({ entry }) => entry)
  const pace = new Pace(context.signal)
  const messages = await threadables(entries, pace)
  const threads =
    args.algorithm === 'ORDEREDSUBJECT'
      ? await threadBySubject(messages, pace)
      : await threadByReferences(messages, references(entries, context), pace)
  return threadResponse(threads, message => (found[message] as Found).number)
}

/** Messages whose headers are read at a time, and so many times at once. */
const BATCH = 100
const AHEAD = 4

/** The ids that each message refers to (RFC 5256 §3). */
async function* references(
  entries: readonly Entry[],
  { store, signal }: SearchContext,
): AsyncGenerator<readonly string[]> {
  const read = (from: number) => {
    const messages = entries.slice(from, from + BATCH).map(({ message }) => message)
    const fields = store.fields(messages, ['references', 'in-reply-to'])
    fields.catch(() => {}) // told when it is its turn
    return fields
  }
  const ahead: ReturnType<typeof read>[] = []
  let next = 0
  while (next < entries.length || ahead.length > 0) {
    for (; ahead.length < AHEAD && next < entries.length; next += BATCH) ahead.push(read(next))
    signal.throwIfAborted()
    for (const [references, inReplyTo] of (await ahead.shift()) ?? []) {
      const ids = messageIds(references ?? '')
      yield ids.length > 0 ? ids : messageIds(inReplyTo ?? '').slice(0, 1)
    }
  }
}

/** Characters in one piece of a response, at least. */
const PIECE = 8_192

/**
 * The pieces of `* THREAD (2)(3 6 (4 23)(44 7 96))` (RFC 5256 §4): one after the other along a thread, in parentheses where
 * it splits.
 */
export function* threadResponse(
  threads: readonly Thread[],
  numberOf: (message: number) => number,
): Generator<string> {
  let piece = '* THREAD'
  if (threads.length > 0) piece += ' '
  /** What is yet to be written, the next last: no recursion, however deep a thread is. */
  const rest: (Thread | string)[] = threads.toReversed()
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') piece += next
    else {
      piece += '('
      let last = next
      if (last.message !== null) piece += numberOf(last.message)
      while (last.message !== null && last.replies.length === 1) {
        last = last.replies[0] as Thread
        if (last.message !== null) piece += ` ${numberOf(last.message)}`
      }
      rest.push(')')
      if (last.replies.length > 0) {
        if (last.message !== null) piece += ' '
        for (const reply of last.replies.toReversed()) rest.push(reply)
      }
    }
    if (piece.length >= PIECE) {
      yield piece
      piece = ''
    }
  }
  yield `${piece}\r\n`
}

export async function runThread(call: Call<Selected>, args: ThreadArguments): Promise<undefined> {
  if (asksModseq(args.key)) call.session.enableCondstore()
  await call.session.output.pieces(await thread(args, contextOf(call)))
}
