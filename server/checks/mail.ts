import { excerpt } from '../mime/excerpt.ts'
import { type Field, type Header, readHeader } from '../mime/header.ts'
import { type HtmlTree, parseHtml } from '../mime/html-tree.ts'
import { type Leaves, sortLeaves } from '../mime/leaves.ts'
import { withFiles } from '../mime/part-files.ts'
import { type Part, readStructure } from '../mime/structure.ts'
import { TextReader } from '../mime/text-reader.ts'
import { excerptOf, Lines } from './lines.ts'
import type { Place } from './report.ts'
import { lineOf, SourceLines } from './source-lines.ts'

/** Characters of HTML that are looked at in one mail. */
export const MAX_HTML = 2 * 1024 * 1024

/** A text or HTML part as it is read: decoded, with LF line ends. */
export type TextPart = {
  readonly part: Part
  readonly text: string
}

/** An HTML part, its tree, and how to say where something stands in it. */
export type HtmlPart = TextPart & {
  readonly tree: HtmlTree
  /** The tree lacks the end of the part: what passes the limits is not looked at. */
  readonly isCut: boolean
  /** @param end Where what is quoted ends */
  place(start: number, end?: number): Place
}

/** A mail as the checks look at it. */
export type CheckedMail = {
  readonly raw: Buffer
  readonly header: Header
  readonly root: Part
  readonly leaves: Leaves
  readonly texts: readonly TextPart[]
  readonly htmls: readonly HtmlPart[]
  placeOf(field: Field): Place
}

/** Reads a mail for the checks. Total, and linear. */
export async function readMail(raw: Buffer): Promise<CheckedMail> {
  const header = readHeader(raw)
  const root = withFiles(raw, readStructure(raw))
  const leaves = sortLeaves(root)
  const reader = new TextReader(raw)
  let left = MAX_HTML
  const htmls: HtmlPart[] = []
  for (const { part, text } of await read(reader, leaves.html)) {
    htmls.push(htmlPart(raw, part, text, left))
    left = Math.max(left - text.length, 0)
  }
  return {
    raw,
    header,
    root,
    leaves,
    texts: await read(reader, leaves.text),
    htmls,
    placeOf: field => ({
      header: field.name,
      sourceLine: lineOf(raw, field.start),
      excerpt: excerptOf(field.text.trim(), 0),
    }),
  }
}

async function read(reader: TextReader, parts: readonly Part[]): Promise<readonly TextPart[]> {
  const read: TextPart[] = []
  for (const part of parts) {
    const [said] = await reader.read([part])
    read.push({ part, text: said?.text ?? '' })
  }
  return read
}

function htmlPart(raw: Buffer, part: Part, whole: string, most: number): HtmlPart {
  const text = excerpt(whole, most)
  const tree = parseHtml(text)
  const lines = new Lines(text)
  const source = new SourceLines(raw, part)
  return {
    part,
    text: whole,
    tree,
    isCut: tree.isCut || text.length < whole.length,
    place(start, end = start) {
      const { line, column } = lines.at(start)
      const sourceLine = source.at(line, text.slice(start - column + 1, start))
      return {
        part: part.number,
        line,
        column,
        ...(sourceLine === undefined ? {} : { sourceLine }),
        ...(end > start ? { excerpt: excerptOf(text, start, end) } : {}),
      }
    },
  }
}
