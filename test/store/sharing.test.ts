import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedAddresses, sharedText } from '../../server/store/sharing.ts'

const list = (name: string, address: string) => [{ name, address }]

test('Equal lists of one address are one object, others stay what they are', () => {
  const first = list('Ann', 'ann@example.com')
  assert.equal(sharedAddresses(first), first)
  assert.equal(sharedAddresses(list('Ann', 'ann@example.com')), first)
  assert.notEqual(sharedAddresses(list('', 'ann@example.com')), first)
  const two = [...first, ...list('Bob', 'bob@example.com')]
  assert.equal(sharedAddresses(two), two)
  assert.deepEqual(sharedAddresses([]), [])
})

test('Values beyond count stay right', () => {
  for (let index = 0; index < 25_000; index++) {
    const address = `a${index}@example.com`
    assert.deepEqual(sharedAddresses(list('', address)), list('', address))
    assert.equal(sharedText(address), address)
  }
})
