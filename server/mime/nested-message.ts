import { partBytes } from './decode.ts'
import { excerpt } from './excerpt.ts'
import { readHeader } from './header.ts'
import { sortLeaves } from './leaves.ts'
import type { NestedMessage } from './nested-mail.ts'
import { withFiles } from './part-files.ts'
import { findPart, readStructure } from './structure.ts'
import { NESTED_MESSAGE } from './structure-reader.ts'
import { summarise } from './summary.ts'
import { TextReader } from './text-reader.ts'

export type { NestedMessage }

/** Characters of its text that are told. */
export const MAX_NESTED_TEXT = 256 * 1024

/** The octets of the message in a message/rfc822 part, also where that is encoded; undefined where there is no such part. */
export function nestedMessage(raw: Buffer, number: string): Buffer | undefined {
  const part = findPart(readStructure(raw), number)
  return part && NESTED_MESSAGE.has(part.type) ? partBytes(raw, part) : undefined
}

/** Reads the message in a part; null where the part is none, or is not there. Heavy: it belongs into the worker. */
export async function readNestedMessage(
  raw: Buffer,
  number: string,
): Promise<NestedMessage | null> {
  const mail = nestedMessage(raw, number)
  if (!mail) return null
  const { from, to, cc, subject, date } = summarise(readHeader(mail))
  const leaves = sortLeaves(withFiles(mail, readStructure(mail)))
  const texts = await new TextReader(mail).read(leaves.text)
  const text = texts.map(each => each.text).join('\n')
  return {
    from,
    to,
    cc,
    subject,
    date,
    text: texts.length > 0 ? excerpt(text, MAX_NESTED_TEXT) : null,
    html: leaves.html.some(part => part.end > part.bodyStart),
  }
}
