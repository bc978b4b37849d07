import { decodeHTML } from 'entities'
import { excerpt } from './excerpt.ts'
import { scanHtml } from './html-scan.ts'

/** Characters of HTML that text is made from: more than anybody reads, and what the worker's heap bears. */
export const MAX_HTML = 4 * 1024 * 1024

/** HTML as plain text: what a person would read in it, with a line for each block. Linear. */
export function htmlToText(source: string): string {
  return readHtmlText(source).text.replaceAll('\t', ' ')
}

/** The text of a document, and where its links and pictures are. Offsets of tags are into the document. */
export type HtmlText = {
  /** Lines between LF, an empty one between paragraphs, the cells of a row between tabs. */
  readonly text: string
  /** The same with its character references, into which the places of links are offsets. */
  readonly encoded: string
  /** In order; at most {@link MAX_TAGS}, and as many pictures. */
  readonly anchors: readonly Anchor[]
  readonly images: readonly TagSpan[]
}

/** Where a tag is. */
export type TagSpan = { readonly start: number; readonly end: number }

/** A link. */
export type Anchor = TagSpan & {
  /** Its text in `encoded`. */
  readonly from: number
  readonly to: number
  /** The first picture in it. */
  readonly image: TagSpan | null
  /** Whether a button element is in it. */
  readonly holdsButton: boolean
}

export const MAX_TAGS = 2_000

/** Told of each tag before its text is read; says whether text is to be left out from here on. */
export type HiddenText = {
  tag(name: string, isEnd: boolean, start: number, end: number): void
  readonly isHidden: boolean
}

/** What a person would read in a document, without what `hidden` leaves out. Linear. */
export function readHtmlText(source: string, hidden?: HiddenText): HtmlText {
  const html = excerpt(source, MAX_HTML)
  const anchors: Anchor[] = []
  const images: TagSpan[] = []
  let open: { -readonly [K in keyof Anchor]: Anchor[K] } | null = null
  let out = ''
  // What parts the text so far from the next: it goes into `out` with that.
  let lines = 0
  let isCell = false
  let isSpace = false

  const add = (start: number, end: number) => {
    if (hidden?.isHidden) return
    let from = start
    while (from < end && isBlank(html.charCodeAt(from))) from++
    if (from > start) isSpace = true
    if (from === end) return
    let to = end
    while (isBlank(html.charCodeAt(to - 1))) to--
    if (out !== '') {
      if (lines > 0) out += lines > 1 ? '\n\n' : '\n'
      else if (isCell) out += '\t'
      else if (isSpace) out += ' '
    }
    lines = 0
    isCell = false
    isSpace = to < end
    const piece = html.slice(from, to)
    out += UNEVEN.test(piece) ? piece.replace(BLANKS, ' ') : piece
  }
  const close = () => {
    if (!open) return
    open.to = out.length
    anchors.push(open)
    open = null
  }
  scanHtml(html, {
    text: add,
    raw(name, start, end) {
      if (name === 'textarea' || name === 'xmp') add(start, end)
    },
    tag(name, isEnd, start, end) {
      hidden?.tag(name, isEnd, start, end)
      if (PARAGRAPHS.has(name)) lines += 2
      else if (BLOCKS.has(name)) lines++
      else if (CELLS.has(name)) isCell ||= !isEnd
      else if (name === 'a' || name === 'area') {
        // A link in a link ends it.
        close()
        if (isEnd || anchors.length >= MAX_TAGS || hidden?.isHidden) return
        open = { start, end, from: out.length, to: out.length, image: null, holdsButton: false }
        if (name === 'area') close()
      } else if (name === 'img' && !hidden?.isHidden) {
        const image = { start, end }
        if (images.length < MAX_TAGS) images.push(image)
        if (open) open.image ??= image
      } else if (name === 'button' && open) open.holdsButton = true
    },
  })
  close()
  return { text: decoded(out), encoded: out, anchors, images }
}

/** The text of a document with white space as it stands there and each block on lines of its own: to look for words in. */
export function shownText(source: string): string {
  const html = excerpt(source, MAX_HTML)
  let out = ''
  const add = (start: number, end: number) => {
    out += html.slice(start, end)
  }
  scanHtml(html, {
    text: add,
    raw(name, start, end) {
      if (name === 'textarea' || name === 'xmp') add(start, end)
    },
    tag(name, isEnd) {
      if (PARAGRAPHS.has(name)) out += '\n\n'
      else if (BLOCKS.has(name)) out += '\n'
      else if (CELLS.has(name) && !isEnd) out += ' '
    },
  })
  return out.includes('&') ? decodeHTML(out) : out
}

/** Encoded text as a person reads it. */
export function decoded(encoded: string): string {
  if (!encoded.includes('&')) return encoded.trim()
  return decodeHTML(encoded)
    .replace(/[ \t]{2,}/g, run => (run.includes('\t') ? '\t' : ' '))
    .replace(/[ \t]?\n[ \t]?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const BLANKS = /[ \t\r\n\f]+/g
const UNEVEN = /[\t\r\n\f]| {2}/

function isBlank(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d && unit !== 0x0b)
}

const PARAGRAPHS: ReadonlySet<string> = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
const CELLS: ReadonlySet<string> = new Set(['td', 'th'])
const BLOCKS: ReadonlySet<string> = new Set([
  'address',
  'article',
  'aside',
  'blockquote',
  'body',
  'br',
  'center',
  'dd',
  'div',
  'dl',
  'dt',
  'fieldset',
  'footer',
  'form',
  'header',
  'hr',
  'li',
  'main',
  'nav',
  'ol',
  'option',
  'pre',
  'section',
  'table',
  'tr',
  'ul',
])
