import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Entries } from '../../server/store/entries.ts'
import type { Entry } from '../../server/store/message.ts'

const entry = (number: number, flags: readonly string[] = []): Entry =>
  ({
    number,
    flags,
    message: { id: number, size: 10, bareEnds: 1, hasOpenEnd: number > 2 },
  }) as unknown as Entry

const make = (...numbers: number[]) => {
  const entries = new Entries()
  for (const number of numbers) entries.put(entry(number))
  return entries
}

const numbers = (slices: ReturnType<Entries['snapshot']>) =>
  slices.map(({ entries, from, to }) => entries.slice(from, to).map(({ number }) => number))

describe('entries', () => {
  test('are taken as a snapshot between two numbers, newest block first', () => {
    const entries = make(1, 2, 999, 1_000, 1_500, 3_001)
    assert.deepEqual(numbers(entries.snapshot()), [[3_001], [1_000, 1_500], [1, 2, 999]])
    assert.deepEqual(numbers(entries.snapshot(1_499, 1)), [[1_000], [2, 999]])
    assert.deepEqual(numbers(entries.snapshot(2_999, 1_500)), [])
    assert.deepEqual(numbers(make().snapshot()), [])
    assert.deepEqual(
      entries.snapshot().map(({ block }) => block),
      [3, 1, 0],
    )
  })

  test('in a snapshot stay as they were', () => {
    const entries = make(1, 2, 3)
    const before = entries.snapshot()
    entries.put(entry(2, ['\\Seen']))
    entries.put(entry(4))
    entries.removeAll([1])
    assert.deepEqual(numbers(before), [[1, 2, 3]])
    assert.deepEqual(before[0]?.entries[1]?.flags, [])
    assert.deepEqual(numbers(entries.snapshot()), [[2, 3, 4]])
    assert.deepEqual([entries.total, entries.unread, entries.bytes], [3, 2, 30])
    assert.equal(entries.lineBytes, 37)
    entries.removeAll([2, 3, 4])
    assert.deepEqual(numbers(before), [[1, 2, 3]])
    assert.deepEqual(numbers(entries.snapshot()), [])
  })

  test('are counted and paged up to a number', () => {
    const entries = make(1, 2, 999, 1_000, 1_500, 3_001)
    entries.put(entry(999, ['\\Seen']))
    assert.deepEqual(entries.count(1_499), { total: 4, unread: 3 })
    assert.deepEqual(
      entries.page(1_500, 1, 3).map(({ number }) => number),
      [1_000, 999, 2],
    )
    assert.deepEqual(entries.numbers(2, 1_500), [999, 1_000, 1_500])
  })
})
