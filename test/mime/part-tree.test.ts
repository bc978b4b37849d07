import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partBytes } from '../../server/mime/decode.ts'
import { type MessagePart, readPartTree } from '../../server/mime/part-tree.ts'
import { findPart, readStructure } from '../../server/mime/structure.ts'
import { corpusMails } from '../helpers/corpus.ts'

const inner = [
  'Subject: Inner',
  'Content-Type: multipart/alternative; boundary=c',
  '',
  '--c',
  '',
  'Hi',
  '--c--',
].join('\r\n')

const message = [
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'Gr=C3=BC=C3=9Fe',
  '--b',
  'Content-Type: image/png; name="a.png"',
  'Content-Transfer-Encoding: BASE64',
  "Content-Disposition: strange; filename*=utf-8''%E2%82%AC.png",
  'Content-ID: <logo@x>',
  '',
  'iVBORw0KGgo=',
  '--b',
  'Content-Type: message/rfc822',
  'Content-Disposition: inline',
  '',
  inner,
  '--b--',
  '',
].join('\r\n')

const leaf: MessagePart = {
  part: '',
  contentType: 'text/plain',
  charset: null,
  encoding: '7bit',
  disposition: null,
  name: '',
  cid: null,
  octets: 0,
  size: 0,
  parts: [],
}

test('The tree tells what each part says of itself, and its size before and after decoding', () => {
  const { parts, ...root } = readPartTree(Buffer.from(message))
  assert.equal(root.part, '')
  assert.equal(root.contentType, 'multipart/mixed')
  assert.equal(root.size, root.octets)
  assert.deepEqual(parts, [
    {
      ...leaf,
      part: '1',
      charset: 'utf-8',
      encoding: 'quoted-printable',
      octets: 'Gr=C3=BC=C3=9Fe'.length,
      size: Buffer.byteLength('Grüße'),
    },
    {
      ...leaf,
      part: '2',
      contentType: 'image/png',
      encoding: 'base64',
      disposition: 'attachment',
      name: '€.png',
      cid: 'logo@x',
      octets: 12,
      size: 8,
    },
    {
      ...leaf,
      part: '3',
      contentType: 'message/rfc822',
      disposition: 'inline',
      octets: inner.length,
      size: inner.length,
      parts: [
        {
          ...leaf,
          part: '3',
          contentType: 'multipart/alternative',
          octets: '--c\r\n\r\nHi\r\n--c--'.length,
          size: '--c\r\n\r\nHi\r\n--c--'.length,
          parts: [{ ...leaf, part: '3.1', octets: 2, size: 2 }],
        },
      ],
    },
  ])
})

test('A file that is written into a text is a part of that text', () => {
  const body = 'Hello\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n'
  const root = readPartTree(Buffer.from(`Subject: x\r\n\r\n${body}`))
  assert.equal(root.part, '1')
  assert.deepEqual(
    root.parts.map(({ part, name, size }) => ({ part, name, size })),
    [{ part: '1.1', name: 'a.txt', size: 3 }],
  )
})

test('Of every mail there is a tree, and its sizes are those of the parts that are downloaded', () => {
  let leaves = 0
  for (const raw of corpusMails()) {
    const structure = readStructure(raw)
    const visit = (part: MessagePart): void => {
      for (const child of part.parts) visit(child)
      const found = findPart(structure, part.part)
      if (part.parts.length > 0 || !found || found.parts.length > 0) return
      assert.equal(part.size, partBytes(raw, found).length)
      leaves++
    }
    visit(readPartTree(raw))
  }
  assert.ok(leaves > 500, `${leaves} leaves`)
})
