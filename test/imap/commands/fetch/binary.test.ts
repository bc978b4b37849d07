import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { MailStore } from '../../../../server/store/mail-store.ts'
import type { Entry } from '../../../../server/store/message.ts'
import {
  deliver,
  fetchOctets,
  fetchOne,
  fetchSection,
  openStore,
} from '../../../helpers/fetched.ts'

const mail = (encoding: string, body: string) =>
  `Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`
const wrapped = (octets: Buffer) => octets.toString('base64').replace(/.{76}/g, '$&\r\n')

const response = async (store: MailStore, entry: Entry, items: string) =>
  (await fetchOctets(store, entry, items)).toString('latin1')

test('decoded, in a literal; in a literal8 where it holds NUL', async t => {
  const store = await openStore(t)
  const cases = [
    ['base64', 'YWJj', 'BINARY[1] {3}\r\nabc'],
    ['BASE64 (c)', 'AGFi\r\nYw==\r\n', 'BINARY[1] ~{4}\r\n\0abc'],
    ['quoted-printable', 'a=20b=\r\nc=3D\r\n', 'BINARY[1] {7}\r\na bc=\r\n'],
    ['quoted-printable', '=00', 'BINARY[1] ~{1}\r\n\0'],
    ['8bit', 'gr\xfcn', 'BINARY[1] {4}\r\ngr\xfcn'],
    ['binary', 'a\0b', 'BINARY[1] ~{3}\r\na\0b'],
    ['7bit', '', 'BINARY[1] {0}\r\n'],
    // Broken, and read as well as can be.
    ['base64', 'YW\r\nJj*ZA==\r\nZQ==', 'BINARY[1] {5}\r\nabcde'],
    ['quoted-printable', '=ZZ', 'BINARY[1] {3}\r\n=ZZ'],
  ] as const
  for (const [encoding, body, expected] of cases) {
    const entry = await deliver(store, mail(encoding, body))
    assert.equal(await response(store, entry, 'BINARY[1]'), `* 1 FETCH (${expected})\r\n`)
    const size = /\{(\d+)\}/.exec(expected)?.[1]
    assert.equal(await fetchOne(store, entry, 'BINARY.SIZE[1]'), size)
  }
})

test('a part of it counts decoded octets', async t => {
  const store = await openStore(t)
  const entry = await deliver(store, mail('base64', 'AGFiYw=='))
  for (const [partial, expected] of [
    ['<0.1>', 'BINARY[1]<0> ~{1}\r\n\0'],
    ['<1.2>', 'BINARY[1]<1> {2}\r\nab'],
    ['<2.99>', 'BINARY[1]<2> {2}\r\nbc'],
    ['<4.1>', 'BINARY[1]<4> {0}\r\n'],
    ['<99.1>', 'BINARY[1]<99> {0}\r\n'],
  ]) {
    assert.equal(
      await response(store, entry, `BINARY.PEEK[1]${partial}`),
      `* 1 FETCH (${expected})\r\n`,
    )
  }
})

test('an encoding that nobody knows is UNKNOWN-CTE, before anything has gone out', async t => {
  const store = await openStore(t)
  const entry = await deliver(store, mail('x-unknown', 'abc'))
  for (const item of ['BINARY[1]', 'BINARY.PEEK[1]<0.1>', 'BINARY.SIZE[1]']) {
    await assert.rejects(response(store, entry, `(FLAGS BODY[] ${item})`), {
      response: 'NO [UNKNOWN-CTE] unknown Content-Transfer-Encoding',
    })
  }
  // The message as a whole has no encoding.
  assert.equal(
    await fetchOne(store, entry, 'BINARY.SIZE[]'),
    String(mail('x-unknown', 'abc').length),
  )
})

test('a multipart, and the message itself, come as they are', async t => {
  const store = await openStore(t)
  const inner = '--b\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b--'
  const whole = `Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${inner}\r\n--o--`
  const entry = await deliver(store, whole)
  const expected = [
    ['', whole],
    ['1', inner],
    ['1.1', 'abc'],
    ['2', ''],
    ['1.1.1', ''],
  ] as const
  for (const [part, octets] of expected) {
    assert.equal((await fetchSection(store, entry, `BINARY[${part}]`)).toString(), octets)
    assert.equal(await fetchOne(store, entry, `BINARY.SIZE[${part}]`), `${octets.length}`)
  }
})

test('large parts are the octets that went in, whole and in pieces', async t => {
  const store = await openStore(t)
  const octets = Buffer.from(Array.from({ length: 700_001 }, (_, index) => (index * 31) % 251))
  const entry = await deliver(store, mail('base64', wrapped(octets)))
  assert.ok((await fetchSection(store, entry, 'BINARY[1]')).equals(octets))
  assert.equal(await fetchOne(store, entry, 'BINARY.SIZE[1]'), String(octets.length))
  for (let offset = 0; offset < octets.length; offset += 100_000) {
    const piece = await fetchSection(store, entry, `BINARY[1]<${offset}.100000>`)
    assert.ok(piece.equals(octets.subarray(offset, offset + 100_000)))
  }
  const quoted = [...octets]
    .map(octet => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
    .replace(/.{75}/g, '$&=\r\n')
  const other = await deliver(store, mail('quoted-printable', quoted))
  assert.ok((await fetchSection(store, other, 'BINARY[1]')).equals(octets))
  assert.equal(await fetchOne(store, other, 'BINARY.SIZE[1]'), String(octets.length))
})

test('of any octets: what is fetched is what was encoded', async t => {
  const store = await openStore(t)
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(320), async (array, offset) => {
      const octets = Buffer.from(array)
      const entry = await deliver(store, mail('base64', wrapped(octets)))
      assert.ok((await fetchSection(store, entry, 'BINARY[1]')).equals(octets))
      const piece = await fetchSection(store, entry, `BINARY[1]<${offset}.100>`)
      assert.ok(piece.equals(octets.subarray(offset, offset + 100)))
    }),
    { numRuns: 200 },
  )
})
