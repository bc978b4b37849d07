import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readStructure } from '../../server/mime/structure.ts'
import { MAX_TEXT, TextReader } from '../../server/mime/text-reader.ts'

async function read(message: string, encoding: BufferEncoding = 'utf8') {
  const raw = Buffer.from(message, encoding)
  const root = readStructure(raw)
  const reader = new TextReader(raw)
  const texts = await reader.read(root.parts.length > 0 ? root.parts : [root])
  return { texts, warnings: reader.warnings }
}

test('each part by itself, with its own encoding and charset', async () => {
  const { texts, warnings } = await read(
    'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=iso-8859-1\n\na=E4\n--b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGI+w6Q8L2I+\n--b\n\n\n--b--',
  )
  assert.deepEqual(texts, ['aä', '<b>ä</b>'])
  assert.deepEqual(warnings, [])
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

test('labels cannot break the header that mailparser gets', async () => {
  const { texts } = await read('Content-Type: text/plain; charset="x\r\n\r\nevil"\n\nbody')
  assert.equal(texts.join(), 'evil"\n\nbody')
  assert.deepEqual(
    (await read(`Content-Type: text/plain; charset="${'a;"\\'.repeat(500)}"\n\nbody`)).texts,
    ['body'],
  )
})

test('more text than the limit is cut, with a warning', async () => {
  const { texts, warnings } = await read(`\n${'0123456\n'.repeat(MAX_TEXT / 8 + 10)}`)
  assert.equal(texts.join('').length, MAX_TEXT)
  assert.deepEqual(warnings, ['Part 1 is too long to be shown whole.'])
})

test('what mailparser refuses is decoded all the same, with a warning', async () => {
  const raw = Buffer.from(
    'Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xf6\xdfe',
    'latin1',
  )
  const reader = new TextReader(raw, () => Promise.reject(new Error('too odd')))
  assert.deepEqual(await reader.read([readStructure(raw)]), ['Größe'])
  assert.deepEqual(reader.warnings, ['mailparser refuses part 1: too odd'])
})
