import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Canonicaliser, LineEndReader } from '../../server/mime/canonical.ts'

const canonical = (text: string) => text.replace(/\r\n|\r|\n/g, '\r\n')

/** Text of line ends mostly, in pieces. */
const pieces = fc.array(
  fc.array(fc.constantFrom('\r', '\n', 'a', '.'), { maxLength: 6 }).map(octets => octets.join('')),
  { maxLength: 6 },
)

test('every CR and LF that stands alone becomes CRLF, however the message is cut', () => {
  fc.assert(
    fc.property(pieces, texts => {
      const canonicaliser = new Canonicaliser()
      const reader = new LineEndReader()
      const chunks = texts.map(text => Buffer.from(text))
      for (const chunk of chunks) reader.take(chunk)
      const result = Buffer.concat([
        ...chunks.map(chunk => canonicaliser.take(chunk)),
        canonicaliser.end(),
      ])
      const text = texts.join('')
      assert.equal(result.toString(), canonical(text))
      assert.deepEqual(reader.ends, {
        bareEnds: result.length - text.length,
        hasOpenEnd: text !== '' && !/[\r\n]$/.test(text),
      })
    }),
  )
})

test('a canonical message stays as it is', () => {
  const text = 'Subject: x\r\n\r\nHello.\r\n..\r\n'
  const reader = new LineEndReader()
  reader.take(Buffer.from(text))
  assert.deepEqual(reader.ends, { bareEnds: 0, hasOpenEnd: false })
  assert.equal(new Canonicaliser().take(Buffer.from(text)).toString(), text)
})
