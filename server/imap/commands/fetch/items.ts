/**
 * What FETCH is asked for (RFC 9051 §6.4.5; RFC 3501 §6.4.5 for the RFC822 items; RFC 7162 §3.1.4; RFC 8474; RFC 8514;
 * RFC 8970).
 *
 * fetch-att = "ENVELOPE" / "FLAGS" / "INTERNALDATE" / "RFC822" [".HEADER" / ".SIZE" / ".TEXT"] / "UID" /
 *             "BODY" ["STRUCTURE"] / "BODY" [".PEEK"] section [partial] / "BINARY" [".PEEK"] section-binary [partial] /
 *             "BINARY.SIZE" section-binary / "MODSEQ" / "EMAILID" / "THREADID" / "SAVEDATE" /
 *             "PREVIEW" [SP "(" "LAZY" *(SP "LAZY") ")"]
 */
import { ImapError } from '../../errors.ts'
import type { Parser } from '../../syntax/parser.ts'
import {
  type Partial,
  parseBinarySection,
  parsePartial,
  parseSection,
  type Section,
} from './section.ts'

export type FetchItem =
  | { readonly name: PlainItem }
  /** Without extension data. */
  | { readonly name: 'BODY' }
  | {
      readonly name: 'BODY[]'
      readonly section: Section
      readonly partial: Partial | null
      /** `\Seen` is left as it is. */
      readonly isPeek: boolean
    }
  /** `part`: `''` is the whole message. */
  | {
      readonly name: 'BINARY[]'
      readonly part: string
      readonly partial: Partial | null
      readonly isPeek: boolean
    }
  | { readonly name: 'BINARY.SIZE[]'; readonly part: string }
  /** `isLazy`: only where it costs nothing (RFC 8970 §4.1). */
  | { readonly name: 'PREVIEW'; readonly isLazy: boolean }

const PLAIN = [
  'FLAGS',
  'UID',
  'INTERNALDATE',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'RFC822.SIZE',
  'RFC822',
  'RFC822.HEADER',
  'RFC822.TEXT',
  'MODSEQ',
  'EMAILID',
  'THREADID',
  'SAVEDATE',
] as const
/** RFC822 and RFC822.TEXT set `\Seen` (RFC 3501 §6.4.5), RFC822.HEADER does not. */
export type PlainItem = (typeof PLAIN)[number]

const NAMES = [
  ...PLAIN,
  'BODY',
  'BODY.PEEK',
  'BINARY',
  'BINARY.PEEK',
  'BINARY.SIZE',
  'PREVIEW',
] as const

/** Any client asks for far fewer; each is looked up for each message. */
const MAX_ITEMS = 1_000

const FAST: readonly FetchItem[] = [
  { name: 'FLAGS' },
  { name: 'INTERNALDATE' },
  { name: 'RFC822.SIZE' },
]
const ALL: readonly FetchItem[] = [...FAST, { name: 'ENVELOPE' }]
const MACROS: ReadonlyMap<string, readonly FetchItem[]> = new Map([
  ['FAST', FAST],
  ['ALL', ALL],
  ['FULL', [...ALL, { name: 'BODY' }]],
])

/**
 * A macro, one item, or items in parentheses.
 *
 * @throws ImapError `NO [LIMIT]` where there are too many
 */
export function parseFetchItems(parser: Parser): readonly FetchItem[] {
  if (!parser.sees('(')) {
    for (const [word, items] of MACROS) if (parser.acceptsWord(word)) return items
    return [parseItem(parser)]
  }
  const items = parser.list(() => parseItem(parser), 1)
  if (items.length > MAX_ITEMS) throw new ImapError('NO', 'too many items', 'LIMIT')
  return items
}

function parseItem(parser: Parser): FetchItem {
  const name = parser.oneOf(NAMES, 'something to fetch')
  switch (name) {
    case 'BODY':
    case 'BODY.PEEK': {
      const isPeek = name === 'BODY.PEEK'
      if (!isPeek && !parser.sees('[')) return { name }
      const section = parseSection(parser)
      return { name: 'BODY[]', section, partial: parsePartial(parser), isPeek }
    }
    case 'BINARY':
    case 'BINARY.PEEK': {
      const part = parseBinarySection(parser)
      const isPeek = name === 'BINARY.PEEK'
      return { name: 'BINARY[]', part, partial: parsePartial(parser), isPeek }
    }
    case 'BINARY.SIZE':
      return { name: 'BINARY.SIZE[]', part: parseBinarySection(parser) }
    case 'PREVIEW':
      return { name, isLazy: parseLazy(parser) }
    default:
      return { name }
  }
}

function parseLazy(parser: Parser): boolean {
  // The modifiers of FETCH begin with a parenthesis too.
  if (parser.peekWord(' (') !== 'LAZY') return false
  parser.space()
  parser.list(() => parser.oneOf(['LAZY'], 'LAZY'), 1)
  return true
}
