import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { serveHttp } from '../../server/http/server.ts'
import { PortInUseError } from '../../server/net/listener.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

test('Malformed HTTP gets an answer, and the server goes on', async t => {
  const { raw, ask, logged } = await startHttp(t)
  const many = Array.from({ length: 3_000 }, (_, index) => `X-${index}: ${'y'.repeat(10)}`).join(
    '\r\n',
  )
  for (const [octets, status] of [
    ['\r\n\r\n\0\0\0', 400],
    ['EHLO app.local\r\n', 400],
    ['\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 400],
    ['GET / HTTP/9.9\r\n\r\n', 400],
    ['GET /\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nbroken\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n', 400],
    ['get / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ['POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n', 400],
    [
      'POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
      400,
    ],
    [
      'POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'y'.repeat(17_000)}\r\n\r\n`, 431],
    [`GET / HTTP/1.1\r\nHost: localhost\r\n${many}\r\n\r\n`, 431],
    [`GET /${'y'.repeat(17_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
    ['GET /\\evil HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
    ['GET //[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 404],
    ['GET /%zz%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 404],
    ['OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['GET /livez HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n\r\n', 417],
    ['GET / HTTP/1.1\r\nHost: a:b:c\r\nConnection: close\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: localhost:99999\r\nConnection: close\r\n\r\n', 400],
  ] as const) {
    const answer = await raw(octets)
    const label = JSON.stringify(octets.slice(0, 80))
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${label}: ${answer.slice(0, 200)}`)
    assert.match(answer, /\r\nx-content-type-options: nosniff\r\n/i, label)
  }
  assert.equal((await ask('/livez')).status, 200)
  assert.deepEqual(logged, [])
})

test('A client that goes away at any moment harms nobody', async t => {
  const { port, ask, store, logged } = await startHttp(t)
  const id = await put(store, mail('Large', 'x'.repeat(900_000)))
  for (const octets of [
    '',
    'GET / HT',
    'POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: message/rfc822\r\nContent-Length: 99\r\n\r\nSubj',
    `GET /v1/messages/${id}/raw HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    'GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n',
  ]) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(octets)
    if (octets.startsWith('GET /v1')) await once(socket, 'data')
    socket.resetAndDestroy()
    await once(socket, 'close')
  }
  assert.equal((await ask('/livez')).status, 200)
  assert.equal(store.total, 1)
  assert.deepEqual(logged, [])
})

test('An offer of another protocol is passed over, the request is answered', async t => {
  const { raw, store } = await startHttp(t)
  const offer =
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n'
  const body = mail('Sent by Java')
  const answers = await raw(
    `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n${offer}Content-Type: message/rfc822\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
      'GET /v1/cursor HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  )
  assert.match(
    answers,
    /^HTTP\/1\.1 201 [\s\S]*\r\n\r\n\{"id":1\}HTTP\/1\.1 200 [\s\S]*\{"cursor":\d\}$/,
  )
  assert.equal(store.latest()?.message.subject, 'Sent by Java')
  assert.match(
    await raw(
      `GET / HTTP/1.1\r\nHost: evil.example\r\n${offer}\r\n`.replace(
        'Upgrade, ',
        'close, Upgrade, ',
      ),
    ),
    /^HTTP\/1\.1 421 /,
  )
})

test('Both loopback addresses have the same port, and a port in use is said', async t => {
  const { port, store, inboxes } = await startHttp(t, { host: null })
  for (const host of ['127.0.0.1', '::1']) {
    const sent = get({ port, host, path: '/livez', agent: false })
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    assert.equal(response.statusCode, 200)
    response.resume()
  }
  const again = serveHttp({
    store,
    inboxes,
    port,
    host: '127.0.0.1',
    basePath: '/',
    allowHost: [],
    allowOrigin: [],
    auth: null,
    allowDelete: true,
    allowRemote: false,
    version: '0',
    limits: { maxMessages: 1, maxBytes: 1, maxAge: null, maxMessageSize: 1 },
    ports: { smtp: null, smtps: null, pop3: null, pop3s: null, imap: null, imaps: null },
    webDirectory: null,
    log: { info() {}, warn() {}, error() {} },
  })
  await assert.rejects(again, PortInUseError)
})

test('Closing ends what is idle at once and lets what is under way finish', async t => {
  const { port, store, close } = await startHttp(t)
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const kept = get({ port, host: '127.0.0.1', path: '/livez', agent })
  const [response] = (await once(kept, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')

  const body = mail('Under way')
  const upload = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/messages',
    agent,
    headers: {
      'content-type': 'message/rfc822',
      'content-length': body.length,
      expect: '100-continue',
    },
  })
  upload.flushHeaders()
  await once(upload, 'continue')
  const from = performance.now()
  const closed = close()
  await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'))
  upload.end(body)
  const [answer] = (await once(upload, 'response')) as [IncomingMessage]
  assert.equal(answer.statusCode, 201)
  assert.equal(answer.headers.connection, 'close')
  answer.resume()
  await closed
  assert.equal(store.total, 1)
  // The grace for what does not end is 5 s; none of it was needed.
  assert.ok(performance.now() - from < 4_000)
})
