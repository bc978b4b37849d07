import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser } from 'playwright-core'
import type { HttpOptions } from '../../server/http/context.ts'
import { armPage } from '../helpers/attack-page.ts'
import { attack, launchRebound, openAttack, startAttacker, startBare } from '../helpers/attacker.ts'
import { noBrowser } from '../helpers/browser.ts'
import { type Heard, hearing } from '../helpers/hearing.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { type AppRoute, mailForRoutes, routesOfApp, stateOf } from '../helpers/routes-of-app.ts'

/** What a page can do to an address, and the method that comes of it where nobody refuses. */
const writes: readonly [name: string, method: string][] = [
  ['form, urlencoded', 'POST'],
  ['form, multipart', 'POST'],
  ['form, text/plain shaped as JSON', 'POST'],
  ['form, without fields', 'POST'],
  ['form, by way of a redirect', 'POST'],
  ['form, GET', 'GET'],
  ['form, DELETE', 'GET'],
  ['no-cors fetch, text/plain', 'POST'],
  ['no-cors fetch, urlencoded', 'POST'],
  ['no-cors fetch, multipart', 'POST'],
  ['no-cors fetch, no type', 'POST'],
  ['no-cors fetch, a type that is none of a form', 'POST'],
  ['no-cors fetch, empty', 'POST'],
  ['no-cors fetch, by way of a redirect', 'POST'],
  ['no-cors fetch, GET', 'GET'],
  ['cors fetch, GET', 'GET'],
  ['cors fetch, text/plain', 'POST'],
  ['cors fetch, urlencoded', 'POST'],
  ['cors fetch, multipart', 'POST'],
  ['cors fetch, JSON', 'POST'],
  ['cors fetch, PATCH', 'PATCH'],
  ['cors fetch, DELETE', 'DELETE'],
  ['beacon, text', 'POST'],
  ['beacon, JSON', 'POST'],
  ['ping', 'POST'],
  ['report of a broken policy', 'POST'],
  ['image', 'GET'],
  ['input of type image', 'GET'],
  ['script', 'GET'],
  ['module script', 'GET'],
  ['style sheet', 'GET'],
  ['prefetch', 'GET'],
  ['preload', 'GET'],
  ['module preload', 'GET'],
  ['video', 'GET'],
  ['style sheet, imported', 'GET'],
  ['picture of a style', 'GET'],
  ['frame', 'GET'],
  ['object', 'GET'],
  ['embed', 'GET'],
  ['stream of events', 'GET'],
]

/** One of each kind. */
const kinds = [
  ...[
    'form, urlencoded',
    'form, text/plain shaped as JSON',
    'no-cors fetch, empty',
    'beacon, JSON',
  ],
  ...['cors fetch, text/plain', 'cors fetch, DELETE', 'image', 'script', 'prefetch'],
]

/** What a page can do to read something. */
const reads = [
  ...['no-cors fetch, GET', 'cors fetch, GET', 'image', 'script', 'module script', 'style sheet'],
  ...['prefetch', 'module preload', 'stream of events'],
]

