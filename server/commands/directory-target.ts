import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { HeaderCollector, readHeader } from '../mime/header.ts'
import { summarise } from '../mime/summary.ts'
import { OPTIONS, UsageError } from '../options.ts'
import { impliedEnvelope } from '../store/arrival.ts'
import { MailStore } from '../store/mail-store.ts'
import type { Entry, Envelope } from '../store/message.ts'
import { QueryError } from '../store/query-error.ts'
import { StoreError } from '../store/store-error.ts'
import { CommandError } from './command-error.ts'
import type { Report } from './report.ts'
import { type Listed, type NewMessage, RefusedError, type Target } from './target.ts'

export type DirectoryOptions = {
  /** Octets; null is the usual limit. */
  readonly maxMessageSize: number | null
  readonly fsync: boolean
  /** Whether it is made where it is not there. */
  readonly mayMake: boolean
}

/**
 * Opens a data directory that no running Mailcatch has. Nothing is dropped for a limit: which ones hold, the next server
 * says. Rejects with LockedError.
 */
export async function openDirectory(
  directory: string,
  { maxMessageSize, fsync, mayMake }: DirectoryOptions,
  report: Pick<Report, 'warn'>,
): Promise<Target> {
  if (!mayMake) await checkThere(directory)
  const limit = maxMessageSize ?? OPTIONS.maxMessageSize.default
  const store = await MailStore.open({
    directory,
    maxMessages: Number.POSITIVE_INFINITY,
    maxBytes: Number.POSITIVE_INFINITY,
    maxAge: null,
    keepFlagged: false,
    maxMessageSize: limit,
    fsync,
    log: line => report.warn(line),
  })
  return {
    name: directory,
    maxMessageSize: limit,
    limits: null,
    async list(q) {
      const ids = await store.match(q === null ? {} : { q }).catch(error => {
        throw error instanceof QueryError ? new UsageError(`--q: ${error.message}`) : error
      })
      return ids.flatMap(id => {
        const entry = store.entry(id)
        return entry ? [listed(entry)] : []
      })
    },
    raw: async id => (store.entry(id) ? octetsOf(id, store) : null),
    async add(message) {
      const arrival = store.receive({ envelope: await envelopeOf(message), listener: 'import' })
      try {
        for await (const octets of message.octets()) await arrival.write(octets)
        return (await arrival.commit()).number
      } catch (error) {
        await arrival.abort()
        const isTooBig = error instanceof StoreError && error.code === 'too-big'
        throw isTooBig ? new RefusedError(error.message, { cause: error }) : error
      }
    },
    async mark(ids, as) {
      await store.update(ids, as)
    },
    close: () => store.close(),
  }
}

/** Rejects with a CommandError where a directory holds no inbox. */
export async function checkThere(directory: string): Promise<void> {
  try {
    await access(join(directory, 'raw'))
  } catch (error) {
    throw new CommandError(
      'MAILCATCH_NO_DATA',
      `there is no inbox in ${directory}; --data PATH names its directory, --url URL a running Mailcatch`,
      { cause: error },
    )
  }
}

/** Opens the file when the first octet is asked for. */
async function* octetsOf(id: number, store: MailStore): AsyncGenerator<Uint8Array> {
  yield* store.raw(id) ?? []
}

const listed = ({ number, message }: Entry): Listed => ({
  id: number,
  size: message.size,
  receivedAt: message.receivedAt,
  from: message.from[0]?.address ?? '',
})

async function envelopeOf(message: NewMessage): Promise<Envelope> {
  const header = new HeaderCollector()
  for await (const octets of message.octets()) {
    header.take(octets)
    if (header.isDone) break
  }
  return impliedEnvelope(summarise(readHeader(header.bytes)))
}
