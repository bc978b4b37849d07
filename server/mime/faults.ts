import { isAscii, isUtf8 } from 'node:buffer'
import { MAX_ADDRESSES, readAddressList } from './address-list.ts'
import { decodeEncodedWords } from './encoded-word.ts'
import { excerpt } from './excerpt.ts'
import type { Header } from './header.ts'
import { lineEndOf, readHeader } from './header.ts'
import { Skipper } from './parameters.ts'
import { type Part, STRUCTURE_LIMITS } from './structure.ts'

/**
 * What is wrong with a mail, in words for the developer of the app that sent it: what other programs may read
 * otherwise, or refuse. Nothing is said of a mail as it should be. All of it linear, off the main thread.
 */

/** Faults of one kind that are told one by one. */
const MAX_OF_KIND = 5

/** Of the header block, beyond what {@link summarise} sees. */
export function headerFaults(raw: Buffer, header: Header): string[] {
  const faults = brokenLines(raw, header)
  if (!header.isComplete && header.fields.length > 0) {
    faults.push('No empty line ends the header block, so there is no body (RFC 5322 §2.1).')
  }
  const block = raw.subarray(0, header.bodyStart)
  if (!isAscii(block) && !isUtf8(block)) {
    const broken = header.fields.filter(({ start, end }) => !isUtf8(raw.subarray(start, end)))
    for (const { name } of broken.slice(0, MAX_OF_KIND)) {
      faults.push(`${name} holds raw 8-bit octets that are not UTF-8 (RFC 2047, RFC 6532).`)
    }
  }
  if (/\n[ \t]+\r?\n/.test(block.toString('latin1'))) {
    faults.push(
      'The header block has a line of white space alone, which some programs take for its end (RFC 5322 §4.2).',
    )
  }
  for (const name of SHOWN) {
    const text = header.first(name)?.text ?? ''
    if (text.includes('=?') && HIDDEN.test(decodeEncodedWords(text, asItIs))) {
      faults.push(`${name} hides control characters in an encoded-word; they are shown as spaces.`)
    }
    if (name === 'Subject') continue
    if (!isBalanced(text)) {
      faults.push(`${name} has a quote, comment or angle bracket that is not closed.`)
    }
    const addresses = readAddressList(text)
    if (addresses.length === MAX_ADDRESSES) {
      faults.push(`${name} has ${MAX_ADDRESSES} addresses or more; no more are read.`)
    }
    const broken = addresses.find(({ address }) => !address.includes('@', 1))
    if (broken) {
      const text = broken.address || broken.name
      faults.push(`${name} has an entry without an address: ${excerpt(text, 80)}`)
    }
  }
  return faults
}

const SHOWN = ['Subject', 'From', 'Sender', 'Reply-To', 'To', 'Cc', 'Bcc']
const HIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f]/
const asItIs = (text: string): string => text

/** What lies between the fields is no field. */
function brokenLines(raw: Buffer, header: Header): string[] {
  if (header.isCut) return []
  const gaps: { start: number; end: number }[] = []
  let at = 0
  for (const { start, end } of [...header.fields, { start: header.bodyStart, end: 0 }]) {
    if (start > at) gaps.push({ start: at, end: start })
    at = end
  }
  const lines = gaps.flatMap(({ start, end }) => {
    const line = raw.toString('latin1', start, Math.min(end, start + 60)).trim()
    return line === '' ? [] : [line.split(/[\r\n]/, 1)[0] ?? '']
  })
  return lines
    .slice(0, MAX_OF_KIND)
    .map(line => `A line of the header is no field: ${line.replace(/[^\x20-\x7e]/g, '?')}`)
}

