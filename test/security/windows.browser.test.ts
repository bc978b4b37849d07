import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { HttpOptions } from '../../server/http/context.ts'
import { attack, launchRebound, openAttack, startAttacker, startBare } from '../helpers/attacker.ts'
import { noBrowser } from '../helpers/browser.ts'
import { type Heard, hearing } from '../helpers/hearing.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { stateOf } from '../helpers/routes-of-app.ts'
import { smallWeb } from '../helpers/small-web.ts'

/** A mail whose HTML sends forms to the API in every way that a document has. */
const mailOfForms = (): string => {
  const json = `<textarea name='{"from":"a@b.example","subject":"Forged","text":"='>"}</textarea>`
  const forms = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'].map(
    type =>
      `<form class="post" action="/v1/messages" method="post" enctype="${type}">${json}<button>Go</button></form>`,
  )
  const html = [
    ...forms,
    '<form class="post" action="/v1/inboxes" method="post" target="_blank"><button>Go</button></form>',
    '<form class="post" method="post"><button formaction="/v1/inboxes">Go</button></form>',
    '<form class="get" action="/v1/stats"><button>Go</button></form>',
    '<script>document.forms[0].submit()</script>',
    '<img src="x" onerror="document.forms[0].submit()">',
  ].join('\n')
  return mail('Forms', html, 'Content-Type: text/html')
}

