import { setImmediate } from 'node:timers/promises'
import type { MailStore } from '../../../store/mail-store.ts'
import type { Entry } from '../../../store/message.ts'
import { type AttributeItem, printAttribute, readAttribute } from './attribute.ts'
import { type Content, contentOf, isContentItem } from './content.ts'
import { Described } from './described.ts'
import type { FetchItem } from './items.ts'
import { MessageSource } from './message-source.ts'

export type FetchRequest = {
  readonly store: MailStore
  /** What the command implies, such as UID, is among them. */
  readonly items: readonly FetchItem[]
  /** The client has enabled IMAP4rev2 or UTF8=ACCEPT. */
  readonly isUtf8: boolean
}

export type FetchTarget = {
  readonly entry: Entry
  readonly sequenceNumber: number
  /** As this session tells them, which may be with `\Recent` (RFC 3501 §2.3.2); those of the entry where missing. */
  readonly flags?: readonly string[] | undefined
}

/** A FETCH made ready for any number of messages. */
export type PreparedFetch = {
  /** The whole response, with its line end, where nothing must be read or waited for; else null. */
  immediate(target: FetchTarget): string | null
  /**
   * The same in pieces, for any message: text that goes out as UTF-8, and octets that must not be changed. Large content
   * is read when it is asked for. Whoever stops asking must `return()` it, as `for await` does.
   *
   * It rejects before the first piece with an ImapError where the message cannot be had, or not in that way: `NO
   * [EXPUNGEISSUED]`, `NO [UNKNOWN-CTE]`; then nothing has gone out, and other messages may follow. Where it rejects
   * later, half a response has: the connection must end.
   */
  response(target: FetchTarget): AsyncGenerator<string | Buffer, void, void>
}

/** Octets of small content that are held for one response. */
const ROOM = 1024 * 1024
/** Milliseconds that a response may hold the event loop. */
const PATIENCE = 10

/** A command may ask for a thousand things of one message: in between others get their turn. */
class Turn {
  #since = performance.now()

  get isLong(): boolean {
    return performance.now() - this.#since > PATIENCE
  }

  async end(): Promise<void> {
    await setImmediate()
    this.#since = performance.now()
  }
}

/**
 * Makes a FETCH ready (RFC 9051 §7.5.2). What is short comes before content, whatever its place in the command, so that
 * a client knows the UID when a large literal begins.
 *
 * @example
 * const fetch = prepareFetch({ store, items, isUtf8: false })
 * for (const target of targets) {
 *   const line = fetch.immediate(target)
 *   if (line !== null) writer.text(line)
 *   else
 *     for await (const piece of fetch.response(target)) {
 *       if (typeof piece === 'string') writer.text(piece)
 *       else writer.octets(piece)
 *       if (writer.isBlocked) await writer.ready()
 *     }
 * }
 */
export function prepareFetch({ items, ...session }: FetchRequest): PreparedFetch {
  const unique = [...new Map(items.map(item => [JSON.stringify(item), item])).values()]
  const contentItems = unique.filter(isContentItem)
  const attributes = unique.filter((item): item is AttributeItem => !isContentItem(item))

  const immediate = (target: FetchTarget): string | null => {
    if (contentItems.length > 0) return null
    const { entry, sequenceNumber, flags = entry.flags } = target
    let text = ''
    for (const item of attributes) {
      const printed = printAttribute(item, entry, flags, session)
      if (printed === null) return null
      text += text === '' ? printed : ` ${printed}`
    }
    return `* ${sequenceNumber} FETCH (${text})\r\n`
  }

  /** All that can go wrong for this message goes wrong here. */
  const prepare = async (
    { entry, flags = entry.flags }: FetchTarget,
    source: MessageSource,
  ): Promise<{ printed: readonly string[]; contents: readonly Content[] }> => {
    const described = new Described(session.store, entry.message, source, session.isUtf8)
    const turn = new Turn()
    const printed: string[] = []
    for (const item of attributes) {
      const known = printAttribute(item, entry, flags, session)
      printed.push(known ?? (await readAttribute(item, entry, described, session)))
      if (turn.isLong) await turn.end()
    }
    const contents: Content[] = []
    let room = ROOM
    for (const item of contentItems) {
      const content = await contentOf(item, described, room)
      contents.push(content)
      if (Buffer.isBuffer(content.octets)) room -= content.octets.length
      if (turn.isLong) await turn.end()
    }
    return { printed, contents }
  }

  return {
    immediate,
    async *response(target) {
      const line = immediate(target)
      if (line !== null) {
        yield line
        return
      }
      const source = new MessageSource(session.store, target.entry.message)
      try {
        const { printed, contents } = await prepare(target, source)
        let text = `* ${target.sequenceNumber} FETCH (${printed.join(' ')}`
        for (const { head, octets } of contents) {
          yield `${text}${text.endsWith('(') ? '' : ' '}${head}`
          if (Buffer.isBuffer(octets)) yield octets
          else for await (const piece of octets) yield piece
          text = ''
        }
        yield `${text})\r\n`
      } finally {
        source.close()
      }
    },
  }
}

/** The response for one message, in pieces: see {@link PreparedFetch}. */
export function fetchResponse({
  entry,
  sequenceNumber,
  flags,
  ...request
}: FetchRequest & FetchTarget): AsyncGenerator<string | Buffer, void, void> {
  return prepareFetch(request).response({ entry, sequenceNumber, flags })
}
