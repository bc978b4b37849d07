import assert from 'node:assert/strict'
import { Canonicaliser, LineEndReader } from '../../../server/mime/canonical.ts'
import { readContent, readHtmlDocument } from '../../../server/mime/content.ts'
import { decodeTransfer, transferDecoder } from '../../../server/mime/decode.ts'
import { readExtract } from '../../../server/mime/extract/read-extract.ts'
import { scanHtml } from '../../../server/mime/html-scan.ts'
import { readMbox, writeMboxMessage } from '../../../server/mime/mbox.ts'
import { readNestedMessage } from '../../../server/mime/nested-message.ts'
import { withFiles } from '../../../server/mime/part-files.ts'
import { readPartTree } from '../../../server/mime/part-tree.ts'
import { select } from '../../../server/mime/select.ts'
import { type Part, readStructure } from '../../../server/mime/structure.ts'
import { entity } from '../mail-text.ts'
import { mutate } from '../mutate.ts'
import { inPieces, streamed } from '../pieces.ts'
import type { Target } from '../target.ts'

const ENCODINGS = ['base64', 'quoted-printable', 'x-uuencode', '8bit'] as const
/** Half of a pair, which no URL and no UTF-8 can hold. */
const HALF = /\p{Surrogate}/u

const checkFiles = (raw: Buffer, part: Part): void => {
  const { length } = raw
  for (const { start, bodyStart, end, within } of part.files ?? []) {
    assert.ok(start <= bodyStart && bodyStart <= end && end <= length, 'a file in a part')
    if (within) assert.ok(within.start <= within.end, 'a file in the octets of a part')
  }
  for (const child of part.parts) checkFiles(raw, child)
}

/** However a body is cut, it is decoded to the same. */
const checkDecoders = (octets: Buffer): void => {
  for (const encoding of ENCODINGS) {
    const decoder = transferDecoder(encoding)
    const decoded = [...inPieces(octets)].map(piece => decoder.write(piece))
    const whole = decodeTransfer(octets, encoding)
    assert.ok(Buffer.concat([...decoded, decoder.end()]).equals(whole), encoding)
    // Spaces at the end of a line of uuencode are zeros that many a program takes away: `M` alone stands for 45.
    const most = encoding === 'x-uuencode' ? 63 * octets.length : octets.length
    assert.ok(whole.length <= most, `${encoding} is much longer decoded`)
  }
}

const checkLineEnds = (octets: Buffer): void => {
  const canonicaliser = new Canonicaliser()
  const reader = new LineEndReader()
  const pieces = [...inPieces(octets)].map(piece => {
    reader.take(piece)
    return canonicaliser.take(piece)
  })
  const canonical = Buffer.concat([...pieces, canonicaliser.end()])
  assert.equal(canonical.length, octets.length + reader.ends.bareEnds, 'bare line ends')
  const again = new LineEndReader()
  again.take(canonical)
  assert.deepEqual(again.ends, { ...reader.ends, bareEnds: 0 })
}

const checkScan = (html: string): void => {
  let before = 0
  const see = (start: number, end: number) => {
    assert.ok(start >= before && end > start && end <= html.length, 'place of a tag or text')
    before = end
  }
  scanHtml(html, {
    text: see,
    tag: (_name, _isEnd, start, end) => see(start, end),
    raw: (_name, start, end) => see(start, end),
    doctype: see,
  })
}

/** What is written into an mbox comes out of it again; and whatever an mbox is, it is read. */
const checkMbox = async (octets: Buffer): Promise<void> => {
  const head = { from: octets.toString('latin1', 0, 20), receivedAt: 0, size: octets.length }
  const written: Buffer[] = []
  for await (const piece of writeMboxMessage(head, streamed(inPieces(octets)))) written.push(piece)
  const mbox = Buffer.concat([...written, ...written])
  const found: Buffer[][] = []
  for await (const token of readMbox(streamed(inPieces(mbox)))) {
    if (token === 'begin') found.push([])
    else if (token !== 'end') found.at(-1)?.push(token)
  }
  assert.equal(found.length, 2, 'messages of an mbox')
  for (const pieces of found) assert.ok(Buffer.concat(pieces).equals(octets), 'mbox')

  let size = 0
  for await (const token of readMbox(streamed(inPieces(octets)))) {
    if (token !== 'begin' && token !== 'end') size += token.length
  }
  assert.ok(size <= octets.length)
}

/** Everything that is made of a message once it is there. */
export const target: Target = {
  name: 'content',
  make(random) {
    const mail = () => Buffer.from(entity(random), 'latin1')
    return mutate(mail(), random, mail)
  },
  async check(input) {
    const octets = Buffer.from(input)
    checkDecoders(octets)
    checkLineEnds(octets)
    await checkMbox(octets)
    checkFiles(octets, withFiles(octets, readStructure(octets)))

    const content = await readContent(octets)
    const { text, html, plainText, preview, searchText, attachments, warnings } = content
    for (const each of [text, html, plainText, preview, searchText, ...warnings]) {
      assert.doesNotMatch(each ?? '', HALF)
    }
    for (const { name, size } of attachments) {
      assert.doesNotMatch(name, HALF, 'the name of an attachment')
      assert.ok(size <= 63 * octets.length)
    }
    assert.ok(warnings.length <= 50)
    if (html !== null) {
      checkScan(html)
      select([html], 'a[href] > b, td:first-child')
    }
    const document = await readHtmlDocument(octets)
    assert.equal(document === null, html === null)
    const { links, codes } = await readExtract(octets)
    for (const link of links) assert.doesNotMatch(link.href + link.text, HALF, 'a link')
    for (const code of codes) assert.ok(code.value.length > 0)
    readPartTree(octets)
    await readNestedMessage(octets, '2')
  },
}
