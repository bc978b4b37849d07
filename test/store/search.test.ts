import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Condition,
  confirmed,
  type Facts,
  refuted,
  unknown,
} from '../../server/store/condition.ts'
import type { Entry } from '../../server/store/message.ts'
import type { Probe } from '../../server/store/probe.ts'
import { Search, type SearchSources } from '../../server/store/search.ts'

const entry = (number: number, parsed: Entry['message']['parsed'] = true): Entry =>
  ({
    number,
    flags: number % 2 === 0 ? ['\\Seen'] : [],
    message: { id: number, parsed },
  }) as unknown as Entry

/** `count` entries as the store's blocks of a thousand numbers, newest first. */
const blocks = (count: number): Entry[][] => {
  const all: Entry[][] = []
  for (let number = count; number >= 1; number--) {
    const block = Math.floor(count / 1_000) - Math.floor(number / 1_000)
    const entries = all[block] ?? []
    if (!all[block]) all[block] = entries
    entries.push(entry(number))
  }
  return all
}

const probe: Probe = { kind: 'word', wanted: 'x' }
const asks: Condition = (entry: Entry, facts: Facts) => facts.get(probe, entry)

/** Texts hold the word where the number is a multiple of three; every seventh text is lost and must be asked for. */
const sources = (): SearchSources & { scans: number[]; asked: number[] } => {
  const scans: number[] = []
  const asked: number[] = []
  return {
    scans,
    asked,
    parsed: async id => (id === 13 ? undefined : entry(id)),
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

const numbers = (search: Search) => search.found.map(({ number }) => number)
const expected = (count: number) =>
  Array.from({ length: count }, (_, index) => count - index).filter(
    number => number % 3 === 0 && number !== 4_200,
  )

describe('a search', () => {
  test('finds all, newest first, and asks only for what the texts do not say', async () => {
    const from = sources()
    const search = await new Search(asks, blocks(9_500), from).run()
    assert.deepEqual(numbers(search), expected(9_500))
    assert.equal(search.unread, expected(9_500).filter(number => number % 2 === 1).length)
    assert.deepEqual(from.scans.sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert.ok(from.asked.every(number => number % 7 === 0))
    assert.equal(search.isComplete, true)
    assert.equal(search.size, 9_500)
  })

  test('goes no farther than it must, and on from there', async () => {
    const from = sources()
    const search = new Search(asks, blocks(9_500), from)
    await search.run(() => search.found.length >= 10)
    assert.equal(search.isComplete, false)
    assert.ok(from.scans.length <= 4, `${from.scans}`)
    assert.deepEqual(numbers(search), expected(9_500).slice(0, search.found.length))
    // Two who want more share the steps.
    await Promise.all([search.run(), search.run()])
    assert.deepEqual(numbers(search), expected(9_500))
    assert.equal(from.scans.length, 10)
  })

  test('asks the messages at once where it is told not to scan', async () => {
    const from = sources()
    const search = new Search(asks, [[entry(6)]], from, { scans: false })
    assert.deepEqual(numbers(await search.run()), [6])
    assert.deepEqual([from.scans, from.asked], [[], [6]])
  })

  test('waits for the parsing of the messages that it looks into, and no others', async () => {
    const waited: number[] = []
    const from: SearchSources = {
      ...sources(),
      parsed: async id => {
        waited.push(id)
        return id === 13 ? undefined : entry(id)
      },
    }
    const needsParsing: Condition = ({ number, message }) =>
      number > 15 ? false : message.parsed === false ? undefined : true
    const unparsed = [20, 15, 14, 13, 12].map(number => entry(number, number === 12))
    const search = await new Search(needsParsing, [unparsed], from).run()
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
    await new Search(slow, blocks(300), sources()).run()
    assert.ok(turns > 20, `${turns}`)
    // Not only within a block.
    turns = 0
    await new Search(
      slow,
      Array.from({ length: 300 }, (_, at) => [entry(at)]),
      sources(),
    ).run()
    isDone = true
    assert.ok(turns > 20, `${turns}`)
  })

  test('fails for good when a source fails', async () => {
    const from: SearchSources = {
      ...sources(),
      scan: async () => Promise.reject(new Error('gone')),
    }
    const search = new Search(asks, blocks(5_000), from)
    await assert.rejects(search.run(), /gone/)
    await assert.rejects(search.run(), /gone/)
    assert.equal(search.isComplete, false)
  })

  test('ends with an error where a condition never says what it lacks', async () => {
    await assert.rejects(new Search(() => undefined, blocks(3), sources()).run(), /message 3/)
  })
})