describe('windows and frames', { skip: noBrowser }, () => {
  let browser: Browser
  before(async () => {
    browser = await launchRebound()
  })
  after(() => browser.close())

  const start = async (t: TestContext, options: Partial<HttpOptions> = {}) => {
    const http = await startHttp(t, { webDirectory: await smallWeb(t), ...options })
    await put(http.store, mail('Kept', '<p id="mail">Hello</p>', 'Content-Type: text/html'))
    await put(http.store, mailOfForms())
    await Promise.all([http.store.content(1), http.store.content(2)])
    return { ...http, url: `http://127.0.0.1:${http.port}` }
  }

  /** How many frames show something of ours; what a browser has put in the place of the others is not. */
  const shown = async (page: Page): Promise<number> => {
    let count = 0
    for (const frame of page.frames().slice(1)) {
      const found = frame.locator('#page, #mail').count()
      count += await found.catch(error => {
        // The content of an object that could not be loaded.
        if (frame.isDetached()) return 0
        throw error
      })
    }
    return count
  }

  it('a page of another site cannot frame anything: the inbox, a mail, an answer', async t => {
    const { port, url } = await start(t)
    const bare = await startBare(t)
    const { origins } = await startAttacker(t)
    const paths = ['/', '/m/1', '/m/1/html', '/v1/messages/1/html', '/v1/messages', '/v1/docs']
    for (const [index, origin] of origins.entries()) {
      const page = await openAttack(browser, origin)
      const isOtherSite = index === 1
      for (const name of isOtherSite ? ['frame', 'object', 'embed'] : ['frame']) {
        // To the second name a browser does not tell where a request comes from.
        for (const at of isOtherSite ? [url, `http://mailcatch:${port}`] : [url]) {
          const tried = isOtherSite ? paths : ['/', '/m/1/html']
          await attack(
            page,
            name,
            tried.map(path => at + path),
          )
          assert.equal(await shown(page), 0, `${name} of ${at} in ${origin}`)
        }
      }
      await attack(page, 'frame', [`http://127.0.0.1:${bare}/`, `http://127.0.0.1:${bare}/m/1`])
      assert.equal(await shown(page), 2, 'the control')
      await page.close()
    }
  })

  /** Opens a window as a page may. */
  const openWindow = async (page: Page, url: string, name: string): Promise<Page> => {
    const opening = page.context().waitForEvent('page')
    await page.evaluate(
      ([to, called]) => {
        Object.assign(globalThis, { [called]: window.open(to, called) })
      },
      [url, name] as const,
    )
    const popup = await opening
    await popup.waitForURL(url)
    return popup
  }

  /**
   * Opens windows, and answers what the page can tell of each, and what is left of the name that it gave. `inbox` is
   * known to cut itself off: once that is known in the page as well, so is what the others did.
   */
  const open = async (page: Page, urls: readonly string[], inbox: string) => {
    const popups: Page[] = []
    for (const [at, url] of urls.entries()) popups.push(await openWindow(page, url, `opened${at}`))
    const other = await openWindow(page, inbox, 'other')
    await page.waitForFunction(() => (globalThis as unknown as { other: Window }).other.closed)
    await other.close()
    const told = await page.evaluate(count => {
      const tried = (look: () => unknown): string => {
        try {
          return String(look())
        } catch {
          return 'refused'
        }
      }
      return Array.from({ length: count }, (_, at) => {
        const opened = (globalThis as unknown as Record<string, Window>)[`opened${at}`] as Window
        return {
          isClosed: opened.closed,
          frames: opened.length,
          name: tried(() => opened.name),
          text: tried(() => opened.document.body.textContent),
          path: tried(() => opened.location.pathname),
        }
      })
    }, urls.length)
    const names: string[] = []
    for (const popup of popups) {
      names.push(await popup.evaluate(() => window.name))
      await popup.close()
    }
    return { told, names }
  }

  it('a page of another site cannot reach what it opens: opener, window.name and frames.length', async t => {
    const { store, url } = await start(t)
    const bare = await startBare(t)
    const { origins } = await startAttacker(t)
    const before = stateOf(store)
    const cut = { isClosed: true, frames: 0, name: 'refused', text: 'refused', path: 'refused' }
    const paths = ['/', '/m/1', '/m/99', '/v1/docs', '/v1/messages']
    for (const [at, origin] of origins.entries()) {
      const page = await openAttack(browser, origin)
      const tried = (at === 1 ? paths : paths.slice(0, 2)).map(path => url + path)
      const { told, names } = await open(page, [...tried, `http://127.0.0.1:${bare}/`], `${url}/`)
      // The control: what does not cut itself off can be told, and has the name that it was given.
      assert.equal(told.pop()?.isClosed, false)
      assert.equal(names.pop(), `opened${tried.length}`)
      for (const [index, each] of told.entries()) assert.deepEqual(each, cut, tried[index])
      assert.deepEqual(new Set(names), new Set(['']))
      await page.close()
    }
    assert.equal(stateOf(store), before)
  })

  it('a page of another site cannot tell by opening a mail whether there is one', async t => {
    const { store, url } = await start(t)
    await put(store, mail('Without HTML'))
    await store.content(3)
    const { origins } = await startAttacker(t)
    const page = await openAttack(browser, origins[1] ?? '')
    const urls = [1, 2, 3, 99].map(id => `${url}/m/${id}/html`)
    const { told } = await open(page, urls, `${url}/`)
    const [there] = told
    assert.deepEqual([there?.text, there?.path], ['refused', 'refused'])
    for (const [at, each] of told.entries()) assert.deepEqual(each, there, urls[at])
    await page.close()
  })

  it('a page that a mail leads to cannot send its tab elsewhere: reverse tabnabbing', async t => {
    const { port: site } = await startAttacker(t)
    const to = `http://attacker.example:${site}/`
    const links = [
      `<a rel=opener href="${to}">One</a>`,
      `<a target=somewhere href="${to}">Two</a>`,
      `<svg width=50 height=20><a rel="opener" target="x" href="${to}"><text y=15>Three</text></a></svg>`,
      `<!--><a rel=opener href="${to}">Four</a><!-- -->`,
      `<p title="</p>"><a/href="${to}"rel=opener>Five</a>`,
    ]
    const { store, url } = await start(t)
    const id = await put(store, mail('Links', links.join('<br>'), 'Content-Type: text/html'))
    await store.content(id)
    const context = await browser.newContext()
    const page = await context.newPage()
    /** Whether what each link of the document opens could send the document elsewhere. */
    const openers = async (): Promise<readonly boolean[]> => {
      const could: boolean[] = []
      for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) {
        const opening = context.waitForEvent('page')
        await page.getByText(name).click()
        const popup = await opening
        await popup.waitForURL(to)
        could.push(await popup.evaluate(() => window.opener !== null))
        await popup.close()
      }
      return could
    }
    await page.goto(`${url}/m/${id}/html`)
    assert.deepEqual(await openers(), [false, false, false, false, false])
    // The control: as the mail has them.
    await page.route('**/html', async route => {
      const response = await route.fetch()
      const body = (await response.text()).replaceAll(' target=_blank rel=noreferrer ', '')
      await route.fulfill({ response, body })
    })
    await page.goto(`${url}/m/${id}/html`)
    assert.deepEqual(await openers(), [true, true, true, true, true])
    await context.close()
  })

  it('a link to a mail lets no remote content in: that is for who reads it', async t => {
    const { store, port, url } = await start(t)
    const tracker = `http://127.0.0.1:${await startBare(t)}/pixel`
    const html = `<p id="mail">Hello <img src="${tracker}">`
    const id = await put(store, mail('Tracked', html, 'Content-Type: text/html'))
    await store.content(id)
    const context = await browser.newContext()
    const page = await context.newPage()
    const asked: string[] = []
    page.on('response', response => void asked.push(response.url()))
    const follow = async (from: string, to: string) => {
      await page.goto(from)
      asked.length = 0
      await page.evaluate(target => location.assign(target), to)
      await page.waitForURL(to)
      await page.locator('#mail').waitFor()
      await page.waitForLoadState('load')
      return asked.includes(tracker)
    }
    const path = `/m/${id}/html?remote=1`
    const { origins } = await startAttacker(t)
    for (const at of [url, `http://mailcatch:${port}`]) {
      assert.equal(await follow(origins[2] ?? '', at + path), false, at)
      // The control: our own page may.
      assert.equal(await follow(`${at}/v1/docs`, at + path), true, at)
    }
    await context.close()
  })

  it('a form post from an unsandboxed mail view sends nothing', async t => {
    const { store, port, url, send } = await start(t)
    const before = stateOf(store)
    const { take } = hearing(t)
    const context = await browser.newContext()
    await context.addInitScript('globalThis.__name = each => each')
    const page = await context.newPage()
    const press = async (): Promise<number> => {
      const buttons = page.getByRole('button', { name: 'Go' })
      const count = await buttons.count()
      for (let at = 0; at < count; at++) await buttons.nth(at).click({ noWaitAfter: true })
      return count
    }
    await page.goto(`${url}/m/2/html`)
    assert.equal(await press(), 6)
    assert.equal(new URL(page.url()).pathname, '/m/2/html')
    assert.equal(context.pages().length, 1)
    await send('GET', '/livez')
    const heard = await take(port, some => some.some(each => each.target === '/livez'))
    assert.deepEqual(
      heard.map(each => each.target).filter(target => target !== '/favicon.ico'),
      ['/m/2/html', '/livez'],
    )
    assert.equal(stateOf(store), before)

    // The control: without its policy the same document sends them, and as our own page does. What is left then is that
    // no form has a type that a body may have.
    await context.route(`${url}/m/2/html`, async route => {
      const response = await route.fetch()
      const body = (await response.text()).replaceAll('<form ', '<form target="_blank" ')
      await route.fulfill({ contentType: 'text/html', body })
    })
    await page.goto(`${url}/m/2/html`)
    await press()
    const isForm = (each: Heard) => each.method === 'POST'
    const forms = (await take(port, some => some.filter(isForm).length >= 5)).filter(isForm)
    for (const { status, fields, target } of forms) {
      assert.equal(fields.origin, url)
      assert.equal(status, fields['content-length'] === '0' ? 201 : 415, target)
    }
    await context.close()
  })
})
