import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Expunged } from '../../server/store/expunged.ts'

/** One UID after the other goes, each in a transaction of its own, from a mailbox that always holds as many. */
const drained = (count: number, left: number): Expunged => {
  const expunged = new Expunged(0)
  for (let uid = 1; uid <= count; uid++) expunged.add(uid, [uid], left)
  return expunged
}

/** Of how many the mailbox knows. */
const known = (expunged: Expunged, count: number): number => {
  for (let modseq = 0; modseq <= count; modseq++) {
    const uids = expunged.since(modseq)
    if (uids) return uids.length
  }
  return 0
}

test('what went after a mod-sequence is told, ascending, whatever the order in which it went', () => {
  const expunged = new Expunged(5)
  expunged.add(6, [8, 9], 3)
  expunged.add(7, [2, 4], 1)
  assert.deepEqual(expunged.since(5), [2, 4, 8, 9])
  assert.deepEqual(expunged.since(6), [2, 4])
  assert.deepEqual(expunged.since(7), [])
  assert.equal(expunged.since(4), null)
})

test('a mailbox remembers about as many as it holds, at least a hundred', () => {
  for (const [left, least, most] of [
    [0, 100, 200],
    [10, 100, 200],
    [500, 500, 1_000],
    [1_000_000, 10_000, 20_000],
  ] as const) {
    const count = known(drained(45_000, left), 45_000)
    assert.ok(count >= least && count < most, `${count} of a mailbox with ${left}`)
  }
})
