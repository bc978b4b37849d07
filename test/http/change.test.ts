import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageList, Problem } from '../../server/http/resources.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

test('A message is marked, flagged and tagged', async t => {
  const { send, store } = await startHttp(t)
  await put(store, mail('One'))
  await put(store, mail('Two'))
  const patch = async (body: unknown) => (await send('PATCH', '/v1/messages/1', body)).json
  assert.deepEqual(await patch({ unread: false, flagged: true, tags: ['a', 'b'] }), { changed: 1 })
  assert.deepEqual(await patch({ unread: false }), { changed: 0 })
  assert.deepEqual(await patch({ addTags: ['c'], removeTags: ['a'] }), { changed: 1 })
  const list = (await send('GET', '/v1/messages')).json as MessageList
  assert.deepEqual(
    list.messages.map(({ id, unread, flagged, tags }) => ({ id, unread, flagged, tags })),
    [
      { id: 2, unread: true, flagged: false, tags: [] },
      { id: 1, unread: false, flagged: true, tags: ['b', 'c'] },
    ],
  )
  assert.equal((await send('PATCH', '/v1/messages/3', { unread: true })).status, 404)
})

test('A message has at most 100 tags; a change that would give more is refused as a whole', async t => {
  const { send, store } = await startHttp(t)
  const rcptTo = Array.from({ length: 200 }, (_, at) => `ann+plus${at}@example.com`)
  await put(store, mail('One', 'Hello', 'X-Tags: own'), { envelope: { mailFrom: '', rcptTo } })
  await put(store, mail('Two'))
  const tagsOf = (id: number) => store.entry(id)?.tags ?? []
  assert.deepEqual([tagsOf(1).length, tagsOf(1)[0]], [100, 'own'])
  const patch = (query: string, body: object) => send('PATCH', `/v1/messages${query}`, body)
  const many = (count: number, name: string) =>
    Array.from({ length: count }, (_, at) => `${name} ${at}`)
  assert.equal((await patch('/2', { addTags: many(60, 'a') })).status, 200)
  const refused = await patch('?ids=2', { addTags: many(60, 'b'), flagged: true })
  assert.equal(refused.status, 400)
  assert.equal(
    (refused.json as Problem).detail,
    'A message has at most 100 tags; message 2 would have 120.',
  )
  assert.equal((await patch('?all=true', { addTags: ['c'] })).status, 400, 'one of them is full')
  assert.deepEqual([tagsOf(2).length, store.entry(2)?.flags], [60, []])
  assert.equal((await patch('/2', { addTags: many(60, 'a') })).status, 200, 'it has these')
  // At once: each is checked against what the one before it left.
  const replies = await Promise.all(
    [1, 2, 3].map(at => patch('/2', { addTags: many(30, `d${at}`) })),
  )
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 400, 400])
  assert.equal(tagsOf(2).length, 90)
  const [removeTags, addTags] = [many(60, 'a'), many(70, 'e')]
  assert.equal((await patch('/2', { removeTags, addTags })).status, 200)
  assert.equal(tagsOf(2).length, 100)
  assert.equal((await patch('/2', { tags: many(100, 'f') })).status, 200)
  assert.equal((await patch('/2', { tags: many(101, 'f') })).status, 400)
})

test('Several are changed by ids, by a matcher, or all', async t => {
  const { send, store } = await startHttp(t)
  for (const subject of ['Reset', 'Welcome', 'Reset', 'Hi', 'Ho']) await put(store, mail(subject))
  const patch = async (query: string, body: object) =>
    (await send('PATCH', `/v1/messages${query}`, body)).json
  assert.deepEqual(await patch('?ids=1,3:4,9,77:9999999999', { unread: false }), { changed: 3 })
  assert.deepEqual(await patch('?subject=reset&unread=false', { flagged: true }), { changed: 2 })
  assert.deepEqual(await patch('?all=true&upto=2', { tags: ['old'] }), { changed: 2 })
  assert.deepEqual(await patch('?tag=nothing', { unread: true }), { changed: 0 })
  assert.deepEqual(
    await patch('', {
      unread: true,
      matcher: { any: [{ subject: 'welcome' }, { subject: 'reset' }], not: { tag: 'old' } },
    }),
    {
      changed: 1,
    },
  )
  const list = (await send('GET', '/v1/messages')).json as MessageList
  assert.deepEqual(
    list.messages.map(({ unread, flagged, tags }) => [unread, flagged, tags.join()]),
    [
      [true, false, ''],
      [false, false, ''],
      [true, true, ''],
      [true, false, 'old'],
      [false, true, 'old'],
    ],
  )
})

test('Deletion is for good, and says how many there were', async t => {
  const { send, store } = await startHttp(t)
  for (const subject of ['Reset', 'Welcome', 'Reset', 'Hi', 'Ho', 'Hu'])
    await put(store, mail(subject))
  const remove = async (path: string, body?: unknown) =>
    (await send('DELETE', `/v1/messages${path}`, body)).json
  assert.deepEqual(await remove('/4'), { deleted: 1 })
  assert.equal((await send('DELETE', '/v1/messages/4')).status, 404)
  assert.equal((await send('GET', '/v1/messages/4/raw')).status, 404)
  assert.deepEqual(await remove('?ids=5,4'), { deleted: 1 })
  assert.deepEqual(await remove('?subject=reset&upto=1'), { deleted: 1 })
  assert.deepEqual(await remove('', { matcher: { subject: 'welcome' } }), { deleted: 1 })
  assert.deepEqual(await remove('?all=true&upto=5'), { deleted: 1 })
  assert.equal(store.total, 1)
  assert.deepEqual(await remove('?all=true'), { deleted: 1 })
  assert.deepEqual(await remove('?all=true'), { deleted: 0 })
  assert.deepEqual([store.total, store.cursor], [0, 6])
})

