import type { Readable } from 'node:stream'

/**
 * All that comes from standard input.
 * @param what it is, for the person who sent too much of it
 * @param longest octets
 * @throws Error when there are more than `longest`, or the signal ended the waiting
 */
export async function readStandardInput(
  what: string,
  { longest, signal, input = process.stdin }: Reading,
): Promise<Buffer> {
  // Nothing else wakes who waits for a pipe.
  signal.addEventListener('abort', () => input.destroy())
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of input) {
    size += chunk.length
    if (size > longest) throw new Error(`${what} has more than ${longest} octets`)
    chunks.push(chunk)
  }
  signal.throwIfAborted()
  return Buffer.concat(chunks)
}

type Reading = {
  readonly longest: number
  readonly signal: AbortSignal
  readonly input?: Readable
}
