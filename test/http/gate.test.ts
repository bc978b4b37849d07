import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ask, mail, put, startHttp } from '../helpers/http-server.ts'

const refused: [what: string, ask: Ask, status: number][] = [
  ['a name that was pointed at us', { headers: { host: 'evil.example' } }, 421],
  ['with our port', { headers: { host: 'evil.example:8025' } }, 421],
  ['a name that begins like ours', { headers: { host: 'localhost.evil.example' } }, 421],
  ['a name that begins like an address', { headers: { host: '127.0.0.1.evil.example' } }, 421],
  ['a name with a dot at its end', { headers: { host: 'localhost.' } }, 421],
  ['a user in front', { headers: { host: 'localhost@evil.example' } }, 400],
  ['a host with a path', { headers: { host: 'localhost/evil' } }, 400],
  [
    'forwarded names do not count',
    { headers: { host: 'evil.example', 'x-forwarded-host': 'localhost' } },
    421,
  ],
  ['another site', { headers: { origin: 'https://evil.example' } }, 403],
  ['another port of this machine', { headers: { origin: 'http://localhost:3000' } }, 403],
  ['another name of this machine', { headers: { origin: 'http://localhost:8025' } }, 403],
  ['a sandboxed frame', { headers: { origin: 'null' } }, 403],
  ['an extension', { headers: { origin: 'chrome-extension://abcdef' } }, 403],
  ['an origin with a path', { headers: { origin: 'http://127.0.0.1:8025/x' } }, 403],
  ['an origin with a user', { headers: { origin: 'http://127.0.0.1:8025@evil.example' } }, 403],
  [
    'a cross-site fetch',
    { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } },
    403,
  ],
  [
    'a same-site fetch',
    { headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' } },
    403,
  ],
  ['an unknown site', { headers: { 'sec-fetch-site': 'whatever' } }, 403],
  [
    'a frame of another site',
    {
      headers: {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'iframe',
      },
    },
    403,
  ],
  [
    'a form of another site',
    {
      method: 'POST',
      headers: {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    },
    403,
  ],
  [
    'a link of another site to what is no page',
    {
      headers: {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
    },
    403,
  ],
  ['a form', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }, 415],
  [
    'an encoded form',
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'x=1',
    },
    415,
  ],
  [
    'a multipart form',
    { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: 'x' },
    415,
  ],
  ['a body of no type', { method: 'POST', body: '{}' }, 415],
  [
    'a type that only contains JSON',
    { method: 'POST', headers: { 'content-type': 'text/plain; x=application/json' }, body: '{}' },
    415,
  ],
  [
    'a chunked body of no type',
    { method: 'POST', headers: { 'transfer-encoding': 'chunked' }, body: '{}' },
    415,
  ],
  [
    'a body with a DELETE',
    { method: 'DELETE', headers: { 'content-type': 'text/plain' }, body: 'x' },
    415,
  ],
  [
    'a compressed body',
    {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822', 'content-encoding': 'gzip' },
      body: 'x',
    },
    415,
  ],
  ['PUT', { method: 'PUT' }, 405],
  ['TRACE', { method: 'TRACE' }, 405],
  ['PROPFIND', { method: 'PROPFIND' }, 405],
]

for (const [what, ask, status] of refused) {
  test(`The gate refuses ${what}`, async t => {
    const { ask: send, store } = await startHttp(t)
    await put(store, mail('Kept'))
    for (const path of ['/v1/messages', '/v1/messages?all=true', '/nothing']) {
      const reply = await send(path, ask)
      assert.equal(reply.status, status, path)
      assert.equal(reply.headers['content-type'], 'application/problem+json')
      assert.equal(reply.headers['access-control-allow-origin'], undefined)
    }
    assert.equal(store.total, 1)
  })
}