test('A call that does not say what it destroys, or says it twice, destroys nothing', async t => {
  const { send, store } = await startHttp(t)
  for (const subject of ['One', 'Two']) await put(store, mail(subject))
  for (const [query, body, parameter] of [
    ['', undefined, 'ids'],
    ['', {}, 'ids'],
    ['?', undefined, 'ids'],
    ['?upto=2', undefined, 'ids'],
    ['?since=0', undefined, 'ids'],
    ['?all=', undefined, 'all'],
    ['?all=false', undefined, 'all'],
    ['?all=1', undefined, 'all'],
    ['?all=true&all=true', undefined, 'all'],
    ['?ids=', undefined, 'ids'],
    ['?ids=*', undefined, 'ids'],
    ['?ids=0', undefined, 'ids'],
    ['?ids=1:*', undefined, 'ids'],
    ['?ids=2:1', undefined, 'ids'],
    ['?ids=1,,2', undefined, 'ids'],
    ['?ids=1&ids=2', undefined, 'ids'],
    ['?ids=1&all=true', undefined, 'all'],
    ['?ids=1&subject=One', undefined, 'subject'],
    ['?ids=1&upto=1', undefined, 'upto'],
    ['?all=true&subject=One', undefined, 'subject'],
    ['?subject=', undefined, 'subject'],
    ['?subjct=One', undefined, 'subjct'],
    ['?upto=', undefined, 'upto'],
    ['?all=true&upto=x', undefined, 'upto'],
    ['', { matcher: {} }, 'matcher'],
    ['', { matcher: { upto: 2 } }, 'matcher'],
    ['', { matcher: { subject: '' } }, 'matcher.subject'],
    ['', { matcher: { nonsense: 1 } }, 'matcher.nonsense'],
    ['', { subject: 'One' }, 'subject'],
    ['?subject=One', { matcher: { subject: 'One' } }, 'subject'],
    ['?all=true', { matcher: { subject: 'One' } }, 'matcher'],
    ['?ids=1', { matcher: { subject: 'One' } }, 'matcher'],
    ['?limit=1', undefined, 'limit'],
  ] as const) {
    const reply = await send('DELETE', `/v1/messages${query}`, body)
    const label = `${query} ${JSON.stringify(body)}: ${reply.text}`
    assert.equal(reply.status, 400, label)
    assert.equal((reply.json as Problem).parameter, parameter, label)
    assert.equal(store.total, 2, label)
  }
  for (const id of ['latest', '0', 'all', '1,2']) {
    assert.equal((await send('DELETE', `/v1/messages/${id}`)).status, 400, id)
  }
  assert.equal(store.total, 2)
})

test('A matcher of nothing but empty alternatives is no way to say everything', async t => {
  const { send, store } = await startHttp(t)
  await put(store, mail('One'))
  for (const matcher of [
    { any: [] },
    { any: [{}] },
    { not: {} },
    { any: [{ upto: 5 }] },
    { not: { not: {} } },
  ]) {
    const reply = await send('DELETE', '/v1/messages', { matcher })
    assert.equal(reply.status, 400, JSON.stringify(matcher))
    assert.equal(store.total, 1)
  }
})

test('What a patch says must be there, known and of its type', async t => {
  const { send, ask, store } = await startHttp(t)
  await put(store, mail('One'))
  for (const [body, parameter] of [
    [{}, undefined],
    [{ unread: 'false' }, 'unread'],
    [{ seen: true }, 'seen'],
    [{ tags: 'a' }, 'tags'],
    [{ tags: [''] }, 'tags.0'],
    [{ tags: ['a\nb'] }, 'tags.0'],
    [{ tags: ['a'], addTags: ['b'] }, 'tags'],
    [[], undefined],
    ['x', undefined],
    [null, undefined],
  ] as const) {
    for (const path of ['/v1/messages/1', '/v1/messages?all=true']) {
      const reply = await send('PATCH', path, body)
      assert.equal(reply.status, 400, reply.text)
      assert.equal((reply.json as Problem).parameter, parameter, reply.text)
    }
  }
  const patch = (body: string, type = 'application/json') =>
    ask('/v1/messages/1', { method: 'PATCH', headers: { 'content-type': type }, body })
  assert.equal((await patch('{"__proto__": {"unread": false}}')).status, 400)
  assert.equal((await patch('{"unread": false, "constructor": 1}')).status, 400)
  assert.equal((await patch('{"unread": false')).status, 400)
  assert.equal((await patch('{"unread": false}', 'message/rfc822')).status, 415)
  assert.equal((await send('PATCH', '/v1/messages/1')).status, 400)
  assert.equal(store.unread, 1)
})

test('With --no-delete nothing is deleted, but may still be marked', async t => {
  const { send, store } = await startHttp(t, { allowDelete: false })
  await put(store, mail('One'))
  for (const path of [
    '/v1/messages/1',
    '/v1/messages?all=true',
    '/v1/messages?ids=1',
    '/v1/messages',
  ]) {
    assert.equal((await send('DELETE', path)).status, 403, path)
  }
  assert.equal((await send('PATCH', '/v1/messages/1', { unread: false })).status, 200)
  assert.equal(store.total, 1)
})
