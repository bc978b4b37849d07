import { printLiteralHead } from '../../syntax/print.ts'
import { decodedPart } from './binary.ts'
import type { Described } from './described.ts'
import type { FetchItem } from './items.ts'
import { type MessageSource, SMALL } from './message-source.ts'
import { cutRanges, lengthOf, type Range } from './ranges.ts'
import { type Partial, printSection, type Section } from './section.ts'
import { sectionRanges } from './section-ranges.ts'

/** Octets of a message in a response: what comes before them, and they. */
export type Content = {
  /** `BODY[1]<0> {5}` and a line end. */
  readonly head: string
  readonly octets: Buffer | AsyncIterable<Buffer>
}

export type ContentItem =
  | Extract<FetchItem, { name: 'BODY[]' | 'BINARY[]' }>
  | { readonly name: 'RFC822' | 'RFC822.HEADER' | 'RFC822.TEXT' }

const NAMES: ReadonlySet<string> = new Set([
  'BODY[]',
  'BINARY[]',
  'RFC822',
  'RFC822.HEADER',
  'RFC822.TEXT',
])

export const isContentItem = (item: FetchItem | ContentItem): item is ContentItem =>
  NAMES.has(item.name)

const WHOLE: Section = { part: '', text: { kind: 'CONTENT' } }
const HEADER: Section = { part: '', text: { kind: 'HEADER' } }
const TEXT: Section = { part: '', text: { kind: 'TEXT' } }

/**
 * Finds what an item asks for. Small content is read at once, so that an error comes before the response has begun; what
 * is larger, or has more octets than there is room for, is read when it is asked for.
 */
export async function contentOf(
  item: ContentItem,
  described: Described,
  room: number,
): Promise<Content> {
  const mayKeep = Math.min(room, SMALL)
  const { source } = described
  const section = async (name: string, wanted: Section, partial: Partial | null = null) => {
    const ranges = await sectionRanges(wanted, described)
    return sectionContent(`${name}${printOrigin(partial)}`, source, mayKeep, cut(ranges, partial))
  }
  switch (item.name) {
    case 'RFC822':
      return section(item.name, WHOLE)
    // RFC 3501 §6.4.5: as BODY[HEADER] and BODY[TEXT], by another name.
    case 'RFC822.HEADER':
      return section(item.name, HEADER)
    case 'RFC822.TEXT':
      return section(item.name, TEXT)
    case 'BODY[]':
      return section(`BODY[${printSection(item.section)}]`, item.section, item.partial)
    case 'BINARY[]': {
      const { length, hasNul, octets } = await decodedPart(item, described, mayKeep)
      const head = printLiteralHead(length, { isBinary: hasNul })
      return { head: `BINARY[${item.part}]${printOrigin(item.partial)} ${head}`, octets }
    }
  }
}

function printOrigin(partial: Partial | null): string {
  return partial ? `<${partial.offset}>` : ''
}

function cut(ranges: readonly Range[], partial: Partial | null): readonly Range[] {
  return partial ? cutRanges(ranges, partial) : ranges
}

async function sectionContent(
  name: string,
  source: MessageSource,
  mayKeep: number,
  ranges: readonly Range[],
): Promise<Content> {
  const length = lengthOf(ranges)
  const head = `${name} ${printLiteralHead(length)}`
  if (length > mayKeep) return { head, octets: piecesWithoutNul(source, ranges) }
  const pieces: Buffer[] = []
  for (const range of ranges) pieces.push(await source.octets(range))
  const [only = Buffer.alloc(0)] = pieces
  return { head, octets: withoutNul(pieces.length > 1 ? Buffer.concat(pieces) : only) }
}

async function* piecesWithoutNul(
  source: MessageSource,
  ranges: readonly Range[],
): AsyncGenerator<Buffer> {
  for (const range of ranges) {
    for await (const piece of source.pieces(range)) yield withoutNul(piece)
  }
}

/** A literal may not hold NUL (RFC 9051 §9, CHAR8), so there is an octet in its place that means nothing, as in Dovecot. */
function withoutNul(octets: Buffer): Buffer {
  if (!octets.includes(0)) return octets
  const copy = Buffer.from(octets)
  for (let at = copy.indexOf(0); at !== -1; at = copy.indexOf(0, at + 1)) copy[at] = 0x80
  return copy
}
