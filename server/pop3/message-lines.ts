import type { Readable } from 'node:stream'
import { canonicalSize } from '../store/mail-store.ts'
import type { Message } from '../store/message.ts'
import type { Service } from './command.ts'
import { DotStuffer } from './dot-stuffer.ts'
import { Pop3Error } from './reply.ts'
import { Top } from './top.ts'

/** Up to so many octets a message is read in one piece. */
const small = 128 * 1024
/** The octets that are in memory of one that is not. */
const pieceSize = 64 * 1024

type Store = Service['store']

/**
 * A message as the lines of a multi-line response: all of it, or its header and so many lines of its body. It is read as
 * it is taken. Rejects with a Pop3Error where the message was removed meanwhile, else with the error of the file system.
 */
export async function* messageLines(
  store: Store,
  message: Message,
  bodyLines: number | null = null,
): AsyncGenerator<Buffer> {
  const stuffer = new DotStuffer()
  const top = bodyLines === null ? null : new Top(bodyLines)
  for await (const piece of pieces(store, message)) {
    yield stuffer.take(top ? top.take(piece) : piece)
    if (top?.isDone) return
  }
  yield stuffer.end()
}

async function* pieces(store: Store, message: Message): AsyncGenerator<Buffer> {
  const size = canonicalSize(message)
  let length = 0
  try {
    for await (const chunk of await source(store, message, size)) {
      length += chunk.length
      for (let at = 0; at < chunk.length; at += pieceSize) yield chunk.subarray(at, at + pieceSize)
    }
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw isGone ? new Pop3Error('the message was removed meanwhile', 'SYS/TEMP') : error
  }
  // A file that somebody cut: nobody may take a part for the whole.
  if (length !== size) throw new Error(`message ${message.id} has ${length} octets, not ${size}`)
}

async function source(
  store: Store,
  message: Message,
  size: number,
): Promise<Iterable<Buffer> | Readable> {
  return size <= small ? [await store.canonicalBytes(message)] : store.canonical(message)
}
