import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { pipeline } from '../helpers/pipeline.ts'
import {
  type AppRoute,
  appOf,
  mailForRoutes,
  routesOfApp,
  stateOf,
  strangeMethods,
} from '../helpers/routes-of-app.ts'
import { smallWeb } from '../helpers/small-web.ts'
import { spellings } from '../helpers/spellings.ts'

// The attacks of another site's page, and of who has no password, on every route and every spelling of its path.

const auth = { user: 'ann', password: 'secret' }
const credentials = `Authorization: Basic ${Buffer.from('ann:secret').toString('base64')}`

type Attack = {
  readonly what: string
  readonly status: number
  readonly fields: (port: number) => readonly string[]
  /** Only where a body may be. */
  readonly body?: string
}

const own = (port: number): string => `Host: 127.0.0.1:${port}`

const rebinding: Attack = {
  what: 'a strange Host (DNS rebinding)',
  status: 421,
  fields: () => [credentials, 'Host: rebound.example'],
}
const crossOrigin: Attack = {
  what: 'a cross-site Origin',
  status: 403,
  fields: port => [credentials, own(port), 'Origin: https://evil.example'],
}
const crossSite: Attack = {
  what: 'Sec-Fetch-Site: cross-site',
  status: 403,
  fields: port => [credentials, own(port), 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'],
}
const stranger: Attack = { what: 'no credentials', status: 401, fields: port => [own(port)] }
const forms: readonly Attack[] = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain; application/json',
].map(type => ({
  what: `a body of ${type}`,
  status: 415,
  fields: port => [credentials, own(port), `Content-Type: ${type}`],
  body: '{"from":"a@b.example","subject":"Forged","x":"="}',
}))
const attacks = [rebinding, crossOrigin, crossSite, stranger]

const request = (method: string, target: string, attack: Attack, port: number): string => {
  const { body = '' } = attack
  const lines = [`${method} ${target} HTTP/1.1`, ...attack.fields(port)]
  if (method !== 'GET' && method !== 'HEAD') lines.push(`Content-Length: ${body.length}`)
  return `${lines.join('\r\n')}\r\n\r\n${method === 'GET' || method === 'HEAD' ? '' : body}`
}

/** A server that everything can be asked of: a message, an inbox, a page. */
const start = async (t: TestContext, basePath = '/') => {
  const http = await startHttp(t, { auth, basePath, webDirectory: await smallWeb(t) })
  await put(http.store, mailForRoutes)
  await put(http.store, mail('Kept too'))
  await Promise.all([http.store.content(1), http.store.content(2)])
  const { id } = await http.inboxes.make({
    ...{ name: 'mine', timeToLive: 60_000, addresses: [], domains: [], tags: [] },
    hasListener: false,
  })
  return { ...http, routes: routesOfApp(basePath, id) }
}

/** What a supervisor may ask without a password, exactly so. */
const isOpen = ({ path }: Pick<AppRoute, 'path'>): boolean => /\/(?:livez|readyz)$/.test(path)

test('The control: every route there is answers who may ask, and only those that should change the store', async t => {
  const { ask, store, routes } = await start(t)
  const headers = { authorization: credentials.slice('Authorization: '.length) }
  for (const { method, path, query, body, changes } of routes) {
    const label = `${method} ${path}`
    const before = stateOf(store)
    const { status } = await ask(path + query, {
      ...{ method, headers: { ...headers, ...(body && { 'content-type': body.type }) } },
      ...(body && { body: body.text }),
    })
    // Who does not ask for the stream of changes is told how to.
    const isAnswered = path.endsWith('/events') ? status === 426 : status >= 200 && status < 300
    assert.ok(isAnswered, `${label}: ${status}`)
    const hasChanged = stateOf(store) !== before
    assert.equal(hasChanged, changes, `${label} has ${hasChanged ? '' : 'not '}changed the store`)
  }
})

