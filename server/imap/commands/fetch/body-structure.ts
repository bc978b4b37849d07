import { readWrittenParameters, withoutComments } from '../../../mime/parameters.ts'
import { holdsMessage, type Part } from '../../../mime/structure.ts'
import { printList, printNstring, printString } from '../../syntax/print.ts'
import { NO_ENVELOPE } from './envelope.ts'

export type BodyStructureOptions = {
  /** With extension data: BODYSTRUCTURE; without it BODY. */
  readonly isExtended: boolean
  /** The client has enabled IMAP4rev2 or UTF8=ACCEPT. */
  readonly isUtf8: boolean
  /** The ENVELOPE of a message in a message/rfc822. */
  readonly envelopeOf: (message: Part) => string
}

/**
 * The BODYSTRUCTURE of a message or part (RFC 9051 §7.5.2). Words whose case means nothing are in lower case; what is in
 * a header field is not decoded. That holds for parameters too: their sections are joined (RFC 2231 §6), but `name*` stays
 * encoded, though RFC 9051 would rather have it decoded. Dovecot gives it so, and clients decode it by the charset that
 * it names.
 */
export function printBodyStructure(part: Part, options: BodyStructureOptions): string {
  const [type, subtype] = part.type.split('/', 2) as [string, string]
  if (type === 'multipart') return printMultipart(part, subtype, options)
  const { isExtended, isUtf8 } = options
  const string = (text: string | null) => printNstring(text, isUtf8)
  const items = [
    printString(type),
    printString(subtype),
    printParameters(part, type === 'text', isUtf8),
    string(part.id),
    string(part.description),
    printString(part.encoding, isUtf8),
    String(part.end - part.bodyStart),
  ]
  if (isMessage(part, isUtf8)) items.push(...printNested(part, options))
  if (type === 'text') items.push(String(part.lines))
  if (isExtended) items.push(string(part.md5), ...printExtension(part, isUtf8))
  return printList(items)
}

/** Of a multipart there is at least one part to the grammar (RFC 9051 §9, body-type-mpart), as here where it has none. */
const NO_PART = '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0)'
const NO_PART_EXTENDED = `${NO_PART.slice(0, -1)} NIL NIL NIL NIL)`

function printMultipart(part: Part, subtype: string, options: BodyStructureOptions): string {
  const { isExtended, isUtf8 } = options
  const children = part.parts.map(child => printBodyStructure(child, options)).join('')
  const none = isExtended ? NO_PART_EXTENDED : NO_PART
  const items = [`${children || none} ${printString(subtype)}`]
  if (isExtended) {
    items.push(printParameters(part, false, isUtf8), ...printExtension(part, isUtf8))
  }
  return printList(items)
}

/** Only IMAP4rev2 has more than message/rfc822 there (RFC 9051 §9, media-message). */
function isMessage({ type }: Part, isUtf8: boolean): boolean {
  return type === 'message/rfc822' || (isUtf8 && type === 'message/global')
}

/** Envelope, body and lines; without a message where it is one that we do not read into, as in base64. */
function printNested(part: Part, options: BodyStructureOptions): string[] {
  const lines = String(part.lines)
  const [message] = part.parts
  if (!message || !holdsMessage(part)) {
    return [NO_ENVELOPE, options.isExtended ? NO_PART_EXTENDED : NO_PART, lines]
  }
  return [options.envelopeOf(message), printBodyStructure(message, options), lines]
}

function printExtension(part: Part, isUtf8: boolean): string[] {
  const { disposition, dispositionText } = part
  const parameters = dispositionText === null ? [] : readWrittenParameters(dispositionText)
  return [
    disposition === null || dispositionText === null
      ? 'NIL'
      : printList([printString(disposition), printPairs(parameters, isUtf8)]),
    printLanguages(part.language),
    printNstring(part.location, isUtf8),
  ]
}

function printParameters({ typeText }: Part, isText: boolean, isUtf8: boolean): string {
  const written = typeText === null ? [] : readWrittenParameters(typeText)
  const hasCharset = written.some(([name]) => name === 'charset' || name === 'charset*')
  // RFC 2046 §4.1.2
  const implied = isText && !hasCharset ? [['charset', 'us-ascii'] as const] : []
  return printPairs([...written, ...implied], isUtf8)
}

function printPairs(pairs: readonly (readonly [string, string])[], isUtf8: boolean): string {
  if (pairs.length === 0) return 'NIL'
  return printList(pairs.flat().map(text => printString(text, isUtf8)))
}

/** RFC 3282 §2, each by itself; what is no language tag is left out. */
function printLanguages(text: string | null): string {
  if (text === null) return 'NIL'
  const tags = withoutComments(text)
    .split(',')
    .map(tag => tag.trim())
    .filter(tag => /^[A-Za-z0-9*-]{1,100}$/.test(tag))
  return tags.length === 0 ? 'NIL' : printList(tags.map(tag => printString(tag)))
}
