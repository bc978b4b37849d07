import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ask, mail, put, startHttp } from '../helpers/http-server.ts'
import { routesOfApp } from '../helpers/routes-of-app.ts'

const credentials = { user: 'ann', password: 'secret' }
const basic = { authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}` }

const attacks: [what: string, ask: (port: number) => Ask, status: number][] = [
  ['a bad Host', () => ({ headers: { ...basic, host: 'evil.example' } }), 421],
  ['a cross Origin', () => ({ headers: { ...basic, origin: 'https://evil.example' } }), 403],
  ['a null Origin', () => ({ headers: { ...basic, origin: 'null' } }), 403],
  ['a cross-site fetch', () => ({ headers: { ...basic, 'sec-fetch-site': 'cross-site' } }), 403],
  ['a same-site fetch', () => ({ headers: { ...basic, 'sec-fetch-site': 'same-site' } }), 403],
  ['a form body', () => ({ headers: { ...basic, 'content-type': 'text/plain' }, body: 'x' }), 415],
  ['no password', () => ({}), 401],
  ['a wrong password', () => ({ headers: { authorization: 'Bearer wrong' } }), 401],
]

test('Every route there is refuses who may not ask, with the header fields of every answer', async t => {
  const { ask, port, store } = await startHttp(t, { auth: credentials })
  await put(store, mail('Kept'))
  for (const { method, path } of routesOfApp()) {
    for (const [what, attack, status] of attacks) {
      const isOpen = status === 401 && (path === '/livez' || path === '/readyz')
      const reply = await ask(path, { method, ...attack(port) })
      const label = `${method} ${path}: ${what}`
      if (isOpen && method === 'GET') assert.equal(reply.status, 200, label)
      else if (!isOpen) assert.equal(reply.status, status, label)
      assert.equal(reply.headers['x-content-type-options'], 'nosniff', label)
      assert.equal(reply.headers['cache-control'], 'no-store', label)
    }
  }
  assert.equal(store.total, 1)
})

test('Every answer has the header fields, whatever it is', async t => {
  const { ask, store } = await startHttp(t)
  await put(store, mail('One'))
  for (const { method, path } of routesOfApp()) {
    if (method !== 'GET') continue
    // What waits for mail has waited long enough at once.
    const waits = /\/v1\/(?:wait|code|link)$/.test(path) ? '?timeout=0&subject=nothing' : ''
    for (const target of [`${path}${waits}`, `${path}/`, `${path}?nonsense=1`]) {
      const { headers, status } = await ask(target)
      const label = `${status} ${target}`
      assert.ok(status < 500 || status === 503, label)
      assert.equal(headers['x-content-type-options'], 'nosniff', label)
      assert.match(String(headers['referrer-policy']), /^(?:same-origin|no-referrer)$/, label)
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin', label)
      assert.equal(headers['x-dns-prefetch-control'], 'off', label)
      assert.equal(headers['permissions-policy'], 'camera=(), microphone=(), geolocation=()', label)
      assert.match(headers.vary ?? '', /^Origin, Sec-Fetch-Site/, label)
      assert.match(String(headers['content-security-policy']), /^default-src 'none'; /, label)
      assert.match(
        String(headers['content-security-policy']),
        /frame-ancestors '(?:none|self)'/,
        label,
      )
      assert.ok(headers['x-frame-options'] === 'DENY' || path.endsWith('/html'), label)
      assert.equal(headers['set-cookie'], undefined, label)
    }
  }
})

test('An address that is nothing, or has no such method, says so', async t => {
  const { ask } = await startHttp(t)
  for (const path of [
    '/nothing',
    '/api/v1/messages',
    '/email',
    '/messages',
    '/view/latest.html',
    '/v1',
    '/v1/',
    '/index.html',
    '/m/0',
    '/m/x',
    '/m/1/nothing',
    '/m/01',
    '/v1/messages/1/nothing',
  ]) {
    const reply = await ask(path)
    assert.equal(reply.status, 404, path)
    assert.equal(reply.headers['content-type'], 'application/problem+json')
  }
  const wrong = await ask('/v1/stats', { method: 'POST' })
  assert.equal(wrong.status, 405)
  assert.equal(wrong.headers.allow, 'GET, HEAD, OPTIONS')
})

test('Everything works below a base path, and nothing beside it', async t => {
  const { ask, store } = await startHttp(t, { basePath: '/team/mail/' })
  const id = await put(store, mail('Below'))
  for (const path of [
    'livez',
    'readyz',
    'metrics',
    'v1/messages',
    `v1/messages/${id}/raw`,
    'v1/openapi.json',
  ]) {
    assert.equal((await ask(`/team/mail/${path}`)).status, 200, path)
    assert.equal((await ask(`/${path}`)).status, 404, path)
  }
  assert.equal((await ask('/team/mail/')).status, 503)
  assert.equal((await ask('/team/mailx/livez')).status, 404)
})

test('A bug of ours is logged with its stack and answered without it', async t => {
  const { ask, logged, store } = await startHttp(t)
  Object.defineProperty(store, 'list', {
    value: () => {
      throw new TypeError('secret detail')
    },
  })
  const reply = await ask('/v1/messages')
  assert.equal(reply.status, 500)
  assert.doesNotMatch(reply.text, /secret/)
  assert.match(logged.join('\n'), /TypeError: secret detail\n\s+at /)
  assert.equal((await ask('/livez')).status, 200)
})
