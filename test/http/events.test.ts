import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { WebSocket } from 'ws'
import type { Frame, MessageSummary } from '../../server/http/resources.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

/** A reader that hands out one frame after the other. */
function follow(test: TestContext, port: number, query = '', headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/events${query}`, { headers })
  const frames: Frame[] = []
  const waiting: ((frame: Frame) => void)[] = []
  socket.on('message', (data, isBinary) => {
    assert.equal(isBinary, false)
    const frame = JSON.parse(String(data)) as Frame
    const next = waiting.shift()
    if (next) next(frame)
    else frames.push(frame)
  })
  test.after(() => socket.terminate())
  const next = async (): Promise<Frame> =>
    frames.shift() ?? (await new Promise(resolve => waiting.push(resolve)))
  const closed = once(socket, 'close').then(([code]) => code as number)
  return { socket, next, closed }
}

const refusal = async (socket: WebSocket): Promise<IncomingMessage> => {
  const [request, response] = await once(socket, 'unexpected-response')
  request.destroy()
  return response
}

const subjects = (frame: Frame): string[] =>
  'changes' in frame
    ? frame.changes.flatMap(change =>
        change.type === 'message.added' ? [change.message.subject] : [],
      )
    : assert.fail(JSON.stringify(frame).slice(0, 200))

test('The first frame says where the store stands, later ones each change', async t => {
  const { port, store, send } = await startHttp(t)
  await put(store, mail('Before'))
  await store.content(1)
  const { next } = follow(t, port)
  const first = await next()
  assert.deepEqual(first, { feed: first.feed, changes: [], total: 1, unread: 1 })

  await put(store, mail('Live'))
  const added = await next()
  assert.deepEqual(subjects(added), ['Live'])
  assert.deepEqual([added.total, added.unread], [2, 2])
  const summary =
    'changes' in added && added.changes[0]?.type === 'message.added' && added.changes[0].message
  const list = (await send('GET', '/v1/messages?limit=1')).json as { messages: MessageSummary[] }
  assert.deepEqual(Object.keys(summary || {}), Object.keys(list.messages[0] ?? {}))

  const parsed = await next()
  assert.ok('changes' in parsed)
  const [change] = parsed.changes
  assert.ok(change?.type === 'message.changed')
  assert.equal(change.ids, '2')
  assert.equal(change.patch.parsed, true)

  await send('DELETE', '/v1/messages?all=true')
  const removed = await next()
  assert.deepEqual('changes' in removed && removed.changes, [
    { type: 'message.removed', ids: '1:2', reason: 'deleted' },
  ])
  assert.deepEqual([removed.total, removed.feed], [0, store.feed])
})

test('after replays what was missed, once', async t => {
  const { port, store } = await startHttp(t)
  const reader = follow(t, port)
  const { feed } = await reader.next()
  reader.socket.terminate()
  await put(store, mail('One'))
  await put(store, mail('Two'))
  const again = follow(t, port, `?after=${feed}`)
  assert.deepEqual(subjects(await again.next()), ['One', 'Two'])
  const now = follow(t, port, `?after=${store.feed}`)
  await now.next()
  await put(store, mail('Three'))
  for (const { next } of [again, now]) {
    let frame = await next()
    while (subjects(frame).length === 0) frame = await next()
    assert.deepEqual(subjects(frame), ['Three'])
  }
})

test('A position that is not known is answered with resync', async t => {
  const { port, store } = await startHttp(t)
  await put(store, mail('One'))
  const [process, seq] = store.feed.split('-')
  for (const after of ['000000000000-1', `${process}-${Number(seq) + 1_000}`, 'nonsense', '-']) {
    const frame = await follow(t, port, `?after=${after}`).next()
    assert.deepEqual(frame, { feed: store.feed, resync: true, total: 1, unread: 1 }, after)
  }
})

test('More than 200 changes at once are told as a range, or as resync', async t => {
  const { port, store } = await startHttp(t)
  const { feed } = store
  for (let number = 0; number < 201; number++) await put(store, mail(`Number ${number}`))
  const frame = await follow(t, port, `?after=${feed}`).next()
  assert.ok('range' in frame)
  assert.deepEqual(frame.range, { from: 1, to: 201 })
  assert.equal(frame.total, 201)
  for (let id = 1; id <= 201; id++) await store.content(id)
  const before = store.feed
  for (let id = 1; id <= 201; id++) await store.update([id], { flagged: true })
  const flagged = await follow(t, port, `?after=${before}`).next()
  assert.ok('resync' in flagged)
})

test('A burst comes in few frames, each change once and in order', async t => {
  const { port, store } = await startHttp(t)
  const { next } = follow(t, port)
  await next()
  const from = performance.now()
  for (let number = 1; number <= 150; number++) await put(store, mail(`${number}`))
  const seen: number[] = []
  let frames = 0
  while (seen.length < 150) {
    const frame = await next()
    frames++
    seen.push(...subjects(frame).map(Number))
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 150 }, (_, index) => index + 1),
  )
  assert.ok(frames <= 5 + (performance.now() - from) / 50, `${frames} frames`)
})

test('Each reader is told the same, and one that leaves harms nobody', async t => {
  const { port, store } = await startHttp(t)
  const readers = Array.from({ length: 5 }, () => follow(t, port))
  for (const { next } of readers) await next()
  readers[0]?.socket.terminate()
  readers[1]?.socket.close()
  await put(store, mail('Hi'))
  const told = await Promise.all(readers.slice(2).map(({ next }) => next()))
  assert.deepEqual(told[0], told[1])
  assert.deepEqual(told[0], told[2])
})

test('What a client says ends its connection', async t => {
  const { port, store } = await startHttp(t)
  for (const said of ['hello', Buffer.from([1, 2, 3]), '']) {
    const { socket, next, closed } = follow(t, port)
    await next()
    socket.send(said)
    assert.equal(await closed, 1008)
  }
  const large = follow(t, port)
  await large.next()
  large.socket.send('x'.repeat(65_537))
  assert.equal(await large.closed, 1009)
  await put(store, mail('Still here'))
})

test('Garbage after the handshake ends that connection only', async t => {
  const { port, ask } = await startHttp(t)
  for (const garbage of [
    'GET / HTTP/1.1\r\n\r\n',
    '\xff\xff\xff\xff\xff',
    '\x81\x05hello',
    '\x88\x80\0\0\0\0',
    '\x09\x7e\xff\xff',
  ]) {
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'GET /v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    )
    await once(socket, 'data')
    socket.write(garbage, 'latin1')
    socket.end()
    socket.resume()
    await once(socket, 'close')
  }
  assert.equal((await ask('/livez')).status, 200)
})

test('A reader that does not read is given up with its backlog', async t => {
  const { port, store, ask } = await startHttp(t)
  const slow = follow(t, port)
  await slow.next()
  slow.socket.pause()
  const size = async () =>
    Number(/^mailcatch_event_streams (\d+)$/m.exec((await ask('/metrics')).text)?.[1])
  assert.equal(await size(), 1)
  const long = 'x'.repeat(9_000)
  for (let number = 0; number < 5_000 && (await size()) === 1; number++) {
    await Promise.all(Array.from({ length: 20 }, () => put(store, mail(long))))
  }
  assert.equal(await size(), 0)
  const { next } = follow(t, port)
  assert.equal('total' in (await next()), true)
})

test('The upgrade has the same gate as every request', async t => {
  const { port } = await startHttp(t, { auth: { user: 'ann', password: 'secret' } })
  const bearer = { authorization: 'Bearer secret' }
  const open = (path: string, headers: Record<string, string>) =>
    new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  for (const [path, headers, status] of [
    ['/v1/events', {}, 401],
    ['/v1/events', { authorization: 'Bearer wrong' }, 401],
    ['/v1/events', { ...bearer, origin: 'https://evil.example' }, 403],
    ['/v1/events', { ...bearer, origin: 'null' }, 403],
    ['/v1/events', { ...bearer, 'sec-fetch-site': 'cross-site' }, 403],
    [
      '/v1/events',
      {
        ...bearer,
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
      403,
    ],
    ['/v1/events', { ...bearer, host: 'evil.example' }, 421],
    ['/livez', {}, 404],
    ['/v1/events/', bearer, 404],
    ['//v1/events', bearer, 404],
    ['/v1/%65vents', bearer, 404],
    ['/x/../v1/events', bearer, 404],
    ['/', bearer, 404],
    ['/v1/events?x=1', bearer, 400],
    ['/v1/events?after=', bearer, 400],
    ['/v1/events?after=a&after=b', bearer, 400],
    ['/v1/events?after=%0d%0a', bearer, 400],
  ] as [string, Record<string, string>, number][]) {
    // ws normalises a URL; the request line is what must be tried.
    const socket = path.includes('..') || path.startsWith('//') ? null : open(path, headers)
    if (!socket) continue
    const response = await refusal(socket)
    assert.equal(response.statusCode, status, `${path} ${JSON.stringify(headers)}`)
    assert.equal(response.headers['content-type'], 'application/problem+json')
    assert.equal(response.headers['x-content-type-options'], 'nosniff')
  }
  const { next } = follow(t, port, '', bearer)
  assert.equal('changes' in (await next()), true)
})

test('Spellings of the path, and handshakes that are none, are refused on the wire', async t => {
  const { raw, ask } = await startHttp(t)
  const upgrade = (path: string, key = 'AAAAAAAAAAAAAAAAAAAAAA==') =>
    raw(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    )
  for (const path of [
    '//v1/events',
    '/x/../v1/events',
    '/v1/./events',
    '/V1/events',
    '/v1/events;x',
    'http://localhost/v1/events',
  ]) {
    assert.match(await upgrade(path), /^HTTP\/1\.1 404 /, path)
  }
  assert.match(await upgrade('http://evil.example/v1/events'), /^HTTP\/1\.1 400 /)
  assert.match(await upgrade('/v1/events', 'short'), /^HTTP\/1\.1 400 /)
  assert.equal((await ask('/livez')).status, 200)
})

test('Server-Sent Events carry the same frames', async t => {
  const { port, store, ask } = await startHttp(t)
  const listen = async (headers: Record<string, string> = {}, query = '') => {
    const request = get({
      port,
      host: '127.0.0.1',
      path: `/v1/events${query}`,
      headers: { accept: 'text/event-stream', ...headers },
    })
    t.after(() => request.destroy())
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    assert.equal(response.headers['content-type'], 'text/event-stream')
    assert.equal(response.headers['cache-control'], 'no-store')
    const lines = createInterface({ input: response })[Symbol.asyncIterator]()
    const line = async () => String((await lines.next()).value)
    return async () => {
      const id = (await line()).replace(/^id: /, '')
      const frame = JSON.parse((await line()).replace(/^data: /, '')) as Frame
      assert.equal(await line(), '')
      assert.equal(frame.feed, id)
      return frame
    }
  }
  const next = await listen()
  const { feed } = await next()
  await put(store, mail('Live'))
  assert.deepEqual(subjects(await next()), ['Live'])
  assert.deepEqual(subjects(await (await listen({}, `?after=${feed}`))()), ['Live'])
  assert.deepEqual(subjects(await (await listen({ 'last-event-id': feed }, '?after=old-1'))()), [
    'Live',
  ])
  const plain = await ask('/v1/events')
  assert.equal(plain.status, 426)
  assert.equal(plain.headers.upgrade, 'websocket')
  assert.equal(
    (await ask('/v1/events?x=1', { headers: { accept: 'text/event-stream' } })).status,
    400,
  )
})

test('A server that closes says 1001 to every WebSocket and ends every stream', async t => {
  const { port, close } = await startHttp(t)
  const { next, closed } = follow(t, port)
  await next()
  const request = get({
    port,
    host: '127.0.0.1',
    path: '/v1/events',
    headers: { accept: 'text/event-stream' },
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  await Promise.all([close(), closed, once(response, 'end')])
  assert.equal(await closed, 1001)
})
