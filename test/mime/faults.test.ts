import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_WARNINGS, readContent } from '../../server/mime/content.ts'
import { headerFaults, lineFaults, nameFaults, structureFaults } from '../../server/mime/faults.ts'
import { readHeader } from '../../server/mime/header.ts'
import { readStructure } from '../../server/mime/structure.ts'

const octets = (text: string) => Buffer.from(text, 'latin1')
const ofHeader = (text: string) => headerFaults(octets(text), readHeader(octets(text)))
const ofLines = (text: string) => lineFaults(octets(text))
const ofStructure = (text: string) => structureFaults(octets(text), readStructure(octets(text)))

test('a mail as it should be has none', async () => {
  const mail = `From: "A, B" <a@x.test> (home), =?utf-8?q?=C3=A4?= <b@x.test>\r\nTo: undisclosed-recipients:;\r\nDate: Tue, 10 Mar 2026 10:00:00 +0100\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n--b  \r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n\r\n--b--\r\n`
  assert.deepEqual((await readContent(Buffer.from(mail))).warnings, [])
})

test('header lines that are no fields', () => {
  assert.deepEqual(ofHeader('A: b\r\nno field\r\n folded\r\nC: d\r\n\r\nbody'), [
    'A line of the header is no field: no field',
  ])
  assert.equal(ofHeader(`A: b\r\n${'x\r\nA: b\r\n'.repeat(100)}\r\n`).length, 5)
  assert.match(ofHeader('A: b\r\n').join(), /No empty line ends the header block/)
  assert.match(ofHeader('A: b\r\n \r\n\r\nx').join(), /line of white space alone/)
  assert.deepEqual(ofHeader(''), [])
})

test('raw 8-bit octets in the header are told of where they are not UTF-8 (fault 10)', () => {
  assert.deepEqual(ofHeader('A: \xe4\r\nB: \xc3\xa4\r\n\r\n'), [
    'A holds raw 8-bit octets that are not UTF-8 (RFC 2047, RFC 6532).',
  ])
  assert.deepEqual(ofHeader('B: \xc3\xa4\r\n\r\n\xe4'), [])
})

test('control characters that an encoded-word hides (fault 14)', () => {
  assert.match(ofHeader('Subject: =?utf-8?q?a=0D=0ABcc:_b?=\r\n\r\n').join(), /^Subject hides/)
  assert.deepEqual(ofHeader('Subject: =?utf-8?q?a=09b?=\r\n\r\n'), [])
})

test('quotes, comments, angle brackets and entries in address fields', () => {
  const fault = (to: string) => ofHeader(`To: ${to}\r\n\r\n`).join()
  for (const to of ['"A <a@x.test>', 'A (b <a@x.test>', 'A <a@x.test', 'A <a@x.test, b@x.test>']) {
    assert.match(fault(to), /^To has a quote, comment or angle bracket/, to)
  }
  for (const to of [
    '"A <" <a@x.test>',
    'a@x.test (b (c))',
    '<@r.test,@s.test:a@x.test>',
    '',
    'g:;',
  ]) {
    assert.equal(fault(to), '', to)
  }
  assert.match(fault('Pete'), /entry without an address: Pete/)
  assert.match(fault('a@x.test,'.repeat(10_001)), /10000 addresses or more/)
})

test('line ends, long lines, NUL', () => {
  assert.deepEqual(ofLines('a\r\nb\r\n'), [])
  assert.deepEqual(ofLines('a'), [])
  assert.match(ofLines('a\nb\n').join(), /^All lines end in LF alone/)
  assert.match(ofLines('a\r\nb\n').join(), /^There are lines that end in LF alone/)
  assert.match(ofLines('a\rb\r').join(), /^All lines end in CR alone/)
  assert.match(ofLines('a\rb\r\n').join(), /^There are lines that end in CR alone/)
  assert.match(ofLines('a\0\r\n').join(), /NUL/)
})

test('998 octets are a line, 999 are too many, wherever it stands', () => {
  const isLong = (text: string) => /more than 998/.test(ofLines(text).join())
  const line = (length: number) => 'x'.repeat(length)
  for (const end of ['\r\n', '\n']) {
    for (const before of ['', `a${end}`, `${line(900)}${end}`, `${line(76)}${end}`.repeat(40)]) {
      for (const after of ['', `a${end}`, `${line(76)}${end}`.repeat(40)]) {
        const place = JSON.stringify([before.length, end, after.length])
        assert.equal(isLong(`${before}${line(998)}${end}${after}`), false, place)
        assert.equal(isLong(`${before}${line(999)}${end}${after}`), true, place)
      }
    }
  }
  assert.equal(isLong(line(998)), false)
  assert.equal(isLong(line(1_001)), true)
})

test('delimiters and types', () => {
  const multipart = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n'
  assert.deepEqual(ofStructure(`${multipart}--b\r\n\r\nx\r\n--b--`), [])
  assert.deepEqual(ofStructure(`${multipart}--b\r\n\r\n--b--\r\n`), [])
  assert.match(ofStructure(`${multipart}--b\r\n\r\nx\r\n`).join(), /closing delimiter is missing/)
  assert.match(ofStructure(`${multipart}x`).join(), /no part is found in it/)
  assert.match(ofStructure('Content-Type: multipart/mixed\r\n\r\nx').join(), /names no boundary/)
  assert.match(ofStructure('Content-Type: text\r\n\r\nx').join(), /taken for text\/plain: text/)
  assert.deepEqual(ofStructure('Content-Type: text/plain (c)\r\n\r\nx'), [])
})

test('names that are no names', () => {
  assert.deepEqual(nameFaults(['a b.txt', 'Größe (1).pdf', '']), [])
  const unsafe = ['../a', 'a\\b', '.bashrc', 'C:a', 'a\u202egpj.exe', 'a\0b']
  for (const name of unsafe) assert.equal(nameFaults([name]).length, 1, name)
  assert.equal(nameFaults(unsafe.concat(unsafe)).length, 5)
})

test('no more than fifty', async () => {
  const parts = '--b\r\nContent-Transfer-Encoding: odd\r\n\r\nx\r\n'.repeat(100)
  const mail = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--`
  const { warnings } = await readContent(Buffer.from(mail))
  assert.equal(warnings.length, MAX_WARNINGS)
  assert.equal(warnings.at(-1), 'There are 53 more faults.')
})
