import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser } from 'playwright-core'
import { attack, launchRebound, openAttack, startAttacker } from '../helpers/attacker.ts'
import { noBrowser } from '../helpers/browser.ts'
import { type Heard, hearing } from '../helpers/hearing.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { stateOf } from '../helpers/routes-of-app.ts'
import { smallWeb } from '../helpers/small-web.ts'

describe('the session of who is logged in', { skip: noBrowser }, () => {
  let browser: Browser
  before(async () => {
    browser = await launchRebound()
  })
  after(() => browser.close())

  const start = async (t: TestContext) => {
    const auth = { user: 'ann', password: 'secret' }
    const http = await startHttp(t, { webDirectory: await smallWeb(t), auth })
    await put(http.store, mail('Kept'))
    await http.store.content(1)
    return { ...http, url: `http://127.0.0.1:${http.port}` }
  }

  /** A browser in which somebody has logged in, as people do. */
  const logIn = async (url: string) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${url.replace('://', '://ann:secret@')}/`)
    await page.getByText('the inbox').waitFor()
    // A page whose own address has a password in it cannot ask for anything.
    await page.goto(`${url}/`)
    const status = (path: string, method: string): Promise<number> =>
      page.evaluate(async ([to, how]) => (await fetch(to, { method: how })).status, [
        path,
        method,
      ] as const)
    return { context, status, cookies: () => context.cookies() }
  }

  it('a page of another site gains nothing from the session of who is logged in', async t => {
    const { store, port, url } = await start(t)
    const { take } = hearing(t)
    const { origins } = await startAttacker(t)
    const { context, status } = await logIn(url)
    const before = stateOf(store)
    const attacks = [
      'no-cors fetch, GET',
      'cors fetch, GET',
      'no-cors fetch, empty',
      'cors fetch, text/plain',
      'image',
      'script',
      'form, without fields',
    ]
    for (const [at, origin] of origins.entries()) {
      const page = await openAttack(context, origin)
      for (const name of attacks) {
        const [outcome] = await attack(page, name, [`${url}/v1/messages`])
        assert.match(outcome ?? '', /^(?:refused|sent)$/, name)
      }
      const [followed] = await attack(page, 'WebSocket', [`${url}/v1/events`])
      assert.equal(followed, 'refused')
      const isAttack = (each: Heard) => each.target === '/v1/messages'
      const all = await take(port, some => some.filter(isAttack).length >= attacks.length)
      const heard = all.filter(isAttack)
      for (const each of heard) assert.equal(each.status, 403, `${each.method} of ${origin}`)
      // Another port is the same site to a cookie: there the session goes along, and is refused; elsewhere it does not.
      const hasCookie = heard.some(each => each.fields.cookie?.includes(`mailcatch_${port}=`))
      assert.equal(hasCookie, at === 0, origin)
      await page.close()
    }
    assert.equal(stateOf(store), before)
    // The control: in the inbox itself the session is enough.
    assert.equal(await status('/v1/messages?all=true', 'DELETE'), 200)
    assert.equal(store.total, 0)
    await context.close()
  })

  it('a page of another site cannot log anybody in or out: login CSRF', async t => {
    const { port, url } = await start(t)
    const { take } = hearing(t)
    const { origins } = await startAttacker(t)
    const { context, status, cookies } = await logIn(url)
    const before = await cookies()
    assert.equal(before.length, 1)
    const strange = url.replace('://', '://ann:wrong@')
    for (const origin of origins) {
      const page = await openAttack(context, origin)
      // In frames a browser takes no address with a password at all.
      for (const name of ['image', 'script', 'style sheet']) {
        await attack(page, name, [`${strange}/`])
      }
      await page.evaluate(to => void window.open(to), `${strange}/`)
      await take(port, some => some.some(each => each.status === 401))
      await page.close()
    }
    assert.deepEqual(await cookies(), before)
    assert.equal(await status('/v1/cursor', 'GET'), 200)
    await context.close()
    // The control: without the login there is nothing, and who knows the password gets another one.
    const again = await logIn(url)
    assert.deepEqual(
      (await again.cookies()).map(each => each.sameSite),
      ['Strict'],
    )
    await again.context.close()
  })
})
