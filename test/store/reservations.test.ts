import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Entries } from '../../server/store/entries.ts'
import { Reservations } from '../../server/store/reservations.ts'
import { Retention } from '../../server/store/retention.ts'
import { bareEntry } from '../helpers/store.ts'

test('the lowest of several counts; each only rises, and tells of it', () => {
  let raised = 0
  const reservations = new Reservations(() => raised++)
  const [first, second] = [reservations.make(5), reservations.make(7)]
  assert.equal(reservations.lowest, 5)
  first.raise(9)
  first.raise(6)
  assert.deepEqual([reservations.lowest, raised], [7, 1])
  second.raise(Number.POSITIVE_INFINITY)
  first.raise(Number.POSITIVE_INFINITY)
  first.raise(Number.POSITIVE_INFINITY)
  assert.deepEqual([reservations.lowest, raised], [Number.POSITIVE_INFINITY, 3])
})

test('retention leaves alone what is reserved, as long as it is not far too much', () => {
  const entries = new Entries()
  const put = (from: number, to: number) => {
    for (let number = from; number <= to; number++) entries.put(bareEntry(number))
  }
  const limits = { maxMessages: 10, maxBytes: 1e9, maxAge: null, keepFlagged: false }
  const retention = new Retention(entries, limits)
  put(1, 20)
  assert.deepEqual(retention.excess(0, 4), [1, 2, 3])
  assert.deepEqual(retention.excess(0, 1), [])
  assert.deepEqual(retention.excess(0).length, 10)
  put(21, 10_015)
  assert.deepEqual(retention.excess(0, 1), [1, 2, 3, 4, 5])
})
