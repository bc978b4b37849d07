import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readContent } from '../../server/mime/content.ts'
import { partBytes } from '../../server/mime/decode.ts'
import { withFiles } from '../../server/mime/part-files.ts'
import { findPart, readStructure } from '../../server/mime/structure.ts'

const WINMAIL =
  'eJ8+IgEAAgKQBgAOAAAAAAAAAAAAAAAAAAAAAAAAAAIQgAEABgAAAGIudHh0AAAAAg+ABgAFAAAAaGVsbG8AAA=='
const MAIL = Buffer.from(
  [
    'From: a@x.test',
    'Date: Tue, 10 Mar 2026 10:00:00 +0100',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'before',
    'begin 644 ../caf\u00e9.txt',
    '%:&5L;&\\',
    '`',
    'end',
    'after',
    '--b',
    'Content-Type: application/ms-tnef; name=winmail.dat',
    'Content-Transfer-Encoding: base64',
    '',
    WINMAIL,
    '--b--',
    '',
  ].join('\r\n'),
)

test('files that are no parts are listed, and found by a number of their own (fault 7)', async () => {
  const { text, attachments } = await readContent(MAIL)
  assert.equal(text, 'before\nafter')
  assert.deepEqual(
    attachments.map(({ part, name, size }) => [part, name, size]),
    [
      ['1.1', '../café.txt', 5],
      ['2', 'winmail.dat', Buffer.from(WINMAIL, 'base64').length],
      ['2.1', 'b.txt', 5],
    ],
  )
  const root = withFiles(MAIL, readStructure(MAIL))
  for (const number of ['1.1', '2.1']) {
    const part = findPart(root, number)
    assert.ok(part)
    assert.equal(partBytes(MAIL, part).toString(), 'hello')
  }
})

test('a mail without any keeps its tree', () => {
  const raw = Buffer.from('Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbegin here\n--b--')
  const root = readStructure(raw)
  assert.equal(withFiles(raw, root), root)
})
