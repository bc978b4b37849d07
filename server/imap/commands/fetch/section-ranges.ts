import { holdsMessage, type Part } from '../../../mime/structure.ts'
import type { Described } from './described.ts'
import type { MessageSource } from './message-source.ts'
import { joinRanges, type Range } from './ranges.ts'
import type { Section, SectionText } from './section.ts'

/**
 * Where the octets of a section lie in the message (RFC 9051 §6.4.5.1). Of a section that does not exist there are none.
 */
export async function sectionRanges(
  { part: number, text }: Section,
  described: Described,
): Promise<readonly Range[]> {
  const { source } = described
  if (number === '') {
    if (text.kind === 'CONTENT') return [{ start: 0, end: source.size }]
    const bodyStart = await source.bodyStart()
    return messageRanges({ start: 0, bodyStart, end: source.size }, text, source)
  }
  const part = partAt(await described.structure(), number)
  if (!part) return []
  if (text.kind === 'CONTENT') return [{ start: part.bodyStart, end: part.end }]
  if (text.kind === 'MIME') return [{ start: part.start, end: part.bodyStart }]
  const [message] = part.parts
  return message && holdsMessage(part) ? messageRanges(message, text, source) : []
}

/**
 * The part with that number: in a message that is no multipart 1 is the message itself, and what is in a message/rfc822
 * has numbers of its own.
 */
export function partAt(root: Part, number: string): Part | undefined {
  const [first, ...others] = number.split('.').map(Number)
  return others.reduce<Part | undefined>(
    (part, child) => part && childOf(part, child),
    partOf(root, first ?? 0),
  )
}

function childOf(part: Part, child: number): Part | undefined {
  const [message] = part.parts
  return message && holdsMessage(part) ? partOf(message, child) : part.parts[child - 1]
}

function partOf(message: Part, child: number): Part | undefined {
  if (message.type.startsWith('multipart/')) return message.parts[child - 1]
  return child === 1 ? message : undefined
}

type Place = Pick<Part, 'start' | 'bodyStart' | 'end'>

/** Of a message, or of one in it. */
async function messageRanges(
  message: Place,
  text: SectionText,
  source: MessageSource,
): Promise<readonly Range[]> {
  const { start, bodyStart, end } = message
  switch (text.kind) {
    case 'TEXT':
      return [{ start: bodyStart, end }]
    case 'HEADER':
      return [{ start, end: bodyStart }]
    case 'HEADER.FIELDS':
    case 'HEADER.FIELDS.NOT':
      return fieldRanges(message, text.kind === 'HEADER.FIELDS', text.names, source)
    default:
      return []
  }
}

/**
 * The fields of those names and the empty line, or all but those fields. Past the limits of a header nothing is a field;
 * nor is a line that has no name.
 */
async function fieldRanges(
  { start, bodyStart }: Place,
  isChosen: boolean,
  names: readonly string[],
  source: MessageSource,
): Promise<readonly Range[]> {
  const { fields } = await source.headerOf({ start, bodyStart })
  const wanted = new Set(names.map(name => name.toLowerCase()))
  const chosen = fields
    .filter(({ name }) => wanted.has(name.toLowerCase()))
    .map(field => ({ start: start + field.start, end: start + field.end }))
  if (!isChosen) return joinRanges(gapsBetween(chosen, { start, end: bodyStart }))
  // A message without an empty line has none here either (RFC 9051 §6.4.5.1).
  const end = await source.octets({ start: Math.max(bodyStart - 4, start), end: bodyStart })
  const isEmptyLine = ['\r\n', '\r\n\r\n'].includes(end.toString('latin1'))
  const emptyLine = { start: bodyStart - 2, end: bodyStart }
  return joinRanges(isEmptyLine ? [...chosen, emptyLine] : chosen)
}

function gapsBetween(ranges: readonly Range[], { start, end }: Range): Range[] {
  const gaps: Range[] = []
  let at = start
  for (const range of ranges) {
    gaps.push({ start: at, end: range.start })
    at = range.end
  }
  return [...gaps, { start: at, end }]
}
