import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { CommandError } from '../../server/commands/command-error.ts'
import { openServer } from '../../server/commands/server-target.ts'
import { type NewMessage, RefusedError } from '../../server/commands/target.ts'
import { freePort } from '../helpers/free-port.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const plain = { auth: null, maxMessageSize: null }
const urlOf = (port: number) => `http://127.0.0.1:${port}/`

const message = (octets: Buffer): NewMessage => ({
  size: octets.length,
  octets: async function* () {
    yield octets
  },
})

/** A server that is none of ours. */
async function strange(t: TestContext, answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close().closeAllConnections())
  return urlOf((server.address() as AddressInfo).port)
}

test('lists thousands, the oldest first, and what a search finds among them', async t => {
  const { port, store } = await startHttp(t)
  for (let count = 1; count <= 2_500; count++) {
    await put(store, mail(`${count % 500 === 0 ? 'rare' : 'usual'} ${count}`))
  }
  await store.remove([1, 2, 3, 1_500])
  const target = await openServer(urlOf(port), plain)
  const all = await target.list(null)
  assert.equal(all.length, 2_496)
  assert.deepEqual(
    all.map(({ id }) => id),
    await store.match({}),
  )
  const { receivedAt, size } = store.entry(4)?.message ?? assert.fail()
  assert.deepEqual(all[0], { id: 4, size, receivedAt, from: 'app@example.com' })
  const rare = await target.list('subject:rare')
  assert.deepEqual(
    rare.map(({ id }) => id),
    [500, 1_000, 2_000, 2_500],
  )
  await target.close()
})

test('octets in, octets out, marks; what is gone is null', async t => {
  const { port, store } = await startHttp(t)
  const target = await openServer(urlOf(port), plain)
  const octets = Buffer.concat([Buffer.from(mail('Hi')), Buffer.from([0, 0xff, 0x0d])])
  const large = Buffer.alloc(900_000, 'x')
  for (const each of [octets, large, Buffer.alloc(0)]) {
    const id = await target.add(message(each))
    assert.deepEqual(await buffer((await target.raw(id)) ?? assert.fail()), each)
  }
  await target.mark([1, 3], { unread: false })
  await target.mark([3], { flagged: true })
  assert.deepEqual(
    [1, 2, 3].map(id => store.entry(id)?.flags),
    [['\\Seen'], [], ['\\Flagged', '\\Seen']],
  )
  assert.equal(await target.raw(17), null)
  await assert.rejects(target.add(message(Buffer.alloc(1_000_001))), RefusedError)
  assert.equal(store.total, 3)
  await target.close()
})

test('the limit is the stricter one', async t => {
  const { port } = await startHttp(t)
  for (const [ours, expected] of [
    [null, 1_000_000],
    [10, 10],
    [2_000_000, 1_000_000],
  ] as const) {
    const target = await openServer(urlOf(port), { auth: null, maxMessageSize: ours })
    assert.equal(target.maxMessageSize, expected)
    await target.close()
  }
})

test('a login where one is asked for', async t => {
  const auth = { user: 'ann', password: 'p\u00e4ss:word' }
  const { port } = await startHttp(t, { auth })
  await (await openServer(urlOf(port), { ...plain, auth })).close()
  for (const wrong of [null, { ...auth, password: 'x' }]) {
    await assert.rejects(openServer(urlOf(port), { ...plain, auth: wrong }), (error: unknown) => {
      assert.ok(error instanceof CommandError)
      assert.equal(error.code, 'MAILCATCH_LOGIN')
      assert.match(error.message, /asks for a login; --auth user:password gives it$/)
      return true
    })
  }
})

test('nobody there, or somebody else', async t => {
  const port = await freePort()
  await assert.rejects(openServer(urlOf(port), plain), /no Mailcatch answers at .*ECONNREFUSED/)
  for (const [status, body] of [
    [200, '<html>'],
    [200, '{}'],
    [200, 'null'],
    [404, 'not here'],
    [500, '{"error":1}'],
    [302, ''],
  ] as const) {
    const url = await strange(t, (_request, response) => {
      response.writeHead(status, { location: 'http://192.0.2.1/' }).end(body)
    })
    await assert.rejects(openServer(url, plain), /what answers at .* is no Mailcatch$/)
  }
})

test('an answer that breaks off is not taken for the whole', async t => {
  const url = await strange(t, (request, response) => {
    if (request.url === '/v1/stats') {
      response.end('{"limits":{"maxMessageSize":5,"maxMessages":1,"maxBytes":1}}')
    } else {
      response.writeHead(200, { 'content-length': 10 })
      response.write('half')
      setImmediate(() => response.destroy())
    }
  })
  const target = await openServer(url, plain)
  await assert.rejects(buffer((await target.raw(1)) ?? assert.fail()), CommandError)
  await assert.rejects(target.list(null), CommandError)
  await target.close()
})

test('a connection that the server gave up while it was idle is made anew for a question', async t => {
  let answered = 0
  const url = await strange(t, (request, response) => {
    answered++
    // The second request on a connection meets its end, as if it had been closed a moment ago.
    const first = answered === 1 || answered > 2
    if (first) response.end('{"limits":{"maxMessageSize":5},"messages":[]}')
    else request.socket.resetAndDestroy()
  })
  const target = await openServer(url, plain)
  assert.deepEqual(await target.list(null), [])
  assert.equal(answered, 3)
  await target.close()
})