function isBalanced(text: string): boolean {
  if (!/["(<]/.test(text)) return true
  const skip = new Skipper(text)
  let isOpen = false
  let at = 0
  while (at < text.length) {
    const char = text[at]
    const end = char === '"' ? skip.quoted(at) : char === '(' ? skip.comment(at) : at + 1
    if ((char === '"' || char === '(') && end === at + 1) return false
    if (char === '<') isOpen = true
    else if (char === '>') isOpen = false
    else if (char === ',' && isOpen && !text.startsWith('@', text.lastIndexOf('<', at) + 1)) {
      return false
    }
    at = end
  }
  return !isOpen
}

/** RFC 5322 §2.1.1. */
const MAX_LINE = 998
/** Octets in which single line ends are looked for. */
const LOOKED_AT = 256 * 1024

/** Of the lines as such, wherever they stand. */
export function lineFaults(raw: Buffer): string[] {
  const faults: string[] = []
  const text = raw.toString('latin1', 0, LOOKED_AT)
  const hasLf = text.includes('\n')
  const hasBareLf = /(?<!\r)\n/.test(text)
  if (/\r(?!\n|$)/.test(text)) {
    faults.push(
      `${hasLf ? 'There are lines that end' : 'All lines end'} in CR alone, not CRLF (RFC 5322 §2.3).`,
    )
  }
  if (hasBareLf) {
    const isAll = !text.includes('\r\n')
    faults.push(
      `${isAll ? 'All lines end' : 'There are lines that end'} in LF alone, not CRLF (RFC 5322 §2.3).`,
    )
  }
  if (raw.includes(0)) faults.push('There are NUL octets (RFC 5322 §4).')
  if (hasLongLine(raw)) {
    faults.push(`There are lines of more than ${MAX_LINE} octets (RFC 5322 §2.1.1).`)
  }
  return faults
}

/** Looks from line end to line end as far apart as they may be, so that few octets are looked at. */
function hasLongLine(raw: Buffer): boolean {
  const lineEnd = lineEndOf(raw)
  let at = -1
  while (raw.length - at > MAX_LINE + 2) {
    // The CR before the line end is not counted.
    const next = raw.lastIndexOf(lineEnd, at + MAX_LINE + 2)
    if (next <= at) return true
    const isCountedLong = next === at + MAX_LINE + 2 && raw[next - 1] !== 0x0d
    if (isCountedLong && raw.lastIndexOf(lineEnd, next - 1) <= at) return true
    at = next
  }
  return false
}

/** Of the names that the sender gave to attachments: they are text here, but elsewhere perhaps paths. */
export function nameFaults(names: readonly string[]): string[] {
  return names
    .filter(name => UNSAFE_NAME.test(name))
    .slice(0, MAX_OF_KIND)
    .map(
      name =>
        `An attachment’s name looks like a path, or holds characters that cannot be seen: ${excerpt(name.replace(UNSEEN, '?'), 80)}`,
    )
}

const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
const UNSAFE_NAME =
  /[/\\\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|^\.|^[A-Za-z]:/

/** Of the MIME tree. */
export function structureFaults(raw: Buffer, root: Part): string[] {
  const limits: string[] = []
  const multiparts: string[] = []
  const types: string[] = []
  let count = 0
  let isDeep = false
  const visit = (part: Part, depth: number) => {
    count++
    const isMultipart = part.type.startsWith('multipart/')
    isDeep ||= depth === STRUCTURE_LIMITS.depth && (isMultipart || part.type.startsWith('message/'))
    if (isMultipart && depth < STRUCTURE_LIMITS.depth && multiparts.length < MAX_OF_KIND) {
      const fault = multipartFault(raw, part)
      if (fault !== null) multiparts.push(`${placeOf(part)} ${fault}.`)
    }
    if (part.type === 'text/plain' && types.length < MAX_OF_KIND) {
      const fault = typeFault(raw, part)
      if (fault !== null) types.push(`${placeOf(part)} ${fault}.`)
    }
    for (const child of part.parts) visit(child, depth + 1)
  }
  visit(root, 0)
  if (count > STRUCTURE_LIMITS.parts) {
    limits.push(`There are more than ${STRUCTURE_LIMITS.parts} parts; the rest is shown as one.`)
  }
  if (isDeep) {
    limits.push(
      `Parts are nested more than ${STRUCTURE_LIMITS.depth} deep; those below are not read.`,
    )
  }
  return [...limits, ...multiparts, ...types]
}

function placeOf(part: Part): string {
  return part.number === '' ? 'The message' : `Part ${part.number}`
}

function multipartFault(raw: Buffer, part: Part): string | null {
  const boundary = part.parameters.get('boundary')?.trimEnd()
  if (!boundary) return `is ${part.type}, but names no boundary`
  const last = part.parts.at(-1)
  if (!last) return `is ${part.type}, but no part is found in it`
  // After the last part comes a line end, if the part has one, and the delimiter.
  const after = raw.toString('utf8', last.end, last.end + boundary.length * 3 + 6)
  return after.trimStart().startsWith(`--${boundary}--`)
    ? null
    : `is ${part.type}, but its closing delimiter is missing; it may have been cut off`
}

/** A type that cannot be read means text/plain (RFC 2045 §5.2; mailparser.md, fault 3). */
function typeFault(raw: Buffer, part: Part): string | null {
  const field = readHeader(raw.subarray(part.start, part.bodyStart)).first('content-type')
  return field === undefined || /^\s*text\/plain\s*(?:;|\(|$)/i.test(field.text)
    ? null
    : `has a Content-Type that cannot be read and is taken for text/plain: ${excerpt(field.text, 80)}`
}
