import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Facts } from '../../server/store/condition.ts'
import { type Matcher, readMatcher } from '../../server/store/matcher.ts'
import type { Entry } from '../../server/store/message.ts'
import { compile, type PatternSource } from '../../server/store/pattern.ts'
import { answer, type Probed } from '../../server/store/probe.ts'
import { Texts } from '../../server/store/texts.ts'
import { judge } from '../../server/store/walk.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'

const list = <T>(length: number, make: (at: number) => T): T[] =>
  Array.from({ length }, (_, at) => make(at))

const addressed = (count: number): Entry => {
  const to = list(count, at => ({ name: '', address: `u${at}@B.example` }))
  const message = { id: 1, parsed: true, rcptTo: [], to, cc: [], bcc: [], from: [], replyTo: [] }
  return { number: 1, flags: [], tags: [], message } as unknown as Entry
}

test('a pattern finds among many texts what it finds in one of them', () => {
  const seed = chosenSeed()
  const random = randomFrom(seed)
  const pick = (length: number) =>
    list(1 + random.integer(length), () => 'aAbBﬁ*\0 '[random.integer(8)]).join('')
  for (let round = 0; round < 5_000; round++) {
    const values = list(random.integer(8), () => pick(4))
    const value = pick(3)
    for (const mode of ['substring', 'whole', 'literal'] satisfies PatternSource['mode'][]) {
      const pattern = compile({ mode, value, parameter: 'to' })
      const expected = values.some(text => pattern(text))
      assert.equal(
        pattern.some(new Texts(values)),
        expected,
        `${JSON.stringify({ values, value, mode })}, seed ${seed}`,
      )
    }
  }
  const literal = compile({ mode: 'literal', value: '/a/', parameter: 'q' })
  assert.deepEqual(
    [literal.some(new Texts(['a'])), literal.some(new Texts(['x/A/x']))],
    [false, true],
  )
})

test('texts are folded once for all conditions, and what would take long is left to another thread', async () => {
  const entry = addressed(10_000)
  const many = (address: (at: number) => string): Matcher => ({
    any: list(450, at => ({ address: address(at) })),
  })
  for (const [name, address] of [
    ['whole', at => `no-${at}@b.example`],
    ['wildcards', at => `u*-${at}e`],
    ['expressions', at => `/u[0-9]+z${at}/`],
  ] satisfies [string, (at: number) => string][]) {
    const condition = readMatcher(many(address), 0)
    const before = performance.now()
    const holds = judge(condition, entry)
    const took = performance.now() - before
    assert.equal(holds, name === 'whole' ? false : undefined, name)
    // One by one the addresses of all would be folded 450 times, which takes seconds.
    assert.ok(took < 500, `${name}: ${took} ms`)
  }
  // What is left to another thread is told by it.
  const condition = readMatcher(
    many(at => (at === 449 ? 'u*-9999@B.ex*' : `u*-${at}e`)),
    0,
  )
  const last = readMatcher(
    many(at => (at === 449 ? 'u99*9@b.EX*' : `u*-${at}e`)),
    0,
  )
  for (const [one, expected] of [
    [condition, false],
    [last, true],
  ] as const) {
    const facts = new Facts()
    assert.equal(one(entry, facts), undefined)
    assert.ok(facts.missing.size > 300)
    for (const probe of facts.missing) {
      assert.ok(probe.kind === 'values')
      const probed = { values: new Texts(probe.values(entry)) } as unknown as Probed
      facts.put(probe, 1, await answer(probe, probed))
    }
    facts.begin()
    assert.equal(one(entry, facts), expected)
  }
})
