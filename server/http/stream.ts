import type { Socket } from 'node:net'
import type { Log } from '../log.ts'

/**
 * A response body that streams. What fails before the first octet is thrown here, so that it can still become an
 * error's answer; what fails later breaks the connection off, so that nobody takes half a body for the whole.
 */
export async function streamBody(
  source: AsyncIterable<Uint8Array>,
  socket: Socket,
  log: Log,
): Promise<ReadableStream<Uint8Array>> {
  const chunks = source[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array> | undefined = await chunks.next()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = first ?? (await chunks.next())
        first = undefined
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        log.error('http: an answer broke off', error)
        socket.destroy()
        controller.close()
      }
    },
    async cancel() {
      await chunks.return?.()
    },
  })
}

/**
 * Looks at the first `count` octets (fewer where there are no more); `all` yields them again with the rest, `close`
 * ends the source without reading on.
 */
export async function peek(
  source: AsyncIterable<Uint8Array>,
  count: number,
): Promise<{ head: Buffer; all: AsyncIterable<Uint8Array>; close(): Promise<void> }> {
  const chunks = source[Symbol.asyncIterator]()
  const close = async () => {
    await chunks.return?.()
  }
  let head = Buffer.alloc(0)
  while (head.length < count) {
    const { done, value } = await chunks.next()
    if (done) break
    head = Buffer.concat([head, value])
  }
  return { head: head.subarray(0, count), all: chain([head], chunks), close }
}

/** Octets, and then those of an iterator; ending early ends the iterator. */
async function* chain(
  first: Iterable<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

/** Octets, and then those of a source that is opened once they are taken. */
export async function* prepend(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first
  yield* rest
}
