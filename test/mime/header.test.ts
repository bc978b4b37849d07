import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HEADER_LIMITS, HeaderCollector, headerEnd, readHeader } from '../../server/mime/header.ts'

const read = (text: string, encoding: BufferEncoding = 'utf8') =>
  readHeader(Buffer.from(text, encoding))

test('fields in order, unfolded, found by name in any case', () => {
  const header = read('To: a\r\nX-Long: one\r\n\ttwo\r\n three\r\nTO: b\r\n\r\nbody')
  assert.deepEqual(
    header.fields.map(field => [field.name, field.text]),
    [
      ['To', 'a'],
      ['X-Long', 'one\ttwo three'.replace('\t', ' ')],
      ['TO', 'b'],
    ],
  )
  assert.equal(header.first('to')?.text, 'a')
  assert.equal(header.all('To').length, 2)
  assert.equal(header.first('cc'), undefined)
  assert.deepEqual(header.all('cc'), [])
})

test('where the body starts, with CRLF, LF, CR, and without an empty line', () => {
  for (const [text, body] of [
    ['A: 1\r\n\r\nbody', 'body'],
    ['A: 1\n\nbody', 'body'],
    ['A: 1\r\n\nbody', 'body'],
    ['A: 1\r\rbody', 'body'],
    ['\r\nbody', 'body'],
    ['\nbody', 'body'],
    ['A: 1\r\n \r\n\r\nbody', 'body'],
    ['A: 1\r\n', ''],
    ['A: 1', ''],
    ['', ''],
  ] as const) {
    const header = read(text)
    assert.equal(text.slice(header.bodyStart), body, JSON.stringify(text))
    assert.equal(header.isComplete, body !== '', JSON.stringify(text))
    if (text.startsWith('A')) assert.equal(header.first('a')?.text, '1')
  }
})

test('ranges cover the fields as they were sent', () => {
  const text = 'From junk\r\nA: 1\r\n 2\r\nno colon\r\nB : x\r\n\r\n'
  const header = read(text)
  assert.deepEqual(
    header.fields.map(field => text.slice(field.start, field.end)),
    ['A: 1\r\n 2\r\n', 'B : x\r\n'],
  )
  assert.equal(header.first('b')?.text, 'x', 'white space before the colon is obsolete, not wrong')
})

test('a stray CR is no line end where there are others', () => {
  const header = read('Subject: a\rBcc: x\r\nTo: b\r\n\r\n')
  assert.equal(header.first('bcc'), undefined)
  assert.equal(header.first('subject')?.text, 'a Bcc: x')
})

test('raw octets: UTF-8, else the charset of the body, else windows-1252', () => {
  assert.equal(read('Subject: Grüße\n\n').first('subject')?.value, 'Grüße')
  assert.equal(
    read('Subject: Gr\xfc\xdfe\nContent-Type: text/plain\n\n', 'latin1').first('subject')?.value,
    'Grüße',
  )
  assert.equal(
    read('Subject: \xcf\xd2\nContent-Type: text/plain; charset="koi8-r"\n\n', 'latin1').first(
      'subject',
    )?.value,
    'ор',
  )
  assert.equal(
    read('Content-Type: text/plain; x=\xfc; charset=koi8-r\n\n', 'latin1').first('content-type')
      ?.value,
    'text/plain; x=Э; charset=koi8-r'.replace('Э', decodeKoi8(0xfc)),
  )
})

function decodeKoi8(octet: number): string {
  return new TextDecoder('koi8-r').decode(Uint8Array.of(octet))
}

test('`text` keeps encoded-words, `value` decodes them', () => {
  const field = read('Subject: =?utf-8?q?a=0Ab?=\n =?utf-8?q?c?=\n\n').first('subject')
  assert.equal(field?.text, '=?utf-8?q?a=0Ab?= =?utf-8?q?c?=')
  assert.equal(field?.value, 'a bc')
})

test('names that are properties of objects are names like any other', () => {
  const header = read('__proto__: x\nconstructor: y\nhasOwnProperty: z\n\n')
  assert.equal(header.first('__PROTO__')?.text, 'x')
  assert.equal(header.first('constructor')?.text, 'y')
  assert.equal(header.first('toString'), undefined)
})

test('no more fields than the limit', () => {
  const many = read(`${'A: 1\n'.repeat(HEADER_LIMITS.fields)}B: 2\n\nbody`)
  assert.equal(many.fields.length, HEADER_LIMITS.fields)
  assert.equal(many.isCut, true)
  assert.equal(many.first('b'), undefined)
  const enough = read(`${'A: 1\n'.repeat(HEADER_LIMITS.fields)}\nbody`)
  assert.equal(enough.isCut, false)
})

test('no more octets than the limit, but the body starts where it does', () => {
  const text = `A: 1\nLong: ${'x'.repeat(HEADER_LIMITS.octets)}\nB: 2\n\nbody`
  const header = read(text)
  assert.equal(header.isCut, true)
  assert.equal(header.first('a')?.text, '1')
  assert.equal(header.first('b'), undefined)
  assert.equal(text.slice(header.bodyStart), 'body')
})

test('a header block that comes in any pieces is the same', () => {
  const line = fc.constantFrom('A: 1\r\n', 'B: 2\n', ' fold\r\n', '\r\n', '\n', 'body', '\r', 'C:')
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(60)), (lines, cuts) => {
      const whole = Buffer.from(lines.join(''))
      const collector = new HeaderCollector()
      const places = [0, ...cuts.filter(cut => cut < whole.length).sort((a, b) => a - b)]
      places.forEach((start, index) => {
        collector.take(whole.subarray(start, places[index + 1] ?? whole.length))
      })
      assert.equal(collector.isDone, headerEnd(whole) !== -1)
      if (collector.isDone) {
        assert.equal(readHeader(collector.bytes).bodyStart, readHeader(whole).bodyStart)
        assert.equal(readHeader(collector.bytes).fields.length, readHeader(whole).fields.length)
      } else assert.deepEqual(collector.bytes, whole)
    }),
    { numRuns: 2_000 },
  )
})

test('a header without end is collected up to the limit', () => {
  const collector = new HeaderCollector()
  const chunk = Buffer.alloc(100_000, 'x')
  for (let i = 0; i < 100; i++) collector.take(chunk)
  assert.equal(collector.isDone, true)
  assert.ok(collector.bytes.length <= HEADER_LIMITS.octets + chunk.length)
  assert.equal(readHeader(collector.bytes).isCut, true)
})
