import { lineEndOf } from './header.ts'
import type { PartFields } from './part-fields.ts'
import { NESTED_MESSAGE, StructureReader } from './structure-reader.ts'

export { STRUCTURE_LIMITS } from './structure-reader.ts'

/** One node of the MIME tree: byte ranges over the raw message, never copies of it. */
export type Part = PartFields & {
  /**
   * The IMAP section number (RFC 9051 §6.4.5.1): `''` for a message that is a multipart, `'1'`, `'1.2'` … for
   * its parts. A message that is no multipart is its own part `'1'`. The message inside a message/rfc822 with
   * the number `'2'` has that same number where it is a multipart, and is `'2.1'` where it is none.
   */
  readonly number: string
  /** First octet of the part's header. */
  readonly start: number
  /** First octet of the body: just after the empty line. */
  readonly bodyStart: number
  /** Just past the last octet of the body; the line end before a delimiter belongs to the delimiter. */
  readonly end: number
  /** Number of line ends in the body (BODYSTRUCTURE wants it of text and message/rfc822). */
  readonly lines: number
  /** Children of a multipart, the one nested message of a message/rfc822, else empty. */
  readonly parts: readonly Part[]
  /**
   * Files that the body holds in a way of its own, such as uuencode in a text: no parts to IMAP, but listed and
   * downloaded like such, by the numbers that parts in this one would have. Only from {@link withFiles}.
   */
  readonly files?: readonly Part[]
  /** For such a file: where it lies in the octets that the transfer encoding gives; all of them where missing. */
  readonly within?: { readonly start: number; readonly end: number }
}

/** Reads the MIME tree of a message, see {@link StructureReader}. */
export function readStructure(raw: Buffer): Part {
  const reader = new StructureReader(lineEndOf(raw))
  reader.take(raw)
  return reader.end()
}

/**
 * The part of that section number; of a message/rfc822 the part itself, not the message in it.
 * Undefined where there is none.
 */
export function findPart(root: Part, number: string): Part | undefined {
  if (root.number === number) return root
  const holder = [...root.parts, ...(root.files ?? [])].find(
    part => part.number === number || number.startsWith(`${part.number}.`),
  )
  return holder && findPart(holder, number)
}

/** Whether the parts of the part are those of a message/rfc822: one message, not the bodies of a multipart. */
export function holdsMessage(part: Part): boolean {
  return NESTED_MESSAGE.has(part.type) && part.parts.length === 1
}
