import type { Address } from './address.ts'
import { excerpt } from './excerpt.ts'
import { collapse, fold } from './fold.ts'
import type { HeaderSummary } from './summary.ts'

/** Octets of UTF-8 that the search text of one message may have. */
export const MAX_SEARCH_TEXT = 64 * 1024

/** Text for the search: NFKC, lower case, white space runs as one space, the body last so that it is what is cut. */
export function searchTextOf(
  summary: HeaderSummary,
  fileNames: readonly string[],
  plainText: string,
): { text: string; isCut: boolean } {
  const pieces = [
    summary.subject,
    ...fileNames,
    ...[summary.from, summary.to, summary.cc, summary.bcc, summary.replyTo].flatMap(writeAddresses),
    plainText,
  ]
  // No character of the result is longer than MAX_SEARCH_TEXT: what lies beyond can be left out before the work.
  const joined = pieces.join('\n')
  const source = joined.slice(0, MAX_SEARCH_TEXT)
  const text = collapse(fold(source)).trim()
  const octets = Buffer.from(text, 'utf8')
  const isCut = joined.length > source.length || octets.length > MAX_SEARCH_TEXT
  return { text: octets.length > MAX_SEARCH_TEXT ? wholeCharacters(octets) : text, isCut }
}

/** The first characters that a person would read, on one line: no more than 200. */
export function previewOf(plainText: string): string {
  const line = excerpt(plainText, PREVIEW_SOURCE).replace(INVISIBLE, '').replace(/\s+/g, ' ').trim()
  return line.length <= PREVIEW ? line : `${[...line].slice(0, PREVIEW - 1).join('')}…`
}

const PREVIEW = 200
const PREVIEW_SOURCE = 4_000

/** Characters without width, with which newsletters fill the rest of their preheader. */
const INVISIBLE =
  /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u034f/g

function writeAddresses(addresses: readonly Address[]): string[] {
  return addresses.map(({ name, address }) => (name === '' ? address : `${name} ${address}`))
}

function wholeCharacters(octets: Buffer): string {
  let end = MAX_SEARCH_TEXT
  // 10xxxxxx continues a character.
  while (((octets[end] ?? 0) & 0xc0) === 0x80) end--
  return octets.toString('utf8', 0, end)
}