test('The gate lets our own page and programs in', async t => {
  const { ask, port } = await startHttp(t)
  const own = `127.0.0.1:${port}`
  const allowed: Ask[] = [
    {},
    { headers: { host: 'localhost' } },
    { headers: { host: 'LOCALHOST:9999' } },
    { headers: { host: 'mail.localhost:8025' } },
    { headers: { host: 'mailcatch:8025' } },
    { headers: { host: '[::1]:8025' } },
    { headers: { host: '192.168.1.7' } },
    { headers: { host: own, origin: `http://${own}` } },
    { headers: { host: own, origin: `http://${own}`, 'sec-fetch-site': 'same-origin' } },
    { headers: { host: 'localhost', origin: 'https://localhost' } },
    { headers: { host: 'localhost:80', origin: 'http://localhost' } },
    { headers: { host: '[::1]:8025', origin: 'http://[::1]:8025' } },
    { headers: { host: own, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' } },
  ]
  for (const each of allowed) {
    assert.equal((await ask('/v1/messages', each)).status, 200, JSON.stringify(each))
  }
})

test('A browser that does not say which site asks is answered by pages only, but where our page asks', async t => {
  const { ask } = await startHttp(t)
  const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)', 'accept-language': 'en' }
  const asked = async (path: string, headers: Record<string, string>) =>
    (await ask(path, { headers: { ...browser, host: 'mailcatch:8025', ...headers } })).status
  const [search, page] = ['/v1/wait?subject=x&timeout=0', '/m/42/html']
  for (const host of ['mailcatch:8025', '192.168.1.7', '0.0.0.0:8025', '[::ffff:7f00:1]:8025']) {
    assert.equal(await asked(search, { host }), 403, host)
    assert.equal(await asked(page, { host }), 404, host)
  }
  for (const referer of ['http://evil.example/', 'http://mailcatch:80/', 'mailcatch:8025', '']) {
    assert.equal(await asked(search, { referer }), 403, referer)
  }
  assert.equal(await asked(search, { 'accept-language': '' }), 403)
  // What is said by a browser, by our own page, or to this machine, and programs that are none.
  assert.equal(await asked(search, { 'sec-fetch-site': 'same-origin' }), 404)
  assert.equal(await asked(search, { origin: 'http://mailcatch:8025' }), 404)
  assert.equal(await asked(search, { referer: 'http://mailcatch:8025/m/42' }), 404)
  for (const host of ['localhost:8025', '127.0.0.1', '127.9.9.9', '[::1]', 'mail.localhost']) {
    assert.equal(await asked(search, { host }), 404, host)
  }
  assert.equal(await asked(search, { 'user-agent': 'curl/8.0' }), 404)
  const tool = { host: 'mailcatch', 'user-agent': browser['user-agent'] }
  assert.equal((await ask(search, { headers: tool })).status, 404)
})

test('A link from another site may lead to a page, and to a page only', async t => {
  const { ask } = await startHttp(t)
  const headers = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  // Without a build the page says so; what matters is that it is the page that answers.
  for (const path of ['/', '/?q=x', '/m/42', '/m/42/source', '/connect']) {
    assert.equal((await ask(path, { headers })).status, 503, path)
  }
  assert.equal((await ask('/m/42/html', { headers })).status, 404)
  for (const path of [
    '/v1/messages/1/raw',
    '/metrics',
    '/v1/stats?/m/42',
    '//m/42',
    '/m/42/nothing',
    '/%6d/42',
  ]) {
    assert.equal((await ask(path, { headers })).status, 403, path)
  }
})

test('No spelling of a path goes round the gate', async t => {
  const { ask, store } = await startHttp(t)
  await put(store, mail('Kept'))
  const headers = { host: 'evil.example' }
  for (const path of [
    '//v1/messages?all=true',
    '/v1//messages?all=true',
    '/./v1/messages?all=true',
    '/x/../v1/messages?all=true',
    '/%761/messages?all=true',
    '/v1%2fmessages?all=true',
    '/%2e%2e/v1/messages?all=true',
    '/V1/MESSAGES?all=true',
    '/v1/messages/?all=true',
    '/v1/messages;x?all=true',
    '/v1/messages%00?all=true',
    '/livez/../v1/messages?all=true',
    '/assets/../v1/messages?all=true',
    '/m/42/../../v1/messages?all=true',
  ]) {
    assert.equal((await ask(path, { method: 'DELETE', headers })).status, 421, path)
    const open = await ask(path, { method: 'DELETE', headers: { 'sec-fetch-site': 'cross-site' } })
    assert.equal(open.status, 403, path)
  }
  assert.equal(store.total, 1)
})

test('A target in absolute form must name the host that Host names', async t => {
  const { raw } = await startHttp(t)
  const get = (target: string) =>
    raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  assert.match(await get('http://localhost/v1/cursor'), /^HTTP\/1.1 200 /)
  assert.match(await get('http://evil.example/v1/cursor'), /^HTTP\/1.1 400 /)
  assert.match(await get('ftp://localhost/v1/cursor'), /^HTTP\/1.1 400 /)
  assert.match(await get('evil'), /^HTTP\/1.1 400 /)
})

test('Host and Origin may come once only', async t => {
  const { raw } = await startHttp(t)
  const ask = (...fields: string[]) =>
    raw(`GET /v1/cursor HTTP/1.1\r\n${fields.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  assert.match(await ask('Host: localhost', 'Host: evil.example'), /^HTTP\/1.1 400 /)
  assert.match(
    await ask('Host: localhost', 'Origin: http://localhost', 'Origin: http://evil.example'),
    /^HTTP\/1.1 400 /,
  )
  assert.match(await ask('Accept: */*'), /^HTTP\/1.1 400 /)
  assert.match(await ask('Host:'), /^HTTP\/1.1 400 /)
})

test('--allow-host lets a name in, and only that one', async t => {
  const { ask } = await startHttp(t, { allowHost: ['Mail.Example'] })
  assert.equal((await ask('/livez', { headers: { host: 'mail.example:8025' } })).status, 200)
  const other = await ask('/livez', { headers: { host: 'x.mail.example' } })
  assert.equal(other.status, 421)
  assert.match(other.text, /start with --allow-host x\.mail\.example/)
})

test('OPTIONS answers without a word to a stranger, and with CORS to an allowed origin', async t => {
  const { ask, send } = await startHttp(t, { allowOrigin: ['https://app.example:3000'] })
  const preflight = (origin: string) =>
    ask('/v1/messages', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'DELETE',
        'sec-fetch-site': 'cross-site',
      },
    })
  const stranger = await preflight('https://evil.example')
  assert.equal(stranger.status, 204)
  assert.deepEqual(
    Object.keys(stranger.headers).filter(name => name.startsWith('access-control-')),
    [],
  )
  const friend = await preflight('https://app.example:3000')
  assert.equal(friend.status, 204)
  assert.equal(friend.headers['access-control-allow-origin'], 'https://app.example:3000')
  assert.match(String(friend.headers['access-control-allow-methods']), /DELETE/)
  assert.equal(friend.headers['access-control-allow-credentials'], undefined)

  const headers = { origin: 'https://app.example:3000', 'sec-fetch-site': 'cross-site' }
  const answer = await ask('/v1/cursor', { headers })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['access-control-allow-origin'], 'https://app.example:3000')
  // An error can be read too.
  const wrong = await ask('/v1/messages?x=1', { headers })
  assert.equal(wrong.headers['access-control-allow-origin'], 'https://app.example:3000')
  assert.equal((await send('GET', '/v1/cursor')).headers['access-control-allow-origin'], undefined)
  assert.equal(
    (await ask('/v1/cursor', { headers: { ...headers, origin: 'https://app.example' } })).status,
    403,
  )
})

test('An empty body is no body, whatever its type', async t => {
  const { ask } = await startHttp(t)
  const reply = await ask('/v1/messages?all=true', {
    method: 'DELETE',
    headers: { 'content-type': 'text/plain', 'content-length': '0' },
  })
  assert.equal(reply.status, 200)
})
