import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Condition,
  confirmed,
  type Facts,
  refuted,
  unknown,
} from '../../server/store/condition.ts'
import { Entries, type Slice } from '../../server/store/entries.ts'
import type { Entry } from '../../server/store/message.ts'
import type { Probe } from '../../server/store/probe.ts'
import { Search, type SearchSources } from '../../server/store/search.ts'
import { bareEntry } from '../helpers/store.ts'

const entry = (number: number, parsed: Entry['message']['parsed'] = true): Entry =>
  bareEntry(number, { parsed }, { flags: number % 2 === 0 ? ['\\Seen'] : [] })

/** Entries 1 to `count` as a store has them. */
const slices = (count: number): Slice[] => {
  const entries = new Entries()
  for (let number = 1; number <= count; number++) entries.put(entry(number))
  return entries.snapshot()
}

const one = (only: Entry): Slice => ({ block: 0, entries: [only], from: 0, to: 1 })

const probe: Probe = { kind: 'word', wanted: 'x' }
const asks: Condition = (entry: Entry, facts: Facts) => facts.get(probe, entry)

/** Texts hold the word where the number is a multiple of three; every seventh text is lost and must be asked for. */
const sources = (): SearchSources & { scans: number[]; asked: number[] } => {
  const scans: number[] = []
  const asked: number[] = []
  return {
    scans,
    asked,
    parsed: async ({ number }) => (number === 13 ? undefined : entry(number)),
    scan: async (block, words) => {
      scans.push(block)
      return words.map(() =>
        Uint8Array.from({ length: 1_000 }, (_, index) => {
          const number = block * 1_000 + index
          return number % 7 === 0 ? unknown : number % 3 === 0 ? confirmed : refuted
        }),
      )
    },
    ask: async (entries, probes) =>
      entries.map(({ number }) => {
        asked.push(number)
        return number === 4_200 ? null : probes.map(() => number % 3 === 0)
      }),
  }
}

const numbers = (search: Search) =>
  search.page(Number.MAX_SAFE_INTEGER, 0, 100_000).map(({ number }) => number)
const expected = (count: number) =>
  Array.from({ length: count }, (_, index) => count - index).filter(
    number => number % 3 === 0 && number !== 4_200,
  )

