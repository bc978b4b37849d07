import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeNameConstraints } from '../../server/net/name-constraints.ts'

test('the constraints in DER (RFC 5280 §4.2.1.10)', () => {
  assert.equal(
    encodeNameConstraints(['a.example', '127.0.0.1', '2001:db8::1']).toString('hex'),
    [
      '303fa03d',
      '300b8209612e6578616d706c65',
      '300a87087f000001ffffffff',
      '30228720',
      '20010db8000000000000000000000001',
      'ffffffffffffffffffffffffffffffff',
    ].join(''),
  )
})

test('every form of an IPv6 address is the same sixteen octets', () => {
  const encoded = (address: string) =>
    encodeNameConstraints([address]).toString('hex').slice(16, 48)
  assert.equal(encoded('::'), '0'.repeat(32))
  assert.equal(encoded('::1'), `${'0'.repeat(31)}1`)
  assert.equal(encoded('1:2:3:4:5:6:7:8'), '00010002000300040005000600070008')
  assert.equal(encoded('fe80::'), `fe80${'0'.repeat(28)}`)
  assert.equal(encoded('::ffff:10.0.0.1'), `${'0'.repeat(20)}ffff0a000001`)
})

test('lengths above 127 and above 255 octets take more octets', () => {
  const long = encodeNameConstraints([`${'a'.repeat(200)}.example`])
  assert.equal(long.subarray(0, 9).toString('hex'), '3081d9a081d63081d3')
  const many = encodeNameConstraints(Array.from({ length: 30 }, (_, index) => `${index}.example`))
  assert.equal(many.readUInt16BE(0), 0x3082)
  assert.equal(many.readUInt16BE(2), many.length - 4)
})
