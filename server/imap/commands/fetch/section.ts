/**
 * The part of a message that BODY[…] and BINARY[…] name (RFC 9051 §6.4.5.1).
 *
 * section         = "[" [section-msgtext / (section-part ["." (section-msgtext / "MIME")])] "]"
 * section-part    = nz-number *("." nz-number)
 * section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP "(" astring *(SP astring) ")" / "TEXT"
 * partial         = "<" number64 "." nz-number64 ">"
 */
import type { Parser } from '../../syntax/parser.ts'
import { printAstring, printList } from '../../syntax/print.ts'

export type Section = {
  /** `1.2`; `''` is the message itself. */
  readonly part: string
  readonly text: SectionText
}

/** What of the part: its body, or with `part` `''` the whole message, is `CONTENT`. */
export type SectionText =
  | { readonly kind: 'CONTENT' | 'HEADER' | 'TEXT' | 'MIME' }
  /** The fields of these names, or but for these; as the client wrote them, whose case does not matter. */
  | { readonly kind: 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT'; readonly names: readonly string[] }

/** Octets from `offset`, `length` at most. */
export type Partial = { readonly offset: number; readonly length: number }

const KINDS = ['HEADER', 'HEADER.FIELDS', 'HEADER.FIELDS.NOT', 'TEXT', 'MIME'] as const

/** Reads from the bracket that opens to the one that closes. */
export function parseSection(parser: Parser): Section {
  parser.expect('[')
  const { part, isOpen } = parsePart(parser)
  const hasText = isOpen || (part === '' && !parser.sees(']'))
  const text = hasText ? parseText(parser, part) : CONTENT
  parser.expect(']')
  return { part, text }
}

/** Of BINARY: a part number alone. */
export function parseBinarySection(parser: Parser): string {
  parser.expect('[')
  const { part, isOpen } = parsePart(parser)
  if (isOpen) parser.fail('expected a part number')
  parser.expect(']')
  return part
}

/** Null where there is none. */
export function parsePartial(parser: Parser): Partial | null {
  if (!parser.accepts('<')) return null
  const offset = parser.number64()
  parser.expect('.')
  const at = parser.at
  const length = parser.number64()
  if (length === 0) parser.fail('expected a number above 0', at)
  parser.expect('>')
  return { offset, length }
}

/** The section as the response names it, without brackets. */
export function printSection({ part, text }: Section): string {
  if (text.kind === 'CONTENT') return part
  const prefix = part === '' ? '' : `${part}.`
  const names = 'names' in text ? ` ${printList(text.names.map(name => printAstring(name)))}` : ''
  return `${prefix}${text.kind}${names}`
}

/** `isOpen`: a full stop came after it, so that there is more to come. */
function parsePart(parser: Parser): { part: string; isOpen: boolean } {
  const numbers: number[] = []
  while (parser.seesDigit) {
    numbers.push(parser.nzNumber())
    if (!parser.accepts('.')) return { part: numbers.join('.'), isOpen: false }
  }
  return { part: numbers.join('.'), isOpen: numbers.length > 0 }
}

function parseText(parser: Parser, part: string): SectionText {
  const at = parser.at
  const kind = parser.oneOf(KINDS, 'HEADER, TEXT or a part number')
  if (kind === 'MIME' && part === '') return parser.fail('MIME needs a part number', at)
  if (kind !== 'HEADER.FIELDS' && kind !== 'HEADER.FIELDS.NOT') return { kind }
  parser.space()
  return { kind, names: parser.list(() => parser.astring(), 1) }
}

const CONTENT = { kind: 'CONTENT' } as const
