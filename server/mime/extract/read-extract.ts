import { type Header, readHeader } from '../header.ts'
import { readHtmlText } from '../html-text.ts'
import { sortLeaves } from '../leaves.ts'
import { withFiles } from '../part-files.ts'
import { readStructure } from '../structure.ts'
import { summarise } from '../summary.ts'
import { TextReader } from '../text-reader.ts'
import { type Extract, extract } from './extract.ts'

/**
 * The links and codes of a mail. Heavy, so it belongs into the worker; and apart from its content, since it takes as long
 * again, and nearly nobody asks for it of most mails.
 */
export async function readExtract(raw: Buffer): Promise<Extract> {
  const header = readHeader(raw)
  const leaves = sortLeaves(withFiles(raw, readStructure(raw)))
  const reader = new TextReader(raw)
  const texts = await reader.read(leaves.text)
  const htmls = await reader.read(leaves.html)
  return extract({
    subject: summarise(header).subject,
    unsubscribe: listUnsubscribe(header),
    texts,
    htmls: htmls.map(({ part, text }) => ({ part, html: text, reading: readHtmlText(text) })),
  })
}

/** The addresses of the List-Unsubscribe field (RFC 2369 §3.2). */
function listUnsubscribe(header: Header): ReadonlySet<string> {
  const text = header.first('list-unsubscribe')?.text ?? ''
  return new Set([...text.matchAll(/<([^<>\s]+)>/g)].map(([, address = '']) => address))
}
