import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pending } from '../../server/http/frames.ts'
import type { Change } from '../../server/store/changes.ts'
import type { Entry } from '../../server/store/message.ts'

const position = { feed: 'abc-9', total: 5, unread: 2 }

const added = (id: number): Change => ({
  type: 'message.added',
  entry: {
    number: id,
    flags: [],
    tags: [],
    modseq: 1,
    message: { id, receivedAt: 0, subject: `${id}` },
  } as unknown as Entry,
})
const changed: Change = { type: 'message.changed', ids: '1:5', patch: { unread: false } }

test('What waits is told in order and once', () => {
  const pending = new Pending()
  assert.equal(pending.isEmpty, true)
  pending.add([added(1), changed])
  pending.add([added(2)])
  assert.equal(pending.isEmpty, false)
  const frame = pending.take(position)
  assert.ok('changes' in frame)
  assert.deepEqual(
    frame.changes.map(change => (change.type === 'message.added' ? change.message.id : change)),
    [1, changed, 2],
  )
  assert.equal(pending.isEmpty, true)
  assert.deepEqual(pending.take(position), { ...position, changes: [] })
})

test('200 changes are told one by one, one more as a range, or as resync', () => {
  const pending = new Pending()
  const many = Array.from({ length: 200 }, (_, index) => added(index + 7))
  pending.add(many)
  const frame = pending.take(position)
  assert.equal('changes' in frame && frame.changes.length, 200)
  pending.add(many)
  pending.add([changed])
  assert.deepEqual(pending.take(position), { ...position, range: { from: 7, to: 206 } })
  pending.add(Array.from({ length: 201 }, () => changed))
  assert.deepEqual(pending.take(position), { ...position, resync: true })
  pending.add([changed])
  assert.deepEqual(pending.take(position), { ...position, changes: [changed] })
})
