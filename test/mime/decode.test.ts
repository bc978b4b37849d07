import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeStream, decodeTransfer, transferFault } from '../../server/mime/decode.ts'

const decode = (text: string, encoding: string) =>
  decodeTransfer(Buffer.from(text, 'latin1'), encoding).toString('latin1')

test('base64, and what programs make of it', () => {
  assert.equal(decode('SGVsbG8=', 'base64'), 'Hello')
  assert.equal(decode('SGVs\r\nbG8=\r\n', 'base64'), 'Hello')
  assert.equal(decode('SGVs bG8', 'base64'), 'Hello', 'padding missing')
  assert.equal(decode('SG!Vs*bG8=', 'base64'), 'Hello', 'junk between')
  assert.equal(decode('SGVsbG8=SGVsbG8=', 'base64'), 'HelloHello', 'two texts')
  assert.equal(decode('', 'base64'), '')
  assert.equal(decode('====', 'base64'), '')
})

test('quoted-printable (RFC 2045 §6.7), and what is broken in it', () => {
  assert.equal(decode('a=3Db=c3=A4', 'quoted-printable'), 'a=b\xc3\xa4')
  assert.equal(
    decode('soft=\r\nbreak= \t\r\nhere=\nthere', 'quoted-printable'),
    'softbreakherethere',
  )
  assert.equal(decode('end  \t\r\nof line \n', 'quoted-printable'), 'end\r\nof line\n')
  assert.equal(decode('=ZZ =4 =', 'quoted-printable'), '=ZZ =4 ')
  assert.equal(decode('=', 'quoted-printable'), '')
  assert.equal(decode('a b  c', 'quoted-printable'), 'a b  c')
})

test('other encodings leave the octets as they are', () => {
  for (const encoding of ['7bit', '8bit', 'binary', 'x-unknown', '']) {
    assert.equal(decode('=41 QQ==\0\xff', encoding), '=41 QQ==\0\xff')
  }
})

for (const encoding of ['base64', 'quoted-printable', 'x-uuencode', '8bit']) {
  test(`a stream of ${encoding} gives the same wherever it is cut`, async () => {
    const piece = fc.stringMatching(/^[=\r\n \tA-Fa-f0-9+/_\-\u0080-\u00ff]{0,6}$/)
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async pieces => {
        const stream = decodeStream({ encoding })
        const chunks: Buffer[] = []
        stream.on('data', chunk => chunks.push(chunk))
        for (const text of pieces) stream.write(Buffer.from(text, 'latin1'))
        stream.end()
        await once(stream, 'end')
        assert.equal(Buffer.concat(chunks).toString('latin1'), decode(pieces.join(''), encoding))
      }),
      { numRuns: 2_000 },
    )
  })
}

test('a file within the octets', async () => {
  const stream = decodeStream({ encoding: 'base64', within: { start: 3, end: 8 } })
  const chunks: Buffer[] = []
  stream.on('data', chunk => chunks.push(chunk))
  for (const octet of Buffer.from('0123456789').toString('base64')) stream.write(Buffer.from(octet))
  stream.end()
  await once(stream, 'end')
  assert.equal(Buffer.concat(chunks).toString(), '34567')
})

test('white space without end, in pieces', () => {
  const stream = decodeStream({ encoding: 'quoted-printable' })
  const blank = Buffer.alloc(1_000, ' ')
  for (let i = 0; i < 5_000; i++) stream.write(blank)
  stream.end('x')
  assert.equal((stream.read() as Buffer).length, 5_000_001)
})

test('what is wrong with a transfer encoding', () => {
  const fault = (body: string, encoding: string) => {
    const octets = Buffer.from(body, 'latin1')
    return transferFault(octets, encoding, decodeTransfer(octets, encoding))
  }
  const lines = (size: number) =>
    Buffer.alloc(size, 'x').toString('base64').replace(/.{76}/g, '$&\r\n')
  for (const size of [0, 1, 2, 3, 56, 57, 58, 113, 114, 115, 1_000]) {
    assert.equal(fault(lines(size), 'base64'), null, `${size}`)
    assert.equal(fault(`${lines(size)}\r\n\r\n`, 'base64'), null, `${size}`)
  }
  assert.equal(fault('SGVsbG8=\nSGVsbG8=', 'base64'), null)
  assert.match(fault('SG!Vs*bG8=', 'base64') ?? '', /^has “!” in its base64/)
  assert.match(fault('SGVsb', 'base64') ?? '', /breaks off/)
  assert.equal(fault('a=3Db=c3 =\r\n= \nx=', 'quoted-printable'), null)
  assert.match(fault('a=ZZ', 'quoted-printable') ?? '', /“=ZZ”/)
  assert.match(fault('a=\xe4', 'quoted-printable') ?? '', /“=\\xe4”/)
  assert.equal(fault('=ZZ', '8bit'), null)
  assert.match(fault('x', 'x-odd') ?? '', /unknown Content-Transfer-Encoding “x-odd”/)
})