describe('a search', () => {
  test('finds all, newest first, and asks only for what the texts do not say', async () => {
    const from = sources()
    const search = await new Search(asks, slices(9_500), from).run()
    assert.deepEqual(numbers(search), expected(9_500))
    assert.equal(search.unread, expected(9_500).filter(number => number % 2 === 1).length)
    assert.deepEqual(from.scans.sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert.ok(from.asked.every(number => number % 7 === 0))
    assert.equal(search.isComplete, true)
    assert.equal(search.total, expected(9_500).length)
    for (const [upto, offset, limit] of [
      [9_500, 0, 10],
      [7_777, 0, 500],
      [7_777, 1_234, 7],
      [4_200, 1, 3],
      [9_500, search.total - 2, 10],
      [9_500, search.total, 10],
      [2, 0, 10],
    ] as const) {
      const below = expected(9_500).filter(number => number <= upto)
      const page = search.page(upto, offset, limit).map(({ number }) => number)
      assert.deepEqual(page, below.slice(offset, offset + limit))
    }
    assert.equal(search.size, 9_500)
  })

  test('goes no farther than it must, and on from there', async () => {
    const from = sources()
    const search = new Search(asks, slices(9_500), from)
    await search.run(() => search.total >= 10)
    assert.equal(search.isComplete, false)
    assert.ok(from.scans.length <= 4, `${from.scans}`)
    assert.deepEqual(numbers(search), expected(9_500).slice(0, search.total))
    // Two who want more share the steps.
    await Promise.all([search.run(), search.run()])
    assert.deepEqual(numbers(search), expected(9_500))
    assert.equal(from.scans.length, 10)
  })

  test('asks the messages at once where it is told not to scan', async () => {
    const from = sources()
    const search = new Search(asks, [one(entry(6))], from, { scans: false })
    assert.deepEqual(numbers(await search.run()), [6])
    assert.deepEqual([from.scans, from.asked], [[], [6]])
  })

  test('waits for the parsing of the messages that it looks into, and no others', async () => {
    const waited: number[] = []
    const from: SearchSources = {
      ...sources(),
      parsed: async ({ number }) => {
        waited.push(number)
        return number === 13 ? undefined : entry(number)
      },
    }
    const needsParsing: Condition = (entry, facts) =>
      entry.number > 15 ? false : facts.parsed(entry, () => true)
    const entries = [12, 13, 14, 15, 20].map(number => entry(number, number === 12))
    const slice = { block: 0, entries, from: 0, to: 5 }
    const search = await new Search(needsParsing, [slice], from).run()
    assert.deepEqual(numbers(search), [15, 14, 12])
    assert.deepEqual(waited, [15, 14, 13])
  })

  test('gives the thread away again and again', async () => {
    const slow: Condition = () => {
      const end = performance.now() + 1
      while (performance.now() < end);
      return true
    }
    let turns = 0
    let isDone = false
    const count = () => {
      turns++
      if (!isDone) setImmediate(count)
    }
    setImmediate(count)
    await new Search(slow, slices(300), sources()).run()
    assert.ok(turns > 20, `${turns}`)
    // Not only within a block.
    turns = 0
    await new Search(
      slow,
      Array.from({ length: 300 }, (_, at) => one(entry(at))),
      sources(),
    ).run()
    isDone = true
    assert.ok(turns > 20, `${turns}`)
  })

  test('scans the texts of the messages, whatever numbers their entries have', async () => {
    const from = sources()
    const copies = Array.from({ length: 400 }, (_, at) =>
      bareEntry(50_100 + at, { id: at * 20 + 1 }),
    )
    const slice = { block: 50, entries: copies, from: 0, to: 400 }
    const search = await new Search(asks, [slice], from).run()
    const expected = copies.filter(({ number, message: { id } }) =>
      id % 7 === 0 ? number % 3 === 0 && number !== 4_200 : id % 3 === 0,
    )
    assert.deepEqual(search.page(Number.MAX_SAFE_INTEGER, 0, 1_000), expected.reverse())
    assert.deepEqual(from.scans.sort(), [0, 1, 2, 3, 4, 5, 6, 7])
  })

  test('does not wait for parsing where only the message as it came must be read', async () => {
    const field: Probe = { kind: 'field', name: 'x-kind', wanted: 'one' }
    const from: SearchSources = { ...sources(), parsed: () => assert.fail() }
    const search = new Search(
      (asked, facts) => facts.get(field, asked),
      [one(entry(3, false))],
      from,
    )
    assert.deepEqual(numbers(await search.run()), [3])
  })

  test('takes what the texts say for a hint', async () => {
    const hints: (number | undefined)[] = []
    const hinted: Condition = (asked, facts) => {
      const hint = facts.hint(probe, asked)
      hints.push(hint)
      return hint === undefined ? undefined : hint !== unknown
    }
    const search = new Search(hinted, slices(7), sources())
    assert.deepEqual(numbers(await search.run()), [6, 5, 4, 3, 2, 1])
    const said = [refuted, refuted, confirmed, refuted, refuted, confirmed, unknown]
    assert.deepEqual(hints, [...said.map(() => undefined), ...said])
  })

  test('fails for good when a source fails', async () => {
    const from: SearchSources = {
      ...sources(),
      scan: async () => Promise.reject(new Error('gone')),
    }
    const search = new Search(asks, slices(5_000), from)
    await assert.rejects(search.run(), /gone/)
    await assert.rejects(search.run(), /gone/)
    assert.equal(search.isComplete, false)
  })

  test('ends with an error where a condition never says what it lacks', async () => {
    await assert.rejects(new Search(() => undefined, slices(3), sources()).run(), /message 3/)
  })
})
