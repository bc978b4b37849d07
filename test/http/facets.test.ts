import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facets as facetsDocument } from '../../server/http/documents.ts'
import type { Facets, MessageList, Problem } from '../../server/http/resources.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

test('Facets count whom the mail is for and from, and its tags', async t => {
  const { ask, store } = await startHttp(t)
  const none = (await ask('/v1/facets')).json as Facets
  assert.deepEqual(none, {
    total: 0,
    unread: 0,
    withAttachments: 0,
    recipients: [],
    senders: [],
    tags: [],
    feed: store.feed,
  })
  await put(store, mail('One', 'Hello', 'X-Tags: signup'))
  await put(store, mail('Two'), { envelope: { mailFrom: '', rcptTo: ['BOB@example.com'] } })
  await put(store, mail('Three'))
  await store.update([1], { unread: false })
  const facets = facetsDocument.parse((await ask('/v1/facets')).json)
  assert.deepEqual(facets, {
    total: 3,
    unread: 2,
    withAttachments: 0,
    recipients: [
      { value: 'ann@example.com', count: 2, unread: 1 },
      { value: 'bob@example.com', count: 1, unread: 1 },
    ],
    senders: [{ value: 'app@example.com', count: 3, unread: 2 }],
    tags: [{ value: 'signup', count: 1, unread: 0 }],
    feed: facets.feed,
  })
  const few = (await ask('/v1/facets?kind=recipients&filter=B&limit=1')).json as Facets
  assert.deepEqual(
    [few.recipients.map(({ value }) => value), few.senders, few.tags],
    [['bob@example.com'], [], []],
  )
})

test('A search for a facet finds what it counts, and nothing that only looks like it', async t => {
  const { ask, store } = await startHttp(t)
  for (const address of ['ann@example.com', 'joann@example.com', 'Ann@Example.com']) {
    await put(store, mail('One'), { envelope: { mailFrom: '', rcptTo: [address] } })
  }
  const { recipients } = (await ask('/v1/facets')).json as Facets
  assert.deepEqual(
    recipients.map(({ value, count }) => [value, count]),
    [
      ['ann@example.com', 2],
      ['joann@example.com', 1],
    ],
  )
  const q = encodeURIComponent('rcpt:<ann@example.com>')
  assert.equal(((await ask(`/v1/messages?q=${q}`)).json as MessageList).total, 2)
})

test('What facets cannot be asked is said', async t => {
  const { ask } = await startHttp(t)
  for (const [query, parameter] of [
    ['kind=colours', 'kind'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['filter=', 'filter'],
    ['rcpt=ann@example.com', 'rcpt'],
  ] as const) {
    const reply = await ask(`/v1/facets?${query}`)
    assert.equal(reply.status, 400, query)
    assert.equal((reply.json as Problem).parameter, parameter)
  }
})
