import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Descriptions } from '../../../../server/imap/commands/fetch/descriptions.ts'
import { readStructure } from '../../../../server/mime/structure.ts'

const envelope = (octets: number) => ({ envelope: 'x'.repeat(octets) })
const known = (descriptions: Descriptions, keys: readonly number[]) =>
  keys.filter(key => descriptions.get(key).envelope !== null)

test('what is found of a message adds up', () => {
  const descriptions = new Descriptions()
  const nothing = { envelope: null, body: null, bodyStructure: null, structure: null }
  assert.deepEqual(descriptions.get(1), nothing)
  descriptions.add(1, { envelope: 'e' })
  descriptions.add(1, { body: 'b' })
  descriptions.add(-1, { bodyStructure: 's' })
  assert.deepEqual(descriptions.get(1), { ...nothing, envelope: 'e', body: 'b' })
  assert.deepEqual(descriptions.get(-1), { ...nothing, bodyStructure: 's' })
})

test('the last used stay, within the limit', () => {
  let now = 0
  const descriptions = new Descriptions({ limit: 10_000, now: () => now })
  for (let key = 1; key <= 100; key++) {
    now += 60_000
    descriptions.add(key, envelope(800))
    descriptions.get(1)
    assert.ok(descriptions.octets <= 10_000)
  }
  const there = known(
    descriptions,
    Array.from({ length: 100 }, (_, index) => index + 1),
  )
  assert.deepEqual(there, [1, 92, 93, 94, 95, 96, 97, 98, 99, 100])
})

test('to walk again and again through more than there is room for finds the first of them', () => {
  const descriptions = new Descriptions({ limit: 10_000, now: () => 0 })
  for (let round = 0; round < 3; round++) {
    for (let key = 1; key <= 100; key++) descriptions.add(key, envelope(800))
  }
  assert.deepEqual(
    known(
      descriptions,
      Array.from({ length: 100 }, (_, index) => index + 1),
    ),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  )
})

test('the structure of a large message is kept whatever else is young', () => {
  const descriptions = new Descriptions({ limit: 10_000, now: () => 0 })
  for (let key = 1; key <= 20; key++) descriptions.add(key, envelope(800))
  const structure = readStructure(Buffer.from('A: b\r\n\r\nbody'))
  descriptions.add(99, { structure })
  assert.equal(descriptions.get(99).structure, structure)
  assert.ok(descriptions.octets <= 10_000)
})

test('what is very large is not kept, nor what it was before', () => {
  const descriptions = new Descriptions({ limit: 10_000 })
  descriptions.add(1, envelope(800))
  descriptions.add(1, { body: 'x'.repeat(2_000) })
  assert.equal(descriptions.get(1).envelope, null)
  assert.equal(descriptions.octets, 0)
  const parts = '--b\r\n\r\nx\r\n'.repeat(20)
  const raw = Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--`)
  descriptions.add(2, { structure: readStructure(raw) })
  assert.equal(descriptions.get(2).structure, null, 'parts count as well')
})
