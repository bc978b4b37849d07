import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UidList } from '../../server/imap/uid-list.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'

const listOf = (...uids: number[]) => UidList.of(uids)

test('finds UIDs and positions', () => {
  const list = listOf(3, 5, 9)
  assert.deepEqual([...list.uids], [3, 5, 9])
  assert.deepEqual([list.at(0), list.at(2), list.at(3), list.last], [3, 9, undefined, 9])
  assert.deepEqual(
    [3, 4, 9, 10].map(uid => list.indexOf(uid)),
    [0, -1, 2, -1],
  )
  assert.deepEqual(
    [1, 4, 10].map(uid => list.firstFrom(uid)),
    [0, 1, 3],
  )
  assert.equal(UidList.empty.last, 0)
})

test('lists that grow out of one share their memory', () => {
  const one = listOf(...Array.from({ length: 1_000 }, (_, at) => at + 1))
  const [first, second] = [one.append([1_001]), one.append([1_001])]
  assert.equal(first.uids.buffer, one.uids.buffer)
  assert.equal(second.uids.buffer, one.uids.buffer)
  const other = one.append([2_000])
  assert.notEqual(other.uids.buffer, one.uids.buffer)
  assert.equal(first.last, 1_001)
  assert.equal(one.length, 1_000)
})

const seed = chosenSeed()

test(`a list stays what it is, whatever grows out of it (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const known: { list: UidList; uids: number[] }[] = [{ list: UidList.empty, uids: [] }]
  for (let step = 0; step < 3_000; step++) {
    const { list, uids } = random.pick(known)
    const last = uids.at(-1) ?? 0
    const added = Array.from(
      { length: random.integer(4) },
      (_, at) => last + 1 + at * (1 + random.integer(2)),
    )
    const ascending = [...new Set(added)].sort((a, b) => a - b)
    const gone = random.some([...uids, last + 7], random.integer(4))
    const next = random.chance(0.6)
      ? { list: list.append(ascending), uids: [...uids, ...ascending] }
      : { list: list.without(gone), uids: uids.filter(uid => !gone.includes(uid)) }
    if (next.uids.length < 40) known.push(next)
    if (known.length > 50) known.splice(random.integer(known.length), 1)
  }
  for (const { list, uids } of known) assert.deepEqual([...list.uids], uids)
})
