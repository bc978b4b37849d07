import { isKnownEncoding, transferDecoder } from '../../../mime/decode.ts'
import { ImapError } from '../../errors.ts'
import type { Described } from './described.ts'
import type { MessageSource } from './message-source.ts'
import type { Range } from './ranges.ts'
import type { Partial } from './section.ts'
import { partAt } from './section-ranges.ts'

export type BinaryItem = { readonly part: string; readonly partial: Partial | null }

export type DecodedPart = {
  readonly length: number
  /** Among the octets that are wanted. */
  readonly hasNul: boolean
  readonly octets: Buffer | AsyncIterable<Buffer>
}

type Body = Range & { readonly encoding: string }

const ALL: Partial = { offset: 0, length: Number.POSITIVE_INFINITY }

/**
 * The octets of a part without its transfer encoding (RFC 9051 §6.4.5, BINARY), broken ones as well as they can be read.
 * A part that is a multipart, and the message as a whole, have none and come as they are. It is decoded once for its
 * length, and where that is more than may be kept a second time on the way out.
 *
 * @throws ImapError `NO [UNKNOWN-CTE]`
 */
export async function decodedPart(
  { part, partial }: BinaryItem,
  described: Described,
  mayKeep: number,
): Promise<DecodedPart> {
  const { source } = described
  const body = await bodyOf(part, described)
  const wanted = partial ?? ALL
  let kept: Buffer[] | null = []
  let length = 0
  let hasNul = false
  for await (const octets of decoded(body, wanted, source)) {
    length += octets.length
    hasNul ||= octets.includes(0)
    if (length > mayKeep) kept = null
    else kept?.push(octets)
  }
  return { length, hasNul, octets: kept ? Buffer.concat(kept) : decoded(body, wanted, source) }
}

/** What {@link decodedPart} has of it all. Of a part that does not exist 0. Throws likewise. */
export async function decodedSize(part: string, described: Described): Promise<number> {
  const body = await bodyOf(part, described)
  if (IDENTITY.has(body.encoding)) return body.end - body.start
  let size = 0
  for await (const octets of decoded(body, ALL, described.source)) size += octets.length
  return size
}

const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])

async function bodyOf(number: string, described: Described): Promise<Body> {
  if (number === '') return { start: 0, end: described.source.size, encoding: 'binary' }
  const part = partAt(await described.structure(), number)
  if (!part) return { start: 0, end: 0, encoding: 'binary' }
  const { bodyStart: start, end, type } = part
  const encoding = type.startsWith('multipart/') ? 'binary' : part.encoding
  if (isKnownEncoding(encoding)) return { start, end, encoding }
  throw new ImapError('NO', 'unknown Content-Transfer-Encoding', 'UNKNOWN-CTE')
}

/** The octets from `offset` on, `length` at most; nothing is read past them. */
async function* decoded(
  { start, end, encoding }: Body,
  { offset, length }: Partial,
  source: MessageSource,
): AsyncGenerator<Buffer> {
  const decoder = transferDecoder(encoding)
  let skip = offset
  let left = length
  const cut = (octets: Buffer): Buffer => {
    const from = Math.min(skip, octets.length)
    const wanted = octets.subarray(from, Math.min(from + left, octets.length))
    skip -= from
    left -= wanted.length
    return wanted
  }
  for await (const piece of source.pieces({ start, end })) {
    const wanted = cut(decoder.write(piece))
    if (wanted.length > 0) yield wanted
    if (left === 0) return
  }
  const last = cut(decoder.end())
  if (last.length > 0) yield last
}
