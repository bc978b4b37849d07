import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ChangeResource, MessageSummary } from '../../server/http/resources.ts'
import { feedSeq, rowChanges } from '../../web/frames.ts'

const added = (id: number): ChangeResource => ({
  type: 'message.added',
  message: { id } as MessageSummary,
})

const frame = (changes: readonly ChangeResource[]) => ({
  feed: 'k2x-9',
  changes,
  total: 0,
  unread: 0,
})

describe('frames of the feed', () => {
  it('reads the number in a position', () => {
    assert.equal(feedSeq('k2x-17'), 17)
    assert.equal(feedSeq('a-b-17'), 17)
    assert.equal(feedSeq(''), 0)
    assert.equal(feedSeq('k2x-oh'), 0)
  })

  it('makes one step of arrivals that follow each other, newest first', () => {
    const steps = rowChanges(
      frame([
        added(1),
        added(2),
        { type: 'message.changed', ids: '1:2', patch: { unread: false } },
        added(3),
        { type: 'message.removed', ids: '2', reason: 'deleted' },
      ]),
      4,
    )
    assert.deepEqual(
      steps.map(step => (step.type === 'added' ? step.rows.map(({ id }) => id) : step.ids)),
      [[2, 1], [[1, 2]], [3], [[2, 2]]],
    )
    assert.deepEqual([...new Set(steps.map(({ from, to }) => `${from} ${to}`))], ['4 9'])
  })

  it('applies at most a hundred rows in a step', () => {
    const steps = rowChanges(frame(Array.from({ length: 200 }, (_, at) => added(at + 1))), 0)
    assert.deepEqual(
      steps.map(step => step.type === 'added' && step.rows.length),
      [100, 100],
    )
  })

  it('says so where a frame cannot be read', () => {
    assert.throws(() =>
      rowChanges(frame([{ type: 'message.removed', ids: '3:1', reason: 'deleted' }]), 0),
    )
  })
})
