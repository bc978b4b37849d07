import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  countWithin,
  holds,
  minus,
  readSequenceSet,
  setOf,
  sizeOf,
  union,
  writeSequenceSet,
} from '../../web/sequence-set.ts'

describe('sequence sets', () => {
  it('reads ranges and single ids', () => {
    assert.deepEqual(readSequenceSet('4:17,20'), [
      [4, 17],
      [20, 20],
    ])
    assert.deepEqual(readSequenceSet('1'), [[1, 1]])
  })

  it('refuses what is none, or is not ascending', () => {
    for (const text of [
      '',
      '0',
      '01',
      '4:',
      ':4',
      '4:2',
      '5,4',
      '4,4',
      '1:*',
      '1 ,2',
      '1e3',
      '-1',
    ]) {
      assert.equal(readSequenceSet(text), null, text)
    }
  })

  it('finds and counts ids', () => {
    const set = readSequenceSet('4:17,20,30:39') ?? []
    assert.deepEqual(
      [3, 4, 17, 18, 20, 21, 39, 40].map(id => holds(set, id)),
      [false, true, true, false, true, false, true, false],
    )
    assert.equal(countWithin(set, 1, 100), 25)
    assert.equal(countWithin(set, 10, 20), 9)
    assert.equal(countWithin(set, 18, 19), 0)
    assert.equal(countWithin(set, 35, 32), 0)
    assert.equal(countWithin([], 1, 10), 0)
  })

  it('takes a hundred thousand ids in its stride', () => {
    const text = Array.from({ length: 100_000 }, (_, at) => 2 * at + 1).join(',')
    const set = readSequenceSet(text) ?? []
    assert.equal(set.length, 100_000)
    assert.equal(countWithin(set, 1, 200_000), 100_000)
    assert.equal(holds(set, 199_999), true)
  })

  it('are made, joined and taken from each other as sets of numbers are', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 })
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const list = (ids: Iterable<number>) => [...new Set(ids)].sort((a, b) => a - b)
        const read = (set: ReturnType<typeof setOf>) =>
          set.flatMap(([first, last]) =>
            Array.from({ length: last - first + 1 }, (_, at) => first + at),
          )
        assert.deepEqual(read(setOf(one)), list(one))
        assert.deepEqual(read(union(setOf(one), setOf(other))), list([...one, ...other]))
        const left = list(one).filter(id => !other.includes(id))
        assert.deepEqual(read(minus(setOf(one), setOf(other))), left)
        assert.equal(sizeOf(setOf(one)), list(one).length)
        if (one.length > 0) {
          assert.deepEqual(readSequenceSet(writeSequenceSet(setOf(one))), setOf(one))
        }
      }),
    )
  })
})
