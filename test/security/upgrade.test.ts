import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { pipeline, type RawAnswer } from '../helpers/pipeline.ts'
import { routesOfApp, socketPath } from '../helpers/routes-of-app.ts'
import { spellings } from '../helpers/spellings.ts'

// The attacks on `upgrade`, which goes past the router: on the path of the event stream, and on every other.

const auth = { user: 'ann', password: 'secret' }
const basic = (text: string): string =>
  `Authorization: Basic ${Buffer.from(text).toString('base64')}`
const credentials = basic('ann:secret')

const handshake = (path: string, fields: readonly string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    ...fields,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    '\r\n',
  ].join('\r\n')

/** What each handshake is answered, a few connections at a time: a refused one closes its own. */
async function shakeHands(port: number, requests: readonly string[]): Promise<RawAnswer[]> {
  const answers: RawAnswer[] = []
  for (let at = 0; at < requests.length; at += 25) {
    const some = requests.slice(at, at + 25).map(request => pipeline(port, [request]))
    answers.push(...(await Promise.all(some)).flat())
  }
  return answers
}

const attacks: readonly [what: string, fields: (host: string) => string[], status: number][] = [
  ['a strange Host (DNS rebinding)', () => ['Host: rebound.example', credentials], 421],
  ['a cross-site Origin', host => [host, credentials, 'Origin: https://evil.example'], 403],
  ['the Origin of a sandboxed mail', host => [host, credentials, 'Origin: null'], 403],
  ['the Origin of another port', host => [host, credentials, 'Origin: http://127.0.0.1:1'], 403],
  [
    'Sec-Fetch-Site: cross-site',
    host => [host, credentials, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: websocket'],
    403,
  ],
  ['no credentials', host => [host], 401],
]

for (const basePath of ['/', '/mail/']) {
  test(`A cross-site WebSocket is refused below ${basePath} on every path and every spelling of its own`, async t => {
    const { port, store, ask } = await startHttp(t, { auth, basePath })
    await put(store, mail('Kept'))
    await store.content(1)
    const before = store.feed
    const path = socketPath(basePath)
    const others =
      basePath === '/' ? new Set(routesOfApp().map(each => each.path)) : new Set<string>()
    others.delete(path)
    // Not a request target at all, which is told to anybody.
    const spelled = spellings(path).filter(each => !/[\\#]/.test(each))
    const paths = [path, ...spelled, ...others]
    const host = `Host: 127.0.0.1:${port}`
    for (const [what, fields, status] of attacks) {
      const some = status === 421 || status === 401 ? paths : [path, ...spelled.slice(0, 10)]
      const answers = await shakeHands(
        port,
        some
          .filter(each => status !== 401 || !/^\/(?:livez|readyz)$/.test(each))
          .map(each => handshake(each, fields(host))),
      )
      for (const answer of answers) assert.deepEqual(answer, answers[0], what)
      assert.equal(answers[0]?.status, status, what)
    }
    // The control: nothing but the path itself is a WebSocket to who may have one.
    const answers = await shakeHands(
      port,
      paths.map(each => handshake(each, [host, credentials])),
    )
    for (const [at, answer] of answers.entries()) {
      assert.equal(answer.status, at === 0 ? 101 : 404, paths[at])
    }
    const headers = { authorization: credentials.slice('Authorization: '.length) }
    const metrics = await ask(`${basePath}metrics`, { headers })
    assert.match(metrics.text, /^mailcatch_event_streams [01]$/m)
    assert.equal(store.feed, before)
  })
}

test('An auth bypass on the socket: no way but the password opens it', async t => {
  const { port, ask } = await startHttp(t, { auth })
  const host = `Host: 127.0.0.1:${port}`
  const page = await ask('/', { headers: { authorization: credentials.slice(15) } })
  const [cookie = ''] = String(page.headers['set-cookie']).split(';')
  const tampered = cookie.replace(/=(.)/, (_, first: string) => `=${first === 'A' ? 'B' : 'A'}`)
  assert.notEqual(tampered, cookie)
  const bypasses: readonly [what: string, path: string, fields: readonly string[]][] = [
    ['nothing', '/v1/events', []],
    ['a wrong password', '/v1/events', [basic('ann:wrong')]],
    ['a wrong user', '/v1/events', [basic('bob:secret')]],
    ['an empty password', '/v1/events', [basic('ann:')]],
    ['a wrong token', '/v1/events', ['Authorization: Bearer ann']],
    ['no token', '/v1/events', ['Authorization: Bearer ']],
    ['the credentials as another scheme', '/v1/events', ['Authorization: Digest secret']],
    ['the credentials of a proxy', '/v1/events', [`Proxy-${credentials}`]],
    ['a wrong password before the right one', '/v1/events', [basic('ann:wrong'), credentials]],
    ['the password in the query', '/v1/events?access_token=secret', []],
    ['the password in the address', `http://ann:secret@127.0.0.1:${port}/v1/events`, []],
    ['the password as a subprotocol', '/v1/events', ['Sec-WebSocket-Protocol: bearer, secret']],
    ['a made-up cookie', '/v1/events', [`Cookie: mailcatch_${port}=1`]],
    ['an empty cookie', '/v1/events', [`Cookie: mailcatch_${port}=`]],
    ['a cookie of another port', '/v1/events', [`Cookie: ${cookie.replace(String(port), '1')}`]],
    ['a cookie with one letter changed', '/v1/events', [`Cookie: ${tampered}`]],
    ['a cookie cut short', '/v1/events', [`Cookie: ${cookie.slice(0, -1)}`]],
    ['a wrong password beside the cookie', '/v1/events', [basic('ann:wrong'), `Cookie: ${cookie}`]],
    ['a path that is open', '/livez/../v1/events', []],
    ['a forwarded user', '/v1/events', ['X-Forwarded-User: ann', 'X-Forwarded-For: 127.0.0.1']],
  ]
  for (const [what, path, fields] of bypasses) {
    const [answer] = await pipeline(port, [handshake(path, [host, ...fields])])
    assert.equal(answer?.status, 401, what)
  }
  for (const fields of [[credentials], ['Authorization: Bearer secret'], [`Cookie: ${cookie}`]]) {
    const [answer] = await pipeline(port, [handshake('/v1/events', [host, ...fields])])
    assert.equal(answer?.status, 101, fields[0])
  }
})

test('An auth bypass on the socket: what comes behind a refused handshake is not heard', async t => {
  const { port, store } = await startHttp(t, { auth })
  await put(store, mail('Kept'))
  const host = `Host: 127.0.0.1:${port}`
  const behind = `DELETE /v1/messages?all=true HTTP/1.1\r\n${host}\r\n${credentials}\r\nConnection: close\r\n\r\n`
  const answered = async (first: string): Promise<number> => {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1')
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    socket.write(first + behind)
    await once(socket, 'close')
    return text.split(/^HTTP\/1\.1 /m).length - 1
  }
  assert.equal(await answered(handshake('/v1/events', [host])), 1)
  assert.equal(store.total, 1)
  // The control: behind what is no handshake it is, by who may.
  assert.equal(await answered(`GET /livez HTTP/1.1\r\n${host}\r\n\r\n`), 2)
  assert.equal(store.total, 0)
})

test('A cross-site WebSocket that is allowed reads the mail that comes: the control', async t => {
  const origin = 'http://friend.example'
  const { port, store } = await startHttp(t, { allowOrigin: [origin] })
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/events`, { origin })
  await once(socket, 'message')
  await put(store, mail('Secret'))
  const [data] = await once(socket, 'message')
  assert.match(String(data), /Secret/)
  socket.terminate()
})