test('A route that the enumeration does not cover fails these tests', () => {
  for (const [method, path, what] of [
    ['DELETE', '/v1/everything', /DELETE \/v1\/everything is not in the table/],
    ['PATCH', '/v1/stats', /PATCH \/v1\/stats is not in the table/],
    ['GET', '/v1/messages/:id/:colour', /what could colour be/],
  ] as const) {
    const app = appOf()
    app.on(method, path, context => context.text('ok'))
    assert.throws(() => routesOfApp('/', '0000000000', app), what)
  }
})

/** Each is refused as the plain path is, in all that is answered, and none has changed the store. */
async function assertRefused(
  { port, store }: Awaited<ReturnType<typeof start>>,
  { method, path, query }: Pick<AppRoute, 'method' | 'path' | 'query'>,
  attack: Attack,
  spelled: readonly string[],
): Promise<void> {
  const before = stateOf(store)
  const targets = [path, ...spelled]
  const answers = await pipeline(
    port,
    targets.map(target => request(method, target + query, attack, port)),
  )
  const [plain] = answers
  const malformed: string[] = []
  for (const [at, answer] of answers.entries()) {
    // What is no request target is refused before anybody looks at it, whoever asks.
    if (answer.status === 400 && /[\\#]/.test(targets[at] ?? '')) {
      malformed.push(targets[at] ?? '')
      continue
    }
    const label = `${attack.what}: ${method} ${targets[at]}`
    assert.equal(answer.status, attack.status, label)
    assert.deepEqual(answer, plain, label)
  }
  const friendly = { ...rebinding, fields: () => [credentials, own(port)] }
  const refusals = malformed.map(target => request(method, target + query, friendly, port))
  for (const [at, { status }] of (await pipeline(port, refusals)).entries()) {
    assert.equal(status, 400, malformed[at])
  }
  assert.equal(stateOf(store), before, `${attack.what}: ${method} ${path} has changed the store`)
}

/** A target that names the host too (RFC 9112 §3.2.2). */
const absolute = (attack: Attack, port: number, path: string): string => {
  const host = attack.fields(port).find(field => field.startsWith('Host: '))
  return `http://${host?.slice('Host: '.length)}${path}`
}

test('A percent-encoded path past the origin check, or one spelled otherwise, is refused as the plain one', async t => {
  const http = await start(t)
  for (const route of http.routes) {
    const spelled = spellings(route.path)
    for (const attack of attacks) {
      // All of them past the origin check and the password; the other two look at the same fields in the same place.
      const isThorough = attack === crossOrigin || attack === stranger
      const some = isThorough ? spelled : spelled.filter((_, at) => at % 4 === 0)
      const paths = [...some, absolute(attack, http.port, route.path)]
      if (attack === stranger && isOpen(route)) {
        // Exactly these paths are open; none that only looks like them is.
        const other = { ...route, path: '/metrics' }
        await assertRefused(http, other, attack, paths)
      } else await assertRefused(http, route, attack, paths)
    }
  }
})

test('The control: a path spelled otherwise reaches its route where nobody attacks', async t => {
  const { port, store } = await start(t)
  const friendly: Attack = { ...rebinding, fields: () => [credentials, own(port)] }
  const spelled = spellings('/v1/messages').map(path => `${path}?all=true`)
  const reached: string[] = []
  for (const target of [...spelled, absolute(friendly, port, '/v1/messages?all=true')]) {
    await put(store, mail('Kept no more'))
    const [answer] = await pipeline(port, [request('DELETE', target, friendly, port)])
    if (answer?.status === 200) reached.push(target)
    assert.equal(store.total === 0, answer?.status === 200, target)
  }
  // So a check that looks for "/v1" in the text of the path would be passed by.
  const passedBy = reached.filter(target => !target.startsWith('/v1/'))
  assert.ok(passedBy.includes('/%761/messages?all=true'), reached.join(' '))
})

test('A form cannot write: a body of one of its types is refused on every route, however it is spelled', async t => {
  const http = await start(t)
  const changing = new Set(http.routes.filter(({ changes }) => changes).map(({ path }) => path))
  for (const { path, query } of http.routes) {
    for (const form of forms) {
      const spelled = changing.delete(path) ? spellings(path) : []
      await assertRefused(http, { method: 'POST', path, query }, form, spelled)
      for (const method of ['PATCH', 'DELETE']) {
        await assertRefused(http, { method, path, query }, form, [])
      }
    }
  }
})

test('Every method is refused on every path, also where no route has it', async t => {
  const http = await start(t)
  const paths = new Set(http.routes.map(({ path }) => path))
  for (const path of [...paths, '/', '/nothing', '/v1', '/assets/', '/favicon.ico', '//']) {
    for (const method of strangeMethods(http.routes, path)) {
      for (const attack of attacks) {
        if (attack === stranger && isOpen({ path })) continue
        await assertRefused(http, { method, path, query: '?all=true' }, attack, [])
      }
    }
  }
})

test('No field and no parameter makes another method of a request', async t => {
  const { port, store, routes } = await start(t)
  const before = stateOf(store)
  const paths = [...new Set(routes.filter(({ changes }) => changes).map(({ path }) => path))]
  for (const field of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
    const attack = { ...rebinding, fields: () => [credentials, own(port), `${field}: DELETE`] }
    const asked = paths.flatMap(path => [
      request('GET', `${path}?all=true`, attack, port),
      request('GET', `${path}?_method=DELETE&all=true`, attack, port),
    ])
    await pipeline(port, asked)
    const posted = paths.filter(path => strangeMethods(routes, path).includes('POST'))
    const answers = await pipeline(
      port,
      posted.map(path => request('POST', `${path}?_method=DELETE`, attack, port)),
    )
    for (const { status } of answers) assert.equal(status, 405)
  }
  assert.equal(stateOf(store), before)
})

test('A link of another site opens a page, but no spelling of one, and nothing else', async t => {
  const http = await start(t)
  const link: Attack = {
    what: 'a link of another site',
    status: 403,
    fields: port => [
      ...[credentials, own(port), 'Sec-Fetch-Site: cross-site'],
      ...['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'],
    ],
  }
  const opened: string[] = []
  for (const { method, path, query } of http.routes) {
    if (method !== 'GET') continue
    const [plain] = await pipeline(http.port, [request('GET', path + query, link, http.port)])
    if (plain?.status === 200) opened.push(path)
    const refused = plain?.status === 200 ? '/metrics' : path
    await assertRefused(http, { method, path: refused, query }, link, spellings(path))
  }
  assert.deepEqual(opened.sort(), [
    '/',
    '/connect',
    '/m/1',
    '/m/1/html',
    '/m/1/text',
    '/settings',
    '/v1/docs',
  ])
})

test('Below a base path it is the same, whatever of the path is spelled otherwise', async t => {
  const http = await start(t, '/mail/')
  const bases = spellings('/mail').filter(path => !path.includes('livez'))
  for (const route of http.routes) {
    const rest = route.path.slice('/mail'.length)
    const spelled = [
      ...bases.map(base => base + rest),
      rest,
      `/mail/..${rest}`,
      `/mail/mail${rest}`,
    ]
    const paths = spelled.filter(path => path !== route.path)
    for (const attack of attacks) {
      const some = attack === rebinding || route.changes ? paths : paths.slice(0, 8)
      const isFree = attack === stranger && isOpen(route)
      const plain = isFree ? { ...route, path: '/mail/metrics' } : route
      await assertRefused(http, plain, attack, some)
    }
  }
  const friendly: Attack = { ...rebinding, fields: () => [credentials, own(http.port)] }
  const [reached] = await pipeline(http.port, [
    request('DELETE', '/m%61il/v1/messages?all=true', friendly, http.port),
  ])
  assert.deepEqual([reached?.status, http.store.total], [200, 0])
})
