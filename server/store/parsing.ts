import type { Content, ContentSource } from '../mime/content.ts'
import type { Extract } from '../mime/extract/extract.ts'
import type { Change, MessagePatch } from './changes.ts'
import { Contents, type Outcome, type Reader } from './contents.ts'
import { writeIdSet } from './id-set.ts'
import type { Mailbox } from './mailbox.ts'
import type { Message } from './message.ts'
import type { SearchTexts } from './search-texts.ts'
import type { State } from './state.ts'

/** An entry other than that of an arrival. */
type Holder = readonly [mailbox: Mailbox, uid: number]

export type ParsingOptions = {
  readonly state: State
  readonly texts: SearchTexts
  readonly reader: Reader
  readonly source: (message: Message) => Promise<ContentSource>
  /** Tells the feed. */
  readonly publish: (changes: readonly Change[]) => void
  readonly log: (line: string) => void
}

/** The second moment of a message: what the parser found, off the main thread, goes into the index and onto the feed. */
export class Parsing {
  readonly #options: ParsingOptions
  readonly #contents: Contents
  /** Entries other than arrivals whose messages are not parsed yet. */
  readonly #waiting = new Map<number, Holder[]>()

  constructor(options: ParsingOptions) {
    const { state, reader, log } = options
    this.#options = options
    this.#contents = new Contents({
      reader,
      source: async id => {
        const message = state.message(id)
        try {
          return message && (await options.source(message))
        } catch (error) {
          if (state.message(id)) throw error
          return undefined // removed meanwhile
        }
      },
      parsed: (id, outcome) => this.#parsed(id, outcome),
      log,
    })
  }

  get reader(): Reader {
    return this.#contents.reader
  }

  /** What a former process did not come to. */
  begin(): void {
    const { state } = this.#options
    for (const account of state.accounts()) {
      for (const mailbox of account.mailboxes()) {
        for (const { number, message } of mailbox.entries.ascending()) {
          if (message.parsed === false) this.await(message, [mailbox, number])
        }
      }
    }
  }

  /** Puts a new message at the end of the backlog. */
  add(message: Message, holder?: Holder): void {
    if (holder) this.#hold(message, holder)
    this.#contents.add(message.id)
  }

  /** The same for another entry of a message, which is parsed once. */
  await(message: Message, holder: Holder): void {
    if (message.parsed !== false) return
    if (!this.#waiting.has(message.id)) this.#contents.add(message.id)
    this.#hold(message, holder)
  }

  /** The content of a message, null where the parser gave up, undefined where the message is gone. */
  content(message: Message): Promise<Content | null | undefined> {
    return this.#contents.get(message.id)
  }

  /** Its links and codes: none where the parser gave up, undefined where the message is gone. */
  async extract({ id, parsed }: Message): Promise<Extract | undefined> {
    if (parsed === 'failed') return nothing
    const extract = await this.#contents.extract(id)
    return extract === null ? nothing : extract
  }

  forget(id: number): void {
    this.#contents.forget(id)
    this.#waiting.delete(id)
  }

  close(): Promise<void> {
    return this.#contents.close()
  }

  #hold({ id }: Message, holder: Holder): void {
    const holders = this.#waiting.get(id)
    if (holders) holders.push(holder)
    else this.#waiting.set(id, [holder])
  }

  #parsed(id: number, outcome: Outcome): void {
    const { state, texts } = this.#options
    const message = state.message(id)
    if (!message) {
      this.forget(id)
      return
    }
    if (message.parsed !== false) return
    const attached = outcome?.attachments.filter(part => !part.inline).length ?? 0
    const patch = {
      parsed: outcome ? true : 'failed',
      preview: outcome?.preview ?? '',
      attachments: attached,
      // Those of the header block are among the content's.
      warnings: outcome ? outcome.warnings.length : message.warnings + 1,
    } satisfies MessagePatch
    Object.assign(message, patch, { inlines: (outcome?.attachments.length ?? 0) - attached })
    if (outcome) {
      const { searchText: text, searchTextCut: isCut, searchTextWhole: isWhole } = outcome
      texts.put(id, { text, isCut, isWhole })
    }
    const ids = this.#touch(message)
    if (attached > 0) for (const number of ids) state.facets.attached(number)
    if (ids.length > 0) {
      this.#options.publish([{ type: 'message.changed', ids: writeIdSet(ids), patch }])
    }
  }

  /** Has what changed written down; returns the ids in the catch-all INBOX, ascending. */
  #touch({ id }: Message): number[] {
    const { state } = this.#options
    const ids = new Set<number>()
    const holders = this.#waiting.get(id) ?? []
    this.#waiting.delete(id)
    for (const [mailbox, uid] of [[state.inbox, id] as const, ...holders]) {
      if (mailbox.entries.get(uid)?.message.id !== id) continue
      state.touch(mailbox, uid)
      if (mailbox === state.inbox) ids.add(uid)
    }
    return [...ids].sort((a, b) => a - b)
  }
}

const nothing: Extract = { links: [], codes: [] }
