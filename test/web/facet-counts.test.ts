import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Facets, MessageSummary } from '../../server/http/resources.ts'
import { applyToFacets } from '../../web/facet-counts.ts'
import type { RowChange } from '../../web/rows.ts'

const none: Facets = {
  total: 0,
  unread: 0,
  withAttachments: 0,
  recipients: [],
  senders: [],
  tags: [],
  feed: 'x-1',
}

const row = (to: readonly string[], more: Partial<MessageSummary> = {}): MessageSummary => ({
  id: 1,
  receivedAt: '2026-01-01T00:00:00.000Z',
  from: [{ name: 'App', address: 'App@x.test' }],
  to: [],
  rcptTo: to,
  subject: '',
  preview: '',
  size: 1,
  attachments: 0,
  unread: true,
  flagged: false,
  tags: [],
  parsed: false,
  warnings: 0,
  ...more,
})

const added = (...rows: MessageSummary[]): RowChange => ({ type: 'added', from: 1, to: 2, rows })
const changed = (patch: (RowChange & { type: 'changed' })['patch']): RowChange => ({
  type: 'changed',
  from: 1,
  to: 2,
  ids: [[3, 5]],
  patch,
})

/** The counts where they can be told. */
const sure = (...all: Parameters<typeof applyToFacets>): Facets | null => {
  const { facets, isSure } = applyToFacets(...all)
  return isSure ? facets : null
}

describe('the facets that the page has', () => {
  it('count arrivals as the server does', () => {
    const first = sure(none, added(row(['ann@x.test', 'ANN@x.test']), row([''])), 9)
    assert.ok(first)
    assert.deepEqual(first.recipients, [{ value: 'ann@x.test', count: 1, unread: 1 }])
    assert.deepEqual(first.senders, [{ value: 'app@x.test', count: 2, unread: 2 }])
    const read = row(['bob@x.test'], { unread: false, tags: ['One', 'one'], attachments: 2 })
    const second = sure(first, added(read, read), 9)
    assert.deepEqual(second?.recipients, [
      { value: 'bob@x.test', count: 2, unread: 0 },
      { value: 'ann@x.test', count: 1, unread: 1 },
    ])
    assert.deepEqual(
      second?.tags.map(({ count }) => count),
      [2],
    )
    assert.equal(second?.withAttachments, 2)
  })

  it('count the attachments that the parser finds', () => {
    assert.equal(sure(none, changed({ parsed: true, attachments: 1 }), 9)?.withAttachments, 3)
    assert.equal(sure(none, changed({ parsed: true, attachments: 0 }), 9), none)
    assert.equal(sure(none, changed({ flagged: true }), 9), none)
  })

  it('say where they do not know', () => {
    assert.equal(sure(none, changed({ unread: false }), 9), null)
    assert.equal(sure(none, changed({ tags: [] }), 9), null)
    assert.equal(sure(none, { type: 'removed', from: 1, to: 2, ids: [[1, 1]] }, 9), null)
    // The list is full: the server may know the new one.
    const one = sure(none, added(row(['ann@x.test'])), 1)
    assert.ok(one)
    assert.equal(sure(one, added(row(['bob@x.test'])), 1), null)
    assert.equal(sure(one, added(row(['ann@x.test'])), 1)?.recipients[0]?.count, 2)
    // What is known is counted all the same.
    const { facets } = applyToFacets(one, added(row(['bob@x.test'])), 1)
    assert.equal(facets.senders[0]?.count, 2)
    assert.equal(facets.recipients[0]?.count, 1)
  })
})
