import { decodeText } from './charset.ts'
import { decodeTransfer } from './decode.ts'
import { collapse, fold } from './fold.ts'
import { readHeader } from './header.ts'
import { shownText } from './html-text.ts'
import { fileName } from './leaves.ts'
import { type Part, readStructure } from './structure.ts'
import { charsetOf, MAX_TEXT } from './text-reader.ts'

/**
 * Whether the text of a message holds another, as a mail client searches for it (RFC 9051 §6.4.4): in the bodies of
 * all its text and message parts, those of nested messages among them, without their transfer encodings and charsets;
 * HTML counts as its source and as what a person reads in it. `withHeaders` looks into all headers first, encoded-words
 * and parameters decoded. Not more than {@link MAX_TEXT} octets of bodies are looked at.
 *
 * @param wanted Folded, white space runs as one space
 */
export function holdsText(
  raw: Buffer,
  wanted: string,
  { withHeaders }: { readonly withHeaders: boolean },
): boolean {
  const isIn = finder(wanted)
  const root = readStructure(raw)
  if (withHeaders) for (const text of headerTexts(raw, root)) if (isIn(text)) return true
  for (const text of bodyTexts(raw, root)) if (isIn(text)) return true
  return false
}

/** Characters that are folded at a time: a fold of many million takes the worker's heap. */
const PIECE = 256 * 1024

/** Tells whether a text holds what is wanted. */
function finder(wanted: string): (text: string) => boolean {
  const folded = wanted.includes(' ') ? (text: string) => collapse(fold(text)) : fold
  const seam = wanted.includes(' ') ? collapse : (text: string) => text
  return text => {
    let tail = ''
    for (let at = 0; at < text.length; ) {
      const piece = pieceAt(text, at)
      const there = seam(tail + folded(piece))
      if (there.includes(wanted)) return true
      tail = there.slice(-wanted.length)
      at += piece.length
    }
    return false
  }
}

/** Up to a white space where there is one: no character that folds together with the next is the last. */
function pieceAt(text: string, at: number): string {
  const piece = text.slice(at, at + PIECE)
  if (at + PIECE >= text.length) return piece
  const end = Math.max(piece.lastIndexOf(' '), piece.lastIndexOf('\n'))
  return end > 0 ? piece.slice(0, end) : piece
}

/** The fields of every header, as `Name: value`, and the names of files. */
function* headerTexts(raw: Buffer, part: Part): Generator<string> {
  for (const { name, value } of readHeader(raw.subarray(part.start, part.bodyStart)).fields) {
    yield `${name}: ${value}`
  }
  yield fileName(part)
  for (const inner of part.parts) yield* headerTexts(raw, inner)
}

function* bodyTexts(raw: Buffer, root: Part): Generator<string> {
  let left = MAX_TEXT
  for (const part of leaves(root)) {
    if (!isText(part)) continue
    const end = Math.min(part.end, part.bodyStart + left)
    left -= end - part.bodyStart
    const bytes = decodeTransfer(raw.subarray(part.bodyStart, end), part.encoding)
    const text = decodeText(bytes, charsetOf(part, bytes))
    yield part.parameters.get('delsp')?.toLowerCase() === 'yes' ? joined(text) : text
    if (part.type === 'text/html') yield shownText(text)
  }
}

function* leaves(part: Part): Generator<Part> {
  if (part.parts.length === 0) yield part
  else for (const inner of part.parts) yield* leaves(inner)
}

/** A multipart without any part in it is shown as text, too. */
function isText({ type }: Part): boolean {
  return /^(?:text|message|multipart)\//.test(type)
}

/** Lines that were broken without white space to break them at (RFC 3676 §4.2); that above a signature is none (§4.3). */
function joined(text: string): string {
  return text.replace(/(?<!(?:^|\n)--) \r?\n/g, '')
}
