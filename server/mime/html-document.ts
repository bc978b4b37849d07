import { decodeHTML } from 'entities'
import { scanHtml } from './html-scan.ts'

/** An image part that an HTML part may show by `cid:`. */
export type Image = { readonly contentType: string; readonly bytes: Buffer }

/** Octets of images that one document may hold; what does not fit becomes a placeholder. */
export const MAX_INLINE_IMAGES = 16 * 1024 * 1024

/** Every Content-ID that the HTML refers to, as the references write it and as they mean it (RFC 2392 §2). */
export function referencedCids(html: string): ReadonlySet<string> {
  const cids = new Set<string>()
  if (!/cid:/i.test(html)) return cids
  eachReference(html, (_start, candidates) => {
    for (const { cid } of candidates) cids.add(cid)
    return shortest(candidates)
  })
  return cids
}

/**
 * The document for the isolated mail frame: `cid:` references become `data:` URIs of the images, or of a
 * neutral placeholder, and links open in a new tab that knows nothing of this one; nothing else is changed. Takes
 * documents and fragments.
 * `images` goes by Content-ID without angle brackets. With `keepsPictures` the pictures in it are turned to their
 * negatives: who shows the whole document as its negative shows them as they are. Linear.
 */
export function htmlDocument(
  html: string,
  images: ReadonlyMap<string, Image>,
  { keepsPictures = false } = {},
): string {
  const edits: Edit[] = []
  const baseAt = basePosition(html)
  let left = MAX_INLINE_IMAGES
  eachReference(html, (start, candidates) => {
    const known = candidates.find(({ cid }) => images.has(cid))
    const image = known && images.get(known.cid)
    const type = image && IMAGE_TYPES.get(image.contentType)
    const length = known?.length ?? shortest(candidates)
    if (image && type && image.bytes.length <= left) {
      left -= image.bytes.length
      const text = `data:${type};base64,${image.bytes.toString('base64')}`
      edits.push({ start, end: start + length, text })
    } else {
      edits.push({ start, end: start + length, text: PLACEHOLDER })
    }
    return length
  })
  const base = edits.findIndex(edit => edit.start >= baseAt)
  const baseEdit = { start: baseAt, end: baseAt, text: keepsPictures ? BASE + NEGATIVES : BASE }
  edits.splice(base === -1 ? edits.length : base, 0, baseEdit)
  return withoutOpener(applied(html, edits))
}

const BASE = '<base target="_blank">'

/**
 * A page that a link leads to could send the tab of the mail elsewhere, if the link says `rel="opener"` or has a target of
 * its own. The first of two attributes counts (HTML §13.2.5.33). Wherever a tag could begin: what is a tag only the
 * browser's parser knows, and without quotes it harms nothing where there is none.
 */
const withoutOpener = (html: string): string =>
  html.replace(/<(?:a|area)(?=[\s/>])/gi, '$& target=_blank rel=noreferrer ')

/** An element with a picture behind text is left alone: turned back, its text would be dark on dark. */
const NEGATIVES =
  '<style>img,video,svg image,input[type=image]{filter:invert(1) hue-rotate(180deg)!important}</style>'

type Edit = { readonly start: number; readonly end: number; readonly text: string }

/** A reading of a reference: the Content-ID, and how many characters of the document it takes with its scheme. */
type Candidate = { readonly cid: string; readonly length: number }

function shortest(candidates: readonly Candidate[]): number {
  return Math.min(...candidates.map(({ length }) => length))
}

/** Types that an image element shows; an SVG in one runs no script and loads nothing. */
const IMAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ['image/png', 'image/png'],
  ['image/jpeg', 'image/jpeg'],
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/gif', 'image/gif'],
  ['image/webp', 'image/webp'],
  ['image/bmp', 'image/bmp'],
  ['image/svg+xml', 'image/svg+xml'],
])

/** Where a reference is no image: it stays as it is, and leads nowhere. */
const NO_IMAGE_IN: ReadonlySet<string> = new Set([
  'a',
  'area',
  'base',
  'embed',
  'form',
  'frame',
  'iframe',
  'link',
  'meta',
  'object',
  'script',
])

/** A grey square, with nothing in it that would end an attribute value or a CSS `url()`. */
const PLACEHOLDER =
  'data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20width=%2232%22%20height=%2232%22%3E%3Cpath%20fill=%22%23bbb%22%20d=%22M0%200h32v32H0z%22/%3E%3C/svg%3E'

const CID = /(?<![\w-])cid:[^"'<>()]{0,1000}/gi

/**
 * Calls back for each `cid:` in attribute values and style sheets, in order; the answer is how many characters
 * the reference takes.
 */
function eachReference(
  html: string,
  found: (start: number, candidates: readonly Candidate[]) => number,
): void {
  const search = (start: number, end: number) => {
    const slice = html.slice(start, end)
    const cid = new RegExp(CID)
    for (let match = cid.exec(slice); match; match = cid.exec(slice)) {
      cid.lastIndex = match.index + found(start + match.index, candidatesOf(match[0]))
    }
  }
  scanHtml(html, {
    tag(name, isEnd, start, end) {
      if (!isEnd && !NO_IMAGE_IN.has(name)) search(start, end)
    },
    raw(name, start, end) {
      if (name === 'style') search(start, end)
    },
  })
}

/** The reference up to its quote or bracket; and, where there is white space or a comma in it, up to that. */
function candidatesOf(text: string): readonly Candidate[] {
  const whole = text.split(/&(?:quot|apos|#34|#39|#x22|#x27);/i, 1)[0] ?? ''
  const word = /^[^\s,]*/.exec(whole)?.[0] ?? ''
  const readings = new Set([whole.trimEnd(), word])
  return [...readings].flatMap(reading => {
    const written = reading.slice('cid:'.length)
    const meant = percentDecoded(decodeHTML(written))
    return [...new Set([meant, written])].map(cid => ({ cid, length: reading.length }))
  })
}

/** Text that is not percent-encoded at all is itself. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not percent-encoded at all: as it was written.
    return text
  }
}

/** As early as it can stand: in the head, after the doctype. */
function basePosition(html: string): number {
  let position = 0
  let isDecided = false
  scanHtml(html, {
    doctype(_start, end) {
      if (!isDecided) position = end
    },
    tag(name, isEnd, _start, end) {
      if (isDecided) return
      isDecided = isEnd || name !== 'html'
      if (!isEnd && (name === 'html' || name === 'head')) position = end
    },
    text(start, end) {
      if (html.slice(start, end).trim() !== '') isDecided = true
    },
  })
  return position
}

function applied(html: string, edits: readonly Edit[]): string {
  const pieces: string[] = []
  let at = 0
  for (const { start, end, text } of edits) {
    pieces.push(html.slice(at, start), text)
    at = end
  }
  pieces.push(html.slice(at))
  return pieces.join('')
}
