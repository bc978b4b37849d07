import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readTnef } from '../../server/mime/tnef.ts'

const u16 = (value: number) => Buffer.from([value & 255, value >> 8])
const u32 = (value: number) => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)])
const padded = (octets: Buffer) =>
  Buffer.concat([octets, Buffer.alloc((4 - (octets.length % 4)) % 4)])
const attribute = (level: number, id: number, data: Buffer) =>
  Buffer.concat([Buffer.from([level]), u32(id), u32(data.length), data, u16(0)])
const string = (id: number, type: number, text: string) => {
  const octets = Buffer.from(`${text}\0`, type === 0x1f ? 'utf16le' : 'latin1')
  return Buffer.concat([u16(type), u16(id), u32(1), u32(octets.length), padded(octets)])
}

/** As Outlook writes it: a message, a file with a long name, a file with a title alone. */
const properties = Buffer.concat([
  u32(5),
  Buffer.concat([u16(0x03), u16(0x0e20), u32(9)]),
  Buffer.concat([
    u16(0x0b),
    u16(0x8001),
    Buffer.alloc(16),
    u32(1),
    u32(6),
    padded(Buffer.from('n\0a\0\0\0')),
    u32(1),
  ]),
  Buffer.concat([u16(0x1003), u16(0x0e21), u32(2), u32(1), u32(2)]),
  string(0x3707, 0x1f, 'Größe.pdf'),
  string(0x370e, 0x1e, 'Application/PDF'),
])
const WINMAIL = Buffer.concat([
  u32(0x223e9f78),
  u16(1),
  attribute(1, 0x0008_9006, u32(0x10000)),
  attribute(2, 0x0006_9002, Buffer.alloc(14)),
  attribute(2, 0x0001_8010, Buffer.from('GRE~1.PDF\0')),
  attribute(2, 0x0006_800f, Buffer.from('%PDF')),
  attribute(2, 0x0006_9005, properties),
  attribute(2, 0x0006_9002, Buffer.alloc(14)),
  attribute(2, 0x0001_8010, Buffer.from('b.txt\0')),
  attribute(2, 0x0006_800f, Buffer.from('hello')),
])

const read = (bytes: Buffer) =>
  readTnef(bytes).map(({ name, contentType, start, end }) => [
    name,
    contentType,
    bytes.toString('latin1', start, end),
  ])

test('the files in a winmail.dat (fault 7)', () => {
  assert.deepEqual(read(WINMAIL), [
    ['Größe.pdf', 'application/pdf', '%PDF'],
    ['b.txt', '', 'hello'],
  ])
})

test('half of a surrogate pair in a name is U+FFFD', () => {
  const halved = Buffer.from(
    WINMAIL.toString('latin1').replace('e\0.\0p', 'e\0\x3d\xd8p'),
    'latin1',
  )
  assert.equal(readTnef(halved)[0]?.name, 'Größe\ufffdpdf')
})

test('what is no TNEF has none', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('%PDF-1.4 …'), WINMAIL.subarray(1)]) {
    assert.deepEqual(readTnef(bytes), [])
  }
})

test('cut or damaged, it gives what there is', () => {
  for (let length = 0; length < WINMAIL.length; length++) {
    assert.ok(readTnef(WINMAIL.subarray(0, length)).length <= 2)
  }
  fc.assert(
    fc.property(fc.nat(WINMAIL.length - 1), fc.uint8Array({ maxLength: 8 }), (at, octets) => {
      const bytes = Buffer.from(WINMAIL)
      bytes.set(octets.subarray(0, bytes.length - at), at)
      for (const { start, end } of readTnef(bytes)) assert.ok(start <= end && end <= bytes.length)
    }),
    { numRuns: 2_000 },
  )
})

test('counts that promise too much cost nothing', () => {
  const many = Buffer.concat([u32(0xffff_ffff), u16(0x1003), u16(1), u32(0xffff_ffff)])
  const bytes = Buffer.concat([
    u32(0x223e9f78),
    u16(1),
    attribute(2, 0x0006_9002, Buffer.alloc(14)),
    attribute(2, 0x0006_9005, many),
  ])
  assert.deepEqual(readTnef(bytes), [])
})
