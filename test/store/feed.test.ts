import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Feed } from '../../server/store/feed.ts'
import { bareEntry } from '../helpers/store.ts'

test('what came after a position is known for ten thousand transactions', () => {
  const feed = new Feed(0, assert.fail)
  const positions = Array.from({ length: 25_000 }, (_, at) => {
    feed.advance()
    feed.publish([{ type: 'message.removed', ids: `${at}`, reason: 'deleted' }])
    return feed.position
  })
  const since = (behind: number) => feed.since(positions.at(-1 - behind) as string)?.length
  assert.deepEqual([since(0), since(1), since(10_000)], [0, 1, 10_000])
  assert.equal(since(10_001), undefined)
})

test('fewer are known where they take up much memory', () => {
  for (const make of [
    (at: number) => ({
      type: 'message.added' as const,
      entry: bareEntry(at, {
        to: Array.from({ length: 10_000 }, (_, to) => ({ name: '', address: `${to}@b.c` })),
      }),
    }),
    (at: number) => ({
      type: 'message.added' as const,
      entry: bareEntry(at, { rcptTo: [`${at}@b.c`.padEnd(1_000_000, 'x')] }),
    }),
    (at: number) => ({
      type: 'message.changed' as const,
      ids: `${at}`,
      patch: { tags: [`${at}`.padEnd(1_000_000, 'x')] },
    }),
    (at: number) => ({
      type: 'entry.removed' as const,
      account: 1,
      mailbox: 2,
      ids: `${at}`.padEnd(1_000_000, ',3'),
    }),
  ]) {
    const feed = new Feed(0, assert.fail)
    const positions = Array.from({ length: 200 }, (_, at) => {
      feed.advance()
      feed.publish([make(at)])
      return feed.position
    })
    const first = positions.findIndex(position => feed.since(position) !== null)
    assert.ok(first > 100 && first < 180, `the first that is known is ${first}`)
    const since = feed.since(positions[first] as string)
    assert.equal(since?.length, 199 - first)
    assert.deepEqual(since?.at(-1)?.changes, [make(199)])
  }
})

test('one transaction that is too much by itself is told, and not known', () => {
  const feed = new Feed(0, assert.fail)
  const told: number[] = []
  feed.subscribe(({ seq }) => told.push(seq))
  const before = feed.position
  feed.advance()
  feed.publish([{ type: 'message.removed', ids: '1'.repeat(70_000_000), reason: 'deleted' }])
  assert.deepEqual(told, [1])
  assert.equal(feed.since(before), null)
  assert.deepEqual(feed.since(feed.position), [])
})
