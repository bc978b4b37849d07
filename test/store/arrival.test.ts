import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plusTags } from '../../server/store/arrival.ts'

test('a tag is what stands behind the plus of an address, whole characters of it', () => {
  assert.deepEqual(plusTags(['ann+invoice@example.com', 'ann@example.com', '+x@y', 'ann+@x']), [
    'invoice',
  ])
  assert.deepEqual(plusTags([`ann+${'x'.repeat(200)}@y`]), ['x'.repeat(100)])
  assert.deepEqual(plusTags([`ann+${'x'.repeat(99)}😀@y`]), ['x'.repeat(99)])
})
