import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageList, Problem } from '../../server/http/resources.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const ids = (list: unknown): number[] => (list as MessageList).messages.map(({ id }) => id)

test('A list has the newest first, with its counts and positions', async t => {
  const { send, store } = await startHttp(t)
  const empty = (await send('GET', '/v1/messages')).json as MessageList
  assert.deepEqual(empty, { messages: [], total: 0, unread: 0, cursor: 0, feed: store.feed })
  for (const subject of ['One', 'Two', 'Three']) await put(store, mail(subject))
  const reply = await send('GET', '/v1/messages')
  assert.equal(reply.headers['content-type'], 'application/json')
  const list = reply.json as MessageList
  assert.deepEqual(ids(list), [3, 2, 1])
  assert.deepEqual([list.total, list.unread, list.cursor], [3, 3, 3])
  const {
    receivedAt,
    parsed: _parsed,
    preview: _preview,
    warnings: _warnings,
    ...newest
  } = list.messages[0] ?? assert.fail()
  assert.deepEqual(newest, {
    id: 3,
    from: [{ name: 'App', address: 'app@example.com' }],
    to: [{ name: 'Ann', address: 'ann@example.com' }],
    rcptTo: ['ann@example.com'],
    subject: 'Three',
    size: mail('Three').length,
    attachments: 0,
    unread: true,
    flagged: false,
    tags: [],
  })
  assert.equal(new Date(receivedAt).toISOString(), receivedAt)
})

test('Pages go on by before, or anywhere by offset in a snapshot', async t => {
  const { send, store } = await startHttp(t)
  for (let number = 1; number <= 120; number++) await put(store, mail(`Number ${number}`))
  assert.equal(ids((await send('GET', '/v1/messages')).json).length, 50)
  assert.deepEqual(ids((await send('GET', '/v1/messages?limit=3')).json), [120, 119, 118])
  assert.deepEqual(
    ids((await send('GET', '/v1/messages?limit=3&before=118')).json),
    [117, 116, 115],
  )
  const first = (await send('GET', '/v1/messages?limit=2&offset=0')).json as MessageList
  await put(store, mail('Newer'))
  const second = (await send('GET', `/v1/messages?limit=2&offset=2&upto=${first.cursor}`))
    .json as MessageList
  assert.deepEqual([...ids(first), ...ids(second)], [120, 119, 118, 117])
  assert.equal(second.total, 120)
  assert.deepEqual(ids((await send('GET', '/v1/messages?limit=2&offset=119&upto=120')).json), [1])
  assert.deepEqual(ids((await send('GET', '/v1/messages?since=119')).json), [121, 120])
  assert.deepEqual(ids((await send('GET', '/v1/messages?since=now')).json), [])
  assert.equal(
    ((await send('GET', '/v1/messages?limit=1000')).json as MessageList).messages.length,
    121,
  )
})

test('A matcher in the query narrows the list; a key given twice must hold twice', async t => {
  const { send, store } = await startHttp(t)
  await put(store, mail('Reset your password', 'Code 123', 'X-Kind: reset', 'Cc: boss@example.com'))
  await put(store, mail('Welcome', 'Hello'), {
    envelope: { mailFrom: '', rcptTo: ['bob@example.com'] },
  })
  const found = async (query: string) => ids((await send('GET', `/v1/messages?${query}`)).json)
  assert.deepEqual(await found('subject=password'), [1])
  assert.deepEqual(await found('subject=reset&subject=password'), [1])
  assert.deepEqual(await found('subject=reset&subject=welcome'), [])
  assert.deepEqual(await found('rcpt=bob@example.com'), [2])
  assert.deepEqual(await found('rcpt=*@example.com'), [2, 1])
  assert.deepEqual(await found('cc=BOSS@example.com'), [1])
  assert.deepEqual(await found('header.x-kind=reset'), [1])
  assert.deepEqual(await found('header.X-Kind=reset&header.Subject=Reset'), [1])
  assert.deepEqual(await found('header.__proto__=x'), [])
  assert.deepEqual(await found('text=code+123'), [1])
  assert.deepEqual(await found('text=code%20123'), [1])
  assert.deepEqual(await found('unread=false'), [])
  assert.deepEqual(await found('hasAttachment=false&unread=true'), [2, 1])
  assert.deepEqual(
    await found('receivedAfter=2020-01-01&receivedBefore=2999-01-01T00:00:00%2B02:00'),
    [2, 1],
  )
  assert.deepEqual(await found('receivedBefore=2020-01-01'), [])
  assert.deepEqual(await found('q=subject:welcome'), [2])
  assert.deepEqual(await found('upto=1'), [1])
})

test('Whatever is unknown, empty or malformed is a 400 that names the parameter', async t => {
  const { send } = await startHttp(t)
  for (const [query, parameter] of [
    ['nonsense=1', 'nonsense'],
    ['Subject=x', 'Subject'],
    ['__proto__=x', '__proto__'],
    ['constructor=x', 'constructor'],
    ['toString', 'toString'],
    ['header.=x', 'header.NAME'],
    ['header.a%20b=x', 'header.NAME'],
    ['header.X-Kind=', 'header.X-Kind'],
    ['subject=', 'subject'],
    ['subject', 'subject'],
    ['q=', 'q'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=+1', 'limit'],
    ['limit=0x10', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['before=0', 'before'],
    ['before=01', 'before'],
    ['before=99999999999', 'before'],
    ['before=2&offset=1', 'offset'],
    ['since=tomorrow', 'since'],
    ['upto=', 'upto'],
    ['unread=1', 'unread'],
    ['unread=TRUE', 'unread'],
    ['hasAttachment=yes', 'hasAttachment'],
    ['minSize=1.5', 'minSize'],
    ['maxSize=1M', 'maxSize'],
    ['receivedAfter=yesterday', 'receivedAfter'],
    ['receivedAfter=2026-02-30', 'receivedAfter'],
    ['receivedAfter=2026-13-01', 'receivedAfter'],
    ['receivedAfter=2026-01-01T25:00', 'receivedAfter'],
    ['receivedBefore=1700000000', 'receivedBefore'],
    ['subject=%ff', 'subject'],
    ['subject=%zz', 'subject'],
    [`subject=${'x'.repeat(1_001)}`, 'subject'],
    [`q=${'x'.repeat(1_001)}`, 'q'],
    ['inbox=a&inbox=b', 'inbox'],
    ['subject=/(/', 'subject'],
    ['any=x', 'any'],
    ['not=x', 'not'],
    ['all=true', 'all'],
    ['ids=1', 'ids'],
  ] as const) {
    const reply = await send('GET', `/v1/messages?${query}`)
    assert.equal(reply.status, 400, query)
    assert.equal(reply.headers['content-type'], 'application/problem+json')
    const problem = reply.json as Problem
    assert.equal(problem.parameter, parameter, `${query}: ${reply.text}`)
    assert.equal(problem.status, 400)
    assert.equal(problem.title, 'Bad Request')
  }
})

test('A search that cannot be read points at the place', async t => {
  const { send } = await startHttp(t)
  const reply = await send('GET', '/v1/messages?q=hello+after:never')
  assert.equal(reply.status, 400)
  const { parameter, position } = reply.json as Problem
  assert.equal(parameter, 'q')
  assert.equal(position, 'hello after:'.length)
})