describe('a page of another site', { skip: noBrowser }, () => {
  let browser: Browser
  before(async () => {
    browser = await launchRebound()
  })
  after(() => browser.close())

  /** A server with mail, an inbox, and everything that can be asked of it. */
  const start = async (t: TestContext, options: Partial<HttpOptions> = {}) => {
    const http = await startHttp(t, options)
    await put(http.store, mailForRoutes)
    await http.store.content(1)
    const { id } = await http.inboxes.make({
      ...{ name: 'mine', timeToLive: 60_000, addresses: [], domains: [], tags: [] },
      hasListener: false,
    })
    const routes = routesOfApp('/', id)
    return { ...http, routes, url: `http://127.0.0.1:${http.port}` }
  }
  const changing = (routes: readonly AppRoute[]): string[] => [
    ...new Set(routes.filter(each => each.changes).map(({ path, query }) => path + query)),
  ]
  /** Whether so many addresses were asked, by that method or beforehand whether they may be. */
  const all = (paths: readonly string[], method: string) => (heard: readonly Heard[]) =>
    new Set(
      heard
        .filter(each => [method, 'OPTIONS'].includes(each.method))
        .map(each => each.target.split('?')[0]),
    ).size >= new Set(paths.map(path => path.split('?')[0])).size

  it('can forge no request: CSRF by form, fetch, beacon, ping, image, script, link and prefetch on every route that changes something', async t => {
    const { take } = hearing(t)
    const { store, routes, port, url } = await start(t)
    const bare = await startBare(t)
    const { origins } = await startAttacker(t)
    const paths = changing(routes)
    const before = stateOf(store)
    for (const [at, origin] of origins.entries()) {
      const page = await openAttack(browser, origin)
      // From another site all there is, from the others one of each kind.
      const tried = writes.filter(([name]) => at === 1 || kinds.includes(name))
      for (const [name, method] of tried) {
        const outcomes = await attack(
          page,
          name,
          paths.map(path => url + path),
        )
        const heard = await take(port, all(paths, method))
        for (const each of heard) {
          const label = `${origin}, ${name}: ${each.method} ${each.target}`
          assert.equal(each.status, each.method === 'OPTIONS' ? 204 : 403, label)
        }
        for (const each of outcomes) assert.match(each, /^(?:refused|sent)$/, name)
      }
      assert.equal(stateOf(store), before, origin)
      await page.close()
    }
    // The control: where nobody refuses, all of it arrives.
    const page = await openAttack(browser, origins[1] ?? '')
    const path = '/v1/messages?all=true'
    for (const [name, method] of writes) {
      await attack(page, name, [`http://127.0.0.1:${bare}${path}`])
      const isEnough = all([path], method)
      const heard = await take(bare, some => isEnough(some.filter(each => each.method === method)))
      assert.ok(
        heard.every(each => each.status === 200),
        name,
      )
    }
    await page.close()
  })

  it('reads nothing: no-cors reads, script inclusion of JSON, pictures, styles and streams of every route', async t => {
    const { routes, port, url } = await start(t)
    const { take } = hearing(t)
    const bare = await startBare(t)
    const { origins } = await startAttacker(t)
    const paths = routes
      .filter(({ method }) => method === 'GET')
      .map(({ path, query }) => path + query)
    const page = await openAttack(browser, origins[1] ?? '')
    const told = new Set<number>()
    for (const name of reads) {
      // The second name is one to which a browser does not tell where a request comes from: the gate lets it pass,
      // and what is left is what the answer says of itself (Cross-Origin-Resource-Policy).
      for (const at of [url, `http://mailcatch:${port}`]) {
        const outcomes = await attack(
          page,
          name,
          paths.map(path => at + path),
        )
        for (const [index, each] of outcomes.entries()) {
          // A preload tells nothing but that it is over.
          const isOver = each === 'load' && ['prefetch'].includes(name)
          assert.ok(each === 'refused' || isOver, `${name}: ${at}${paths[index]} ${each}`)
        }
      }
      const heard = await take(port, some => some.length >= paths.length)
      for (const each of heard) if (each.fields.host === `mailcatch:${port}`) told.add(each.status)
      for (const each of heard) {
        if (each.fields.host !== `mailcatch:${port}`) assert.equal(each.status, 403, each.target)
      }
      assert.equal(await page.evaluate(() => 'ran' in globalThis), false)
    }
    assert.ok(told.has(200), 'the second name was let in')
    // The control.
    for (const name of reads) {
      const outcomes = await attack(page, name, [`http://127.0.0.1:${bare}/v1/messages`])
      assert.ok(
        outcomes.every(each => each === 'load' || each === 'read'),
        `${name} ${outcomes}`,
      )
      if (name === 'script') assert.equal(await page.evaluate(() => 'ran' in globalThis), true)
    }
    await page.close()
  })

  it('is not told by time or size how much mail there is: a large answer is not even begun', async t => {
    const { take } = hearing(t)
    const { origins } = await startAttacker(t)
    const [empty, full] = [await startHttp(t), await startHttp(t)]
    for (let number = 0; number < 300; number++) await put(full.store, mail(`Number ${number}`))
    let lists = 0
    for (const { store } of [empty, full]) {
      const list = store.list.bind(store)
      Object.defineProperty(store, 'list', {
        value: (...asked: Parameters<typeof list>) => {
          lists++
          return list(...asked)
        },
      })
    }
    const page = await openAttack(browser, origins[1] ?? '')
    const measure = async (port: number, name: string) => {
      const url = `http://127.0.0.1:${port}/v1/messages?limit=200`
      await attack(page, name, [url])
      const [heard] = await take(port, some => some.length > 0)
      // What a page hears of it comes when it is over.
      await page.waitForFunction(name => performance.getEntriesByName(name).length > 0, url)
      const sizes = await page.evaluate(
        name =>
          performance
            .getEntriesByName(name)
            .map(each => each as PerformanceResourceTiming)
            .map(each => [each.transferSize, each.encodedBodySize, each.decodedBodySize])
            .at(-1),
        url,
      )
      return { status: heard?.status, length: heard?.length, sizes }
    }
    for (const name of [
      'no-cors fetch, GET',
      'cors fetch, GET',
      'image',
      'script',
      'style sheet',
    ]) {
      const few = await measure(empty.port, name)
      assert.deepEqual(await measure(full.port, name), few, name)
      assert.equal(few.status, 403)
    }
    assert.equal(lists, 0)
    // The control: who may ask is told, and is told by the size alone.
    const sizes = await Promise.all(
      [empty, full].map(async ({ ask }) => (await ask('/v1/messages?limit=200')).bytes.length),
    )
    assert.ok((sizes[1] ?? 0) > 100 * (sizes[0] ?? 0), String(sizes))
    assert.equal(lists, 2)
    await page.close()
  })

  it('cannot follow the mail: cross-site WebSocket and stream of events', async t => {
    const { origins } = await startAttacker(t)
    const [closed, open] = [await start(t), await start(t, { allowOrigin: origins })]
    for (const origin of origins) {
      const page = await openAttack(browser, origin)
      for (const name of ['WebSocket', 'stream of events']) {
        const urls = [closed, open].map(({ url }) => `${url}/v1/events`)
        const [refused, read] = await attack(page, name, urls)
        assert.equal(refused, 'refused', `${name} of ${origin}`)
        // The control: an origin that is allowed reads how many there are, and what comes.
        assert.match(String(read), name === 'WebSocket' ? /^read .*"total":1/ : /^read$/)
      }
      await page.close()
    }
    const metrics = (await closed.ask('/metrics')).text
    assert.match(metrics, /^mailcatch_event_streams 0$/m)
  })

  it('is kept out under a name that was pointed at us: DNS rebinding', async t => {
    const [closed, open] = [await start(t), await start(t, { allowHost: ['rebound.example'] })]
    const rebound = async ({ port, routes }: typeof closed) => {
      // The page that the attacker's own server had answered before its name led to us: any document under that name
      // is its equal, once the policy that ours comes with is put aside.
      const page = await browser.newPage({ bypassCSP: true })
      await page.addInitScript('globalThis.__name = each => each')
      await page.addInitScript(armPage)
      await page.goto(`http://rebound.example:${port}/metrics`)
      const answers = await page.evaluate(
        async all => {
          const answers: { status: number; text: string }[] = []
          for (const { method, path, query, body } of all) {
            const response = await fetch(path + query, {
              method,
              ...(body && { body: body.text, headers: { 'content-type': body.type } }),
            })
            answers.push({ status: response.status, text: await response.text() })
          }
          return answers
        },
        [...routes],
      )
      const [socket] = await attack(page, 'WebSocket', [`http://rebound.example:${port}/v1/events`])
      await page.close()
      return { answers, socket }
    }
    const before = stateOf(closed.store)
    const { answers, socket } = await rebound(closed)
    for (const [at, { status, text }] of answers.entries()) {
      assert.equal(status, 421, closed.routes[at]?.path)
      assert.match(text, /is not allowed; start with --allow-host rebound\.example/)
    }
    assert.equal(socket, 'refused')
    assert.equal(stateOf(closed.store), before)
    // The control: a name that is allowed can do it all.
    const allowed = await rebound(open)
    assert.ok(allowed.answers.some(({ text }) => text.includes('"Kept"')))
    assert.match(String(allowed.socket), /^read /)
    assert.equal(open.store.entry(1), undefined)
  })
})
