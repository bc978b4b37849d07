import { LineEndReader, type LineEnds } from '../mime/canonical.ts'
import { HeaderCollector, readHeader } from '../mime/header.ts'
import { summarise } from '../mime/summary.ts'
import { tagsOf, toMessage } from './arrival.ts'
import type { Message } from './message.ts'
import type { RawFiles } from './raw-files.ts'
import type { RawHead } from './raw-head.ts'

/** What a raw file tells of its message. */
export type Rebuilt = {
  readonly message: Message
  readonly head: RawHead
  readonly tags: readonly string[]
}

/** Octets read at a time. */
const piece = 1024 * 1024

/** Reads a message anew from its raw file; null where Mailcatch did not write that. */
export const rebuild = async (raw: RawFiles, number: number): Promise<Rebuilt | null> => {
  const file = await raw.head(number)
  if (!file) return null
  const { head, start, size } = file
  const header = new HeaderCollector()
  const lineEnds = await readLineEnds(raw, number, start, start + size, header)
  const summary = summarise(readHeader(header.bytes))
  return {
    message: toMessage(number, head, summary, { size, start, ...lineEnds }),
    head,
    tags: tagsOf(head, summary),
  }
}

/** How the lines in the octets `[start, end)` of a raw file end. */
export const readLineEnds = async (
  raw: RawFiles,
  number: number,
  start: number,
  end: number,
  header?: HeaderCollector,
): Promise<LineEnds> => {
  const reader = new LineEndReader()
  for (let at = start; at < end; at += piece) {
    const bytes = await raw.read(number, at, Math.min(at + piece, end))
    header?.take(bytes)
    reader.take(bytes)
  }
  return reader.ends
}
