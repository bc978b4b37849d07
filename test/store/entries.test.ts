import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Entries } from '../../server/store/entries.ts'
import type { Entry } from '../../server/store/message.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'
import { bareEntry } from '../helpers/store.ts'

const entry = (number: number, flags: readonly string[] = []): Entry =>
  bareEntry(number, { size: 10, bareEnds: 1, hasOpenEnd: number > 2 }, { flags })

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

  test('weigh what limits count, whatever comes, changes, is parsed and goes', () => {
    const seed = chosenSeed()
    const random = randomFrom(seed)
    const entries = new Entries()
    const there = new Map<number, Entry>()
    const below = (end: number) => random.integer(end)
    const list = <T>(make: (at: number) => T): T[] =>
      Array.from({ length: below(4) }, (_, at) => make(at))
    const address = (at: number) => ({ name: 'Ann', address: `${at}@example.com` })
    for (let step = 0; step < 3_000; step++) {
      const number = 1 + below(2_500)
      const known = there.get(number)
      if (known && random.chance(0.3)) {
        entries.removeAll([number])
        there.delete(number)
      } else if (known && random.chance(0.5)) {
        const found = { parsed: true, preview: 'x'.repeat(below(100)), attachments: below(3) }
        Object.assign(known.message, found)
      } else {
        const message = known?.message ?? {
          size: below(5_000),
          start: below(500),
          rcptTo: list(at => `${at}@example.com`),
          from: list(address),
          to: list(address),
          cc: list(address),
          bcc: list(address),
          replyTo: list(address),
        }
        const next = bareEntry(number, message, { tags: list(at => `tag ${at}`) })
        const entry = known ? { ...next, message: known.message } : next
        entries.put(entry)
        there.set(number, entry)
      }
    }
    let weight = 0
    for (const { message, tags } of there.values()) {
      const { rcptTo, from, to, cc, bcc, replyTo } = message
      const values = [...rcptTo, ...from, ...to, ...cc, ...bcc, ...replyTo, ...tags]
      weight += message.size + message.start + 200 * values.length
    }
    assert.ok(there.size > 100)
    assert.equal(entries.weight, weight, `seed ${seed}`)
    entries.removeAll([...there.keys()].sort((a, b) => a - b))
    assert.equal(entries.weight, 0)
  })
})
