import assert from 'node:assert/strict'
import { test } from 'node:test'
import { charsetFault, decodeText } from '../../server/mime/charset.ts'

const bytes = (hex: string) => Buffer.from(hex, 'hex')

test('known charsets', () => {
  assert.equal(decodeText(Buffer.from('Grüße', 'utf8'), 'UTF-8'), 'Grüße')
  assert.equal(decodeText(bytes('e4e9'), 'iso-8859-1'), 'äé')
  assert.equal(decodeText(bytes('8093'), 'ISO-8859-1'), '€“', 'latin1 means windows-1252')
  assert.equal(decodeText(bytes('cfd2'), 'koi8-r'), 'ор')
  assert.equal(decodeText(bytes('93fa967b'), 'Shift_JIS'), '日本')
  assert.equal(decodeText(bytes('c4e3bac3'), 'x-gbk'), '你好')
  assert.equal(decodeText(bytes('bec8b3e7'), 'ks_c_5601-1987'), '안녕')
  assert.equal(decodeText(bytes('8130893081308a30'), 'gb18030').length, 2)
  assert.equal(decodeText(bytes('68006900'), 'utf-16le'), 'hi')
  assert.equal(decodeText(Buffer.from('+AOQ-'), 'utf-7'), 'ä')
  assert.equal(decodeText(bytes('81'), 'ibm850'), 'ü')
})

test('iso-2022-jp, also with escape sequences that nothing follows', () => {
  assert.equal(decodeText(Buffer.from('\x1b$BF|K\\\x1b(B', 'latin1'), 'ISO-2022-JP'), '日本')
  assert.equal(
    decodeText(Buffer.from('\x1b$BF|\x1b(B\x1b$BK\\\x1b(B', 'latin1'), 'iso-2022-jp'),
    '日本',
  )
})

test('half of a surrogate pair is no character', () => {
  assert.equal(decodeText(bytes('6100 00d8 6200'.replaceAll(' ', '')), 'utf-16le'), 'a\ufffdb')
  assert.equal(decodeText(bytes('3dd800de'), 'utf-16le'), '😀')
  assert.equal(decodeText(Buffer.from('a+2AA-b'), 'utf-7'), 'a\ufffdb')
})

test('hz-gb-2312 and iso-2022-kr (fault 13)', () => {
  assert.equal(decodeText(Buffer.from('a~~b ~{<:Ky2;S{~} c~\nd'), 'HZ-GB-2312'), 'a~b 己所不欲 cd')
  assert.equal(decodeText(Buffer.from('~{<:\nplain'), 'hz'), '己\nplain', 'a line ends in ASCII')
  assert.equal(decodeText(Buffer.from('\x1b$)Ca \x0e>H3g\x0f b'), 'iso-2022-kr'), 'a 안녕 b')
  assert.equal(decodeText(Buffer.from('~'), 'hz'), '~')
})

test('what is wrong with a label', () => {
  const fault = (text: string, label: string, encoding: BufferEncoding = 'utf8') =>
    charsetFault(Buffer.from(text, encoding), label)
  assert.equal(fault('ä', 'utf-8'), null)
  assert.equal(fault('ä', 'windows-1252', 'latin1'), null)
  assert.equal(fault('a', ''), null)
  assert.match(fault('ä', '') ?? '', /no charset .* UTF-8/)
  assert.match(fault('ä', '', 'latin1') ?? '', /no charset .* windows-1252/)
  assert.match(fault('ä', 'us-ascii') ?? '', /us-ascii is named/)
  assert.match(fault('ä', 'utf-8', 'latin1') ?? '', /not valid UTF-8/)
  assert.match(fault('ä', 'iso-8859-1') ?? '', /the octets are UTF-8/)
  assert.match(fault('a', 'x-nonsense') ?? '', /“x-nonsense” is unknown/)
})

test('a missing, unknown or wrong label: UTF-8 where it is that, else windows-1252', () => {
  for (const label of [undefined, '', 'us-ascii', 'utf-8', 'x-nonsense', 'unknown-8bit']) {
    assert.equal(decodeText(Buffer.from('Größe', 'utf8'), label), 'Größe', label)
    assert.equal(decodeText(Buffer.from('Größe', 'latin1'), label), 'Größe', label)
  }
})

test('UTF-8 with one broken place stays UTF-8', () => {
  const text = Buffer.concat([Buffer.from('äöü ', 'utf8'), bytes('ff'), Buffer.from(' ß', 'utf8')])
  assert.equal(decodeText(text, 'utf-8'), 'äöü \ufffd ß')
})

test('a byte order mark is none of the text', () => {
  assert.equal(decodeText(bytes('efbbbf61')), 'a')
})

test('no label does harm', () => {
  const labels = ['__proto__', 'constructor', 'toString', 'base64', 'hex', 'internal', 'utf-8\0']
  for (const label of [...labels, 'a'.repeat(100_000), '_sbcs', 'DBCS']) {
    assert.equal(decodeText(Buffer.from('abc é', 'latin1'), label), 'abc é', label.slice(0, 20))
  }
})
