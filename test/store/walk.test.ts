import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Condition } from '../../server/store/condition.ts'
import { Entries } from '../../server/store/entries.ts'
import type { Entry } from '../../server/store/message.ts'
import type { Probe } from '../../server/store/probe.ts'
import type { SearchSources } from '../../server/store/search.ts'
import { judge, lookInto, newestFirst, oldestFirst } from '../../server/store/walk.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'
import { bareEntry } from '../helpers/store.ts'

const entry = (number: number): Entry => bareEntry(number)

const probe: Probe = { kind: 'html', source: { mode: 'substring', value: 'x', parameter: 'html' } }

/** What the index knows of a number; else the message must be asked. */
type Truth = { readonly holds: boolean; readonly isIndexed: boolean }

function make(truths: ReadonlyMap<number, Truth>) {
  const entries = new Entries()
  for (const number of truths.keys()) entries.put(entry(number))
  const asked: number[] = []
  const truth = (number: number) => truths.get(number) as Truth
  const condition: Condition = (entry, facts) => {
    const { holds, isIndexed } = truth(entry.number)
    return isIndexed ? holds : facts.get(probe, entry)
  }
  const sources: SearchSources = {
    parsed: async ({ number }) => entries.get(number),
    scan: () => assert.fail('nothing is a word'),
    ask: async some =>
      some.map(({ number }) => {
        asked.push(number)
        return entries.get(number) ? [truth(number).holds] : null
      }),
  }
  return { entries, asked, condition, sources }
}

const collect = async (walk: AsyncIterable<Entry>): Promise<number[]> => {
  const numbers: number[] = []
  for await (const { number } of walk) numbers.push(number)
  return numbers
}

test('what matches, oldest first and newest first, as a naive look finds it', async () => {
  const seed = chosenSeed()
  const random = randomFrom(seed)
  for (let round = 0; round < 20; round++) {
    const truths = new Map<number, Truth>()
    const [scarcity, indexed] = [random.integer(10), random.integer(100) / 100]
    for (let number = 1; truths.size < 300; number += 1 + random.integer(1 + scarcity)) {
      truths.set(number, { holds: random.chance(0.3), isIndexed: random.chance(indexed) })
    }
    const { entries, condition, sources } = make(truths)
    const span = { since: random.integer(500), upto: 500 + random.integer(1_500) }
    const wanted = [...truths]
      .filter(([number, { holds }]) => holds && number > span.since && number <= span.upto)
      .map(([number]) => number)
    const snapshot = entries.snapshot(span.upto, span.since)
    const name = `MAILCATCH_SEED=${seed} round ${round}`
    assert.deepEqual(
      await collect(oldestFirst(entries, condition, snapshot, sources)),
      wanted,
      name,
    )
    const reversed = wanted.toReversed()
    assert.deepEqual(await collect(newestFirst(condition, snapshot, sources)), reversed, name)
  }
})

test('the first is known without a look at the second', async () => {
  const truths = new Map([1, 2, 3, 4].map(number => [number, { holds: true, isIndexed: false }]))
  const { entries, asked, condition, sources } = make(truths)
  const walk = oldestFirst(entries, condition, entries.snapshot(), sources)
  const { value } = await walk.next()
  assert.deepEqual([(value as Entry).number, asked], [1, [1]])
})

test('several conditions are looked into at once, and each is answered', async () => {
  const { entries, condition, sources, asked } = make(
    new Map([[7, { holds: true, isIndexed: false }]]),
  )
  const seven = entries.get(7) as Entry
  const never: Condition = () => false
  assert.equal(judge(condition, seven), undefined)
  assert.equal(judge(never, seven), false)
  assert.deepEqual(await lookInto([never, condition, condition], seven, sources), [
    false,
    true,
    true,
  ])
  assert.deepEqual(asked, [7])
  entries.removeAll([7])
  assert.deepEqual(await lookInto([() => true, condition], seven, sources), [false, false])
})
