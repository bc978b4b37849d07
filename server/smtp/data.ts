import type { Readable } from 'node:stream'
import type { Arrival } from '../store/arrival.ts'
import type { Entry } from '../store/message.ts'
import { replies } from './replies.ts'

/** The client left, or was cut off, before the final dot: there is nobody to answer. */
export class DataAborted extends Error {
  override readonly name = 'DataAborted'
}

export type DataOptions = {
  /** Octets of a message. */
  readonly limit: number
  /** Called when a message is so much too big that the rest of it is not worth reading. */
  onFlood(): void
}

/** A message that exceeds the limit so many times is no mistake any more. */
const FLOOD = 4

/**
 * Takes a message from the lines of DATA (already without their stuffed dots) into an arrival, and commits it. Rejects
 * with a StoreError or SmtpError once the client has sent all of it (what follows the failure is discarded), or with
 * DataAborted. Whatever comes, the arrival is ended.
 *
 * Chunks are taken as they come, without a stream in between: a body of dots comes in one chunk a line.
 */
export async function receiveData(
  stream: Readable,
  arrival: Arrival<Entry>,
  { limit, onFlood }: DataOptions,
): Promise<Entry> {
  let size = 0
  let failure: { readonly error: unknown } | undefined
  let aborted: Promise<void> | undefined
  const fail = (error: unknown) => {
    failure ??= { error }
    aborted ??= arrival.abort().catch(cause => {
      failure = { error: new Error('an arrival could not be aborted', { cause }) }
    })
  }

  const take = (chunk: Buffer) => {
    const before = size
    size += chunk.length
    if (size > limit * FLOOD && before <= limit * FLOOD) onFlood()
    if (failure) return
    if (size > limit) return fail(replies.tooBig(limit))
    const written = arrival.write(chunk)
    if (!written) return
    stream.pause()
    written.catch(fail).finally(() => stream.resume())
  }

  await new Promise<void>(resolve => {
    stream.on('data', chunk => {
      try {
        take(chunk)
      } catch (error) {
        fail(error)
      }
    })
    stream.once('end', resolve)
    stream.once('error', error => fail(new DataAborted(error.message, { cause: error })))
    // Follows both; alone it would mean that somebody destroyed the stream.
    stream.once('close', () => {
      if (!stream.readableEnded) fail(new DataAborted('the stream was closed'))
      resolve()
    })
  })
  if (failure) {
    await aborted
    throw failure.error
  }
  return arrival.commit()
}
