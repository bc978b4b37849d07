import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { mostWaiting } from '../../server/http/pipeline.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { startWaiting } from '../helpers/waiting.ts'

const get = (path: string, ...fields: string[]) =>
  `GET ${path} HTTP/1.1\r\n${['Host: localhost', ...fields].join('\r\n')}\r\n\r\n`

test('What a client sends in one go is answered one by one, in its order', async t => {
  const { raw, store } = await startHttp(t)
  const body = mail('Pipelined')
  const answers = await raw(
    get('/v1/messages/1') +
      `POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: message/rfc822\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
      get('/v1/messages/1/raw') +
      `DELETE /v1/messages/1 HTTP/1.1\r\nHost: localhost\r\n\r\n` +
      get('/v1/messages/1', 'Connection: close'),
  )
  assert.deepEqual(
    [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status),
    ['404', '201', '200', '200', '404'],
  )
  assert.ok(answers.includes(body))
  assert.equal(store.total, 0)
})

test('Of many waits in one pipeline one is under way; who sends far more is cut off', async t => {
  const { port, ask, waiting } = await startWaiting(t)
  const wait = get('/v1/wait?timeout=120s')
  const patient = connect(port, '127.0.0.1')
  patient.write(wait.repeat(1 + mostWaiting))
  await waiting(1)
  const greedy = connect(port, '127.0.0.1')
  const cutOff = new Promise(resolve => greedy.once('close', resolve))
  greedy.on('error', () => {}).resume()
  greedy.write(wait.repeat(5_000))
  await cutOff
  await waiting(1)
  assert.equal(patient.destroyed, false)
  patient.destroy()
  await waiting(0)
  assert.equal((await ask('/livez')).status, 200)
})

test('Answers that nobody reads are not made', async t => {
  const { port, store, ask } = await startHttp(t)
  const id = await put(store, mail('Large', 'x'.repeat(900_000)))
  const raw = store.raw.bind(store)
  let made = 0
  t.mock.method(store, 'raw', (...args: Parameters<typeof raw>) => {
    made++
    return raw(...args)
  })
  const silent = connect(port, '127.0.0.1')
  silent.pause()
  silent.write(get(`/v1/messages/${id}/raw`).repeat(100))
  while (made === 0) await ask('/livez')
  for (let round = 0; round < 50; round++) await ask('/livez')
  // The sockets' buffers take a few of them.
  assert.ok(made < 20, `${made}`)
  silent.destroy()
})

test('An upgrade waits for the answers before it, and so do offers of other protocols', async t => {
  const { port, raw, logged } = await startHttp(t)
  const warned: Error[] = []
  const onWarning = (warning: Error) => warned.push(warning)
  process.on('warning', onWarning)
  t.after(() => process.off('warning', onWarning))
  const offer = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']
  const answers = await raw(
    get('/v1/cursor', ...offer).repeat(50) + get('/v1/cursor', 'Connection: close'),
  )
  assert.equal(answers.match(/HTTP\/1\.1 200 /g)?.length, 51)

  const socket = connect(port, '127.0.0.1')
  const upgrade = get(
    '/v1/events',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  )
  socket.write(get('/v1/wait?timeout=1') + upgrade)
  let said = ''
  for await (const chunk of socket) {
    said += chunk
    if (said.includes('"feed"')) break
  }
  assert.match(said, /^HTTP\/1\.1 404 [\s\S]*No message matched[\s\S]*HTTP\/1\.1 101 /)
  assert.deepEqual(logged, [])
  assert.deepEqual(warned, [])
})
