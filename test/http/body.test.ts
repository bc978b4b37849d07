import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '../../server/http/resources.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const json = { 'content-type': 'application/json' }

test('A JSON body is read whatever way it comes, and only as JSON', async t => {
  const { ask, store } = await startHttp(t)
  await put(store, mail('One'))
  const patch = (body: string | Buffer, headers: Record<string, string> = json) =>
    ask('/v1/messages/1', { method: 'PATCH', headers, body })
  assert.deepEqual((await patch('{"tags":["{[\\"\\\\"]}')).json, { changed: 1 })
  assert.deepEqual(store.entry(1)?.tags, ['{["\\'])
  const charset = { 'content-type': 'Application/JSON ; charset=utf-8' }
  assert.equal((await patch('{"flagged":true}', charset)).status, 200)
  assert.equal(
    (await patch('{"flagged":true}', { ...json, 'transfer-encoding': 'chunked' })).status,
    200,
  )
  for (const body of [
    '{',
    '{"unread":tru}',
    "{'unread':true}",
    '{"unread":true}}',
    'unread=true',
    '\0',
    '"',
    '"\\',
  ]) {
    assert.equal((await patch(body)).status, 400, body)
  }
  assert.match((await patch(Buffer.from([0x7b, 0xff, 0x7d]))).text, /not UTF-8/)
})

test('A refusal is short, however long what it names is', async t => {
  const { ask } = await startHttp(t)
  const name = 'x'.repeat(5_000)
  const body = JSON.stringify({ [name]: 1, [`${name}y`]: 2 })
  const refusals = [
    await ask('/v1/messages', { method: 'PATCH', headers: json, body }),
    await ask(`/v1/messages?${name}=1`),
  ]
  for (const { status, text } of refusals) {
    assert.equal(status, 400)
    assert.ok(text.length < 1_500, `${text.length}`)
  }
})

test('A member that a schema would pass over is refused, however it is written', async t => {
  const { ask, store } = await startHttp(t)
  await put(store, mail('One'))
  for (const name of ['__proto__', '\\u005F_proto__', '__\\u0070roto__']) {
    for (const header of [`"${name}":"x"`, `"Subject":"One","${name}":"x"`]) {
      const body = `{"matcher":{"header":{${header}}},"unread":false}`
      const reply = await ask('/v1/messages', { method: 'PATCH', headers: json, body })
      assert.equal(reply.status, 400, body)
      assert.equal((reply.json as Problem).parameter, '__proto__')
    }
  }
  assert.equal(store.unread, 1)
  const body = '{"tags":["__proto__"]}'
  const reply = await ask('/v1/messages/1', { method: 'PATCH', headers: json, body })
  assert.deepEqual(reply.json, { changed: 1 }, 'as a value it is as good as any other')
})

test('A body that is too large is refused, said at once or found out later', async t => {
  const { ask, raw, store } = await startHttp(t)
  await put(store, mail('One'))
  const body = JSON.stringify({ tags: ['x'.repeat(5_000_000)] })
  for (const headers of [json, { ...json, 'transfer-encoding': 'chunked' }]) {
    const reply = await ask('/v1/messages/1', { method: 'PATCH', headers, body })
    assert.equal(reply.status, 413)
    assert.equal((reply.json as Problem).status, 413)
  }
  // Only said, never sent: the answer does not wait for it for ever.
  const said = await raw(
    'PATCH /v1/messages?all=true HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n',
  )
  assert.match(said, /^HTTP\/1\.1 413 /)
})

test('Deep JSON is refused before anything walks it', async t => {
  const { ask, store } = await startHttp(t)
  await put(store, mail('One'))
  const remove = (body: string) => ask('/v1/messages', { method: 'DELETE', headers: json, body })
  for (const [open, close, count] of [
    ['[', ']', 2_000_000],
    ['{"not":', '}', 500_000],
    ['{"matcher":{"any":[', ']}}', 200_000],
  ] as const) {
    const reply = await remove(`${open.repeat(count)}1${close.repeat(count)}`)
    assert.equal(reply.status, 400)
    assert.match(reply.text, /nests deeper/)
    // Never closed, it is no better.
    assert.equal((await remove(open.repeat(count))).status, 400)
  }
  const nested = (depth: number) =>
    JSON.stringify({
      matcher: Array.from({ length: depth }).reduce(not => ({ not }), { subject: 'One' }),
    })
  assert.equal((await remove(nested(31))).status, 400)
  assert.deepEqual((await remove(nested(28))).json, { deleted: 1 })
  // Brackets in strings do not count, however the strings end.
  const text = `{"tags":["${'[{'.repeat(20)}\\"${'['.repeat(40)}\\\\"]}`
  await put(store, mail('Two'))
  assert.equal(
    (await ask('/v1/messages/2', { method: 'PATCH', headers: json, body: text })).status,
    200,
  )
})

test('Very many members are refused before anything looks at them one by one', async t => {
  const { send, store } = await startHttp(t)
  await put(store, mail('One'))
  const members = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`X-${at}`, 'x']))
  const from = performance.now()
  for (const body of [{ matcher: { header: members(50_000) } }, members(50_000)]) {
    const reply = await send('DELETE', '/v1/messages', body)
    assert.equal(reply.status, 400)
    assert.match(reply.text, /more than 20000 values/)
  }
  const made = await send('POST', '/v1/messages', {
    from: 'a@b.example',
    headers: members(50_000),
  })
  assert.match(made.text, /more than 20000 values/)
  assert.ok(performance.now() - from < 5_000)
  // Commas in strings do not count.
  const text = ','.repeat(30_000)
  assert.equal((await send('POST', '/v1/messages', { from: 'a@b.example', text })).status, 201)
})

test('Keys of the prototype are unknown members, and change nothing', async t => {
  const { ask, store } = await startHttp(t)
  await put(store, mail('One'))
  for (const body of [
    '{"__proto__":{"subject":"One"}}',
    '{"matcher":{"__proto__":{"subject":"One"}}}',
    '{"matcher":{"header":{"__proto__":"x"},"subject":"Other"}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"matcher":{"toString":"x"}}',
  ]) {
    const reply = await ask('/v1/messages', { method: 'DELETE', headers: json, body })
    assert.ok(reply.status === 400 || reply.text === '{"deleted":0}', `${body}: ${reply.text}`)
  }
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
  assert.equal(store.total, 1)
})

test('a refusal never quotes half of a surrogate pair', async t => {
  const { ask } = await startHttp(t)
  const body = '{"tags":😀'
  const reply = await ask('/v1/messages/1', { method: 'PATCH', headers: json, body })
  assert.equal(reply.status, 400)
  assert.match((reply.json as Problem).detail, /not JSON: .*\ufffd/)
  assert.doesNotMatch((reply.json as Problem).detail, /\p{Surrogate}/u)
  const query = await ask(`/v1/messages?${'x'.repeat(99)}%F0%9F%98%80=%ff`)
  assert.equal((query.json as Problem).parameter, 'x'.repeat(99))
})
