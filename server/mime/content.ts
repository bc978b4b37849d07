import { createHash } from 'node:crypto'
import type { Attachment } from './attachment.ts'
import { decodeTransfer, partBytes, transferFault } from './decode.ts'
import { headerFaults, lineFaults, nameFaults, structureFaults } from './faults.ts'
import { readHeader } from './header.ts'
import { htmlDocument, type Image, referencedCids } from './html-document.ts'
import { framedDocument } from './html-frames.ts'
import { htmlToText } from './html-text.ts'
import { contentId, fileName, sortLeaves } from './leaves.ts'
import { nestedMessage } from './nested-message.ts'
import { withFiles } from './part-files.ts'
import { countRemoteReferences } from './remote-references.ts'
import { previewOf, searchTextOf } from './search-text.ts'
import { type Part, readStructure } from './structure.ts'
import { summarise } from './summary.ts'
import { type PartText, TextReader } from './text-reader.ts'

/** Warnings that one message may have. */
export const MAX_WARNINGS = 50

/** Where a message lies: a slice of a file, or bytes in memory (`--memory`). */
export type ContentSource =
  | { readonly path: string; readonly start: number }
  | { readonly bytes: Uint8Array }

export type { Attachment }

/** Everything that is known of a mail once it is parsed. */
export type Content = {
  /** The text/plain body, null where there is none. */
  readonly text: string | null
  /** The HTML source as it was sent, null where there is none; several parts one after the other, for programs. */
  readonly html: string | null
  /** `text`, or else text made from the first 4 Mi characters of each HTML part; `''` where there is neither. */
  readonly plainText: string
  readonly attachments: readonly Attachment[]
  /** The first 200 or so characters that a person would read, on one line. */
  readonly preview: string
  /** Subject, addresses, text and file names, NFKC and lower case, at most 64 KiB of UTF-8. */
  readonly searchText: string
  /** True where `searchText` was cut. */
  readonly searchTextCut: boolean
  /** True where `searchText` has all text that the bodies have: the mail is one text/plain part. */
  readonly searchTextWhole: boolean
  /** How many references to outside the HTML holds (images, style sheets, fonts, media). */
  readonly remoteReferences: number
  /** What is wrong with the mail, header block included, in words for the app's developer. */
  readonly warnings: readonly string[]
}

/**
 * Reads a mail whole. Heavy: it belongs into the worker. Our own structure decides what is body and what is
 * attachment, so that no mail is too deep or too large and no part runs into the next.
 * Total: whatever the octets are, there is a content.
 */
export async function readContent(raw: Buffer): Promise<Content> {
  const header = readHeader(raw)
  const summary = summarise(header)
  const root = withFiles(raw, readStructure(raw))
  const leaves = sortLeaves(root)
  const reader = new TextReader(raw)
  const texts = textsOf(await reader.read(leaves.text))
  const htmls = textsOf(await reader.read(leaves.html))

  const text = texts.length > 0 ? texts.join('\n') : null
  const html = htmls.length > 0 ? htmls.join('\n') : null
  const plainText = text?.trim() ? text : htmls.map(htmlToText).join('\n')
  const cids = allReferencedCids(htmls)
  const faults: string[] = []
  const attachments = leaves.attachments.map(part => {
    const { bytes, fault } = readBytes(raw, part)
    if (fault !== null) faults.push(`Part ${part.number} ${fault}.`)
    return toAttachment(part, bytes, leaves.nested.has(part) ? NO_CIDS : cids)
  })
  const search = searchTextOf(
    summary,
    attachments.map(({ name }) => name),
    plainText,
  )
  return {
    text,
    html,
    plainText,
    attachments,
    preview: previewOf(plainText),
    searchText: search.text,
    searchTextCut: search.isCut,
    searchTextWhole: !search.isCut && leaves.text[0] === root && !root.files,
    remoteReferences: htmls.reduce((sum, part) => sum + countRemoteReferences(part), 0),
    warnings: limited([
      ...summary.warnings,
      ...headerFaults(raw, header),
      ...lineFaults(raw),
      ...structureFaults(raw, root),
      ...reader.warnings,
      ...faults,
      ...nameFaults(attachments.map(({ name }) => name)),
    ]),
  }
}

/** How the HTML of a mail is to be seen. */
export type HtmlView = {
  /** The number of a message/rfc822 part: the HTML of the message in it. */
  readonly part?: string
  /** As a mail program would show it that makes every mail dark, roughly. */
  readonly isForcedDark?: boolean
}

/**
 * The finished document of the mail's HTML for the isolated frame, null where the mail (or the part) has none. Heavy as
 * well.
 */
export async function readHtmlDocument(
  message: Buffer,
  { part, isForcedDark = false }: HtmlView = {},
): Promise<string | null> {
  const raw = part === undefined ? message : nestedMessage(message, part)
  if (!raw) return null
  const leaves = sortLeaves(withFiles(raw, readStructure(raw)))
  const htmls = textsOf(await new TextReader(raw).read(leaves.html))
  if (htmls.length === 0) return null
  const cids = allReferencedCids(htmls)
  const images = new Map<string, Image>()
  for (const part of leaves.attachments) {
    if (leaves.nested.has(part)) continue
    const cid = contentId(part)
    if (cid !== null && cids.has(cid) && !images.has(cid) && part.type.startsWith('image/')) {
      images.set(cid, { contentType: part.type, bytes: partBytes(raw, part) })
    }
  }
  const documents = htmls.map(html => htmlDocument(html, images, { keepsPictures: isForcedDark }))
  const [only] = documents
  if (documents.length === 1 && only !== undefined) return only
  return framedDocument(documents.map((document, i) => ({ document, html: htmls[i] ?? '' })))
}

const textsOf = (parts: readonly PartText[]) => parts.map(({ text }) => text)

function allReferencedCids(htmls: readonly string[]): ReadonlySet<string> {
  return new Set(htmls.flatMap(html => [...referencedCids(html)]))
}

const NO_CIDS: ReadonlySet<string> = new Set()

function limited(warnings: readonly string[]): readonly string[] {
  if (warnings.length <= MAX_WARNINGS) return warnings
  const left = warnings.length - MAX_WARNINGS + 1
  return [...warnings.slice(0, MAX_WARNINGS - 1), `There are ${left} more faults.`]
}

function readBytes(raw: Buffer, part: Part): { bytes: Buffer; fault: string | null } {
  // The faults of what a file lies in are told once, with that.
  if (part.within) return { bytes: partBytes(raw, part), fault: null }
  const body = raw.subarray(part.bodyStart, part.end)
  const bytes = decodeTransfer(body, part.encoding)
  return { bytes, fault: transferFault(body, part.encoding, bytes) }
}

function toAttachment(part: Part, bytes: Buffer, cids: ReadonlySet<string>): Attachment {
  const cid = contentId(part)
  return {
    part: part.number,
    name: fileName(part),
    contentType: part.type,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    cid,
    inline: cid !== null && cids.has(cid),
  }
}
