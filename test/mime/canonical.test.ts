import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BareEndCounter, Canonicaliser } from '../../server/mime/canonical.ts'

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
      const counter = new BareEndCounter()
      const chunks = texts.map(text => Buffer.from(text))
      for (const chunk of chunks) counter.take(chunk)
      const result = Buffer.concat([
        ...chunks.map(chunk => canonicaliser.take(chunk)),
        canonicaliser.end(),
      ])
      const text = texts.join('')
      assert.equal(result.toString(), canonical(text))
      assert.equal(counter.count, result.length - text.length)
    }),
  )
})

test('a canonical message stays as it is', () => {
  const text = 'Subject: x\r\n\r\nHello.\r\n..\r\n'
  const counter = new BareEndCounter()
  counter.take(Buffer.from(text))
  assert.equal(counter.count, 0)
  assert.equal(new Canonicaliser().take(Buffer.from(text)).toString(), text)
})
