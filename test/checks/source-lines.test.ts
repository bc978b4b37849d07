import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineOf, SourceLines } from '../../server/checks/source-lines.ts'
import { readStructure } from '../../server/mime/structure.ts'

const linesOf = (body: string, encoding: string, end = '\r\n') => {
  const raw = Buffer.from(
    `Subject: x\nContent-Transfer-Encoding: ${encoding}\n\n${body}`.replaceAll('\n', end),
  )
  return new SourceLines(raw, readStructure(raw))
}

test('a line of the text is one of the message, after its header', () => {
  for (const end of ['\r\n', '\n']) {
    const lines = linesOf('a\nb\nc', '8bit', end)
    assert.deepEqual([lines.at(1, ''), lines.at(3, ''), lines.at(4, '')], [4, 6, undefined])
  }
})

test('soft line breaks of quoted-printable are counted, up to the place', () => {
  const lines = linesOf('one=\n two=C3=BC=\n three\nfour=0D=0Afive\nsix', 'quoted-printable')
  assert.equal(lines.at(1, ''), 4)
  assert.equal(lines.at(1, 'one tw'), 5)
  assert.equal(lines.at(1, 'one twoü thr'), 6)
  assert.equal(lines.at(2, ''), 7)
  assert.equal(lines.at(3, ''), 7, 'an encoded line end')
  assert.equal(lines.at(4, ''), 8)
})

test('where lines say nothing there are none', () => {
  assert.equal(linesOf('YQ==', 'base64').at(1, ''), undefined)
  assert.equal(linesOf('a\nb', '7bit', '\r').at(2, ''), undefined)
})

test('the line of an octet', () => {
  const raw = Buffer.from('a\nb\r\nc')
  assert.deepEqual(
    [0, 1, 2, 4, 5].map(at => lineOf(raw, at)),
    [1, 1, 2, 2, 3],
  )
})
