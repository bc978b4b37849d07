import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withFiles } from '../../server/mime/part-files.ts'
import { readStructure } from '../../server/mime/structure.ts'
import { MAX_TEXT, TextReader } from '../../server/mime/text-reader.ts'

async function read(message: string, encoding: BufferEncoding = 'utf8') {
  const raw = Buffer.from(message, encoding)
  const root = readStructure(raw)
  const reader = new TextReader(raw)
  const texts = await reader.read(root.parts.length > 0 ? root.parts : [root])
  return { texts: texts.map(({ text }) => text), warnings: reader.warnings }
}

test('each part by itself, with its own encoding and charset', async () => {
  const { texts, warnings } = await read(
    'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=iso-8859-1\n\na=E4\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGI+w6Q8L2I+\n--b\n\n\n--b--',
  )
  assert.deepEqual(texts, ['aä', '<b>ä</b>'])
  assert.deepEqual(warnings, [])
})

test('a text is told with the number of its part; a part without octets has none', async () => {
  const raw = Buffer.from('Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\n--b\n\none\n--b--')
  assert.deepEqual(await new TextReader(raw).read(readStructure(raw).parts), [
    { part: '2', text: 'one' },
  ])
})

test('format=flowed is joined (RFC 3676)', async () => {
  const { texts } = await read(
    'Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\none \ntwo',
  )
  assert.deepEqual(texts, ['onetwo'])
})

test('a wrong or missing label has a second guess', async () => {
  assert.deepEqual(
    (await read('Content-Type: text/plain; charset=utf-8\n\nGr\xf6\xdfe', 'latin1')).texts,
    ['Größe'],
  )
  assert.deepEqual((await read('\nGr\xf6\xdfe', 'latin1')).texts, ['Größe'])
  assert.deepEqual(
    (await read('Content-Type: text/html\n\n<meta charset=koi8-r>\xcf', 'latin1')).texts,
    ['<meta charset=koi8-r>о'],
  )
})

test('the charset that HTML names itself (fault 12)', async () => {
  const meta = '<meta http-equiv=Content-Type content="text/html; charset=koi8-r">\xcf'
  const read1 = async (header: string, body: string) =>
    (await read(`${header}\n\n${body}`, 'latin1')).texts[0]?.at(-1)
  assert.equal(await read1('Content-Type: text/html', meta), 'о')
  assert.equal(await read1('Content-Type: text/html; charset=iso-8859-5', meta), 'Я')
  assert.equal(await read1('Content-Type: text/plain', '<meta charset="koi8-r">\xe4'), 'ä')
})

test('what is wrong with a part', async () => {
  const fault = async (header: string, body: string) =>
    (await read(`Content-Type: text/plain; ${header}\n\n${body}`)).warnings
  assert.deepEqual(await fault('charset=us-ascii', 'fine'), [])
  assert.deepEqual(await fault('charset=utf-8\nContent-Transfer-Encoding: 8bit', 'ä'), [])
  assert.deepEqual(await fault('charset=utf-8', 'ä'), [
    'Part 1 holds 8-bit octets, but its Content-Transfer-Encoding is 7bit.',
  ])
  assert.deepEqual(await fault('charset=us-ascii\nContent-Transfer-Encoding: 8bit', 'ä'), [
    'Part 1: us-ascii is named for 8-bit text; it is read as UTF-8.',
  ])
  assert.deepEqual(await fault('charset=x\nContent-Transfer-Encoding: base64', 'YQ!=='), [
    'Part 1 has “!” in its base64, which is passed over.',
    'Part 1: the charset “x” is unknown.',
  ])
})

test('a bare CR ends a line (fault 9)', async () => {
  assert.deepEqual((await read('\na\rb\r\nc')).texts, ['a\nb\nc'])
})

test('what is uuencoded in a text is none of it (fault 7)', async () => {
  const raw = Buffer.from('\nbefore\nbegin 644 a\n#86)C\nend\nafter')
  const part = withFiles(raw, readStructure(raw))
  assert.deepEqual(await new TextReader(raw).read([part]), [{ part: '1', text: 'before\nafter' }])
})

test('more text than the limit is cut, with a warning', async () => {
  const { texts, warnings } = await read(`\n${'0123456\n'.repeat(MAX_TEXT / 8 + 10)}`)
  assert.equal(texts.join('').length, MAX_TEXT)
  assert.deepEqual(warnings, ['Part 1 is too long to be shown whole.'])
})

test('what mailparser refuses is shown as it came, with a warning', async () => {
  const raw = Buffer.from('Content-Type: text/plain; format=flowed\r\n\r\none \r\ntwo')
  const reader = new TextReader(raw, () => Promise.reject(new Error('too odd')))
  assert.deepEqual(await reader.read([readStructure(raw)]), [{ part: '1', text: 'one \ntwo' }])
  assert.deepEqual(reader.warnings, ['Part 1 is refused by mailparser: too odd.'])
})
