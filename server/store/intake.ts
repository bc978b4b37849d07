import { LineEndReader } from '../mime/canonical.ts'
import { type Header, HeaderCollector, readHeader } from '../mime/header.ts'
import { summarise } from '../mime/summary.ts'
import { type Arrival, tagsOf, toMessage } from './arrival.ts'
import { flagSet } from './flags.ts'
import type { InboxRoutes } from './inbox-routes.ts'
import type { Journal } from './journal.ts'
import type { Mailbox } from './mailbox.ts'
import type { Entry, Reception } from './message.ts'
import type { RawFiles } from './raw-files.ts'
import type { RawHead } from './raw-head.ts'
import { MailboxError, StoreError, toStoreError } from './store-error.ts'

/** A message whose raw file is in place. */
export type Placed = Omit<Entry, 'modseq'>

/**
 * Takes messages in: the raw file is written, under the next number, and whoever is told of it publishes it in the
 * number's turn, in one synchronous step.
 */
export class Intake {
  readonly #raw: RawFiles
  readonly #journal: Journal
  readonly #inboxes: InboxRoutes
  readonly #maxMessageSize: number

  /** `maxMessageSize` in octets. */
  constructor(raw: RawFiles, journal: Journal, inboxes: InboxRoutes, maxMessageSize: number) {
    this.#raw = raw
    this.#journal = journal
    this.#inboxes = inboxes
    this.#maxMessageSize = maxMessageSize
  }

  /** Begins a message; its number and `receivedAt` are those of its end. */
  begin(reception: Reception, publish: (placed: Placed) => Entry): Arrival<Entry> {
    const limit = this.#maxMessageSize
    const header = new HeaderCollector()
    const lineEnds = new LineEndReader()
    let size = 0
    // Decided once, when line 1 is written: that is no longer in the end than it was in the beginning.
    let inboxes: readonly string[] | null = null
    const headOf = (read: Header): RawHead => {
      inboxes ??= this.#inboxesOf(reception, read)
      const { inboxes: _own, ...how } = reception
      return { ...how, ...(inboxes.length > 0 && { inboxes }), receivedAt: Date.now() }
    }
    const draft = this.#raw.draft(() => headOf(readHeader(header.bytes)))
    return {
      get size() {
        return size
      },
      write: chunk => {
        size += chunk.length
        if (size > limit) {
          throw new StoreError('too-big', `a message has at most ${limit} octets`)
        }
        header.take(chunk)
        lineEnds.take(chunk)
        return draft.write(chunk)?.catch(error => {
          throw toStoreError(error)
        })
      },
      commit: async () => {
        const { numbers } = this.#journal
        let number: number | undefined
        try {
          number = await numbers.take(1, taken => taken)
          const id = number
          const read = readHeader(header.bytes)
          const summary = summarise(read)
          const head = headOf(read)
          const start = await draft.finish(id, head)
          const message = toMessage(id, head, summary, { size, start, ...lineEnds.ends })
          const placed: Placed = {
            number: id,
            message,
            flags: flagSet(head.append?.flags ?? []),
            tags: tagsOf(head, summary),
            internalDate: head.append?.internalDate ?? message.receivedAt,
            savedAt: message.receivedAt,
          }
          return await new Promise<Entry>((resolve, reject) => {
            numbers.settle(id, () => {
              try {
                resolve(publish(placed))
              } catch (error) {
                reject(error)
              }
            })
            number = undefined
          })
        } catch (error) {
          if (number !== undefined) numbers.settle(number, null)
          await draft.discard()
          throw error instanceof MailboxError ? error : toStoreError(error)
        }
      },
      abort: () => draft.discard(),
    }
  }

  /** Whose an arrival is; what a client puts into a mailbox is nobody's. */
  #inboxesOf(reception: Reception, header: Header): readonly string[] {
    if (reception.append || this.#inboxes.size === 0) return []
    const { envelope, authUser = '', inboxes = [] } = reception
    const named = header
      .all('x-mailcatch-inbox')
      .flatMap(({ value }) => value.split(','))
      .slice(0, maxNamed)
      .map(name => name.trim())
    return this.#inboxes.of({ rcptTo: envelope.rcptTo, authUser, inboxes, named })
  }
}

/** So many inboxes can be named in a header. */
const maxNamed = 100

/** How a message comes that a client puts into a mailbox; it has no envelope (RFC 9051 §6.3.12). */
export const appendReception = (
  mailbox: Mailbox,
  options: { readonly flags: readonly string[]; readonly internalDate?: number; listener: string },
): Reception => {
  const [account, number] = mailbox.place
  return {
    envelope: { mailFrom: '', rcptTo: [] },
    listener: options.listener,
    append: {
      account,
      mailbox: number,
      flags: flagSet(options.flags),
      internalDate: options.internalDate ?? Date.now(),
    },
  }
}
