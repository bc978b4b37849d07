import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { BrowserContext, Frame, Page } from 'playwright-core'
import { tabs } from '../../web/route.ts'
import { closeStage, noBrowser, openInbox, openStage, type Stage } from '../helpers/browser.ts'
import { bombMail, hostileMails, script, scriptEverywhere } from '../helpers/hostile-mails.ts'
import { mail, put } from '../helpers/http-server.ts'

const mails = hostileMails()

const server = {
  limits: { maxMessages: 10_000, maxBytes: 256_000_000, maxAge: null, maxMessageSize: 20_000_000 },
}

/** What a page of ours asks of its server: anything else was asked by a mail. */
const ours =
  /^\/(?:$|assets\/|connect$|settings$|m\/\d+(?:\/[a-z]+)?$|v1\/(?:events|stats|facets|messages)(?:\/[\w./-]+)?$)/

/** Hears of all that a mail should not be able to do. */
const watch = async (context: BrowserContext, origin: string): Promise<string[]> => {
  const seen: string[] = []
  context.on('dialog', dialog => {
    seen.push(`dialog ${dialog.message()}`)
    dialog.dismiss().catch(() => {}) // it may have gone with its page
  })
  context.on('page', page => seen.push(`window ${page.url()}`))
  // What a policy has stopped is told as a request as well, but never comes here.
  await context.route(
    url => url.origin !== origin && /^(?:https?|ftp|wss?):$/.test(url.protocol),
    (route, request) => {
      seen.push(request.url())
      return route.abort()
    },
  )
  await context.route(
    url => url.origin === origin && !ours.test(url.pathname),
    (route, request) => {
      seen.push(new URL(request.url()).pathname)
      return route.fallback()
    },
  )
  await context.exposeBinding('heard', (_source, what: string) => void seen.push(what))
  // The compiler of this file names functions by a helper that a page does not have.
  await context.addInitScript('globalThis.__name = each => each')
  // In each frame that can run a script: cookies, what is stored, and the API, but for what the page itself does.
  await context.addInitScript(() => {
    const tell = (what: string): void => {
      const { heard } = globalThis as { heard?: (what: string) => void }
      heard?.(`${what} in ${location.href}`)
    }
    const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
    if (cookie) {
      Object.defineProperty(Document.prototype, 'cookie', {
        ...cookie,
        get() {
          tell('cookie read')
          return cookie.get?.call(this)
        },
      })
    }
    if (window.top === window) return
    for (const name of ['getItem', 'setItem'] as const) {
      const real = Storage.prototype[name]
      Storage.prototype[name] = function (this: Storage, ...values: string[]) {
        tell(`storage ${name}`)
        return (real as (...values: string[]) => unknown).apply(this, values)
      } as never
    }
    const real = globalThis.fetch
    globalThis.fetch = (...given) => {
      tell('fetch')
      return real(...given)
    }
  })
  return seen
}

/** What stands in our own document that only a mail can have brought there. Runs in the page. */
const foreign = (): readonly string[] => {
  const found: string[] = []
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName
    for (const { name: attribute, value } of element.attributes) {
      if (attribute.startsWith('on')) found.push(`${name} ${attribute}`)
      if (/^(?:href|src|action|formaction|xlink:href)$/.test(attribute)) {
        if (/^\s*(?:javascript|vbscript|data:text)/i.test(value)) found.push(`${name} ${value}`)
      }
    }
    if (name === 'script' && !element.getAttribute('src')?.includes('/assets/')) found.push(name)
    if (['base', 'object', 'embed', 'style', 'applet', 'marquee'].includes(name)) found.push(name)
    if (name === 'iframe') {
      const tokens = element.getAttribute('sandbox')?.split(' ') ?? ['none at all']
      const odd = tokens.find(token => !/^allow-popups(?:-to-escape-sandbox)?$/.test(token))
      if (odd) found.push(`a frame with ${odd}`)
    }
  }
  if ('polluted' in {}) found.push('a prototype')
  return found
}

/** The tab's content is there; what is fetched for it, too. Runs in the page. */
const isSettled = (tab: string): boolean =>
  // Empty as long as its code is fetched.
  document.querySelector(`#tab-panel[aria-labelledby=tab-${tab}] > *`) !== null &&
  document.querySelector('#tab-panel [aria-busy=true]') === null

const settled = async (page: Page, tab: string): Promise<void> => {
  await page.waitForFunction(isSettled, tab)
}

/** What the page is lent. */
type Inspection = { readonly foreign: typeof foreign; readonly isSettled: typeof isSettled }
type View = { readonly name: string; readonly foreign: readonly string[] }

/**
 * Opens each tab that a mail has, and looks into so many of its parts: all in the page, since there are hundreds of such
 * steps (that a pointer and keys reach them is tested elsewhere).
 */
const everyView = (page: Page, most: number): Promise<readonly View[]> => {
  const look = async (names: readonly string[], parts: number): Promise<readonly View[]> => {
    const { foreign, isSettled } = globalThis as unknown as Inspection
    const byTestId = (id: string) => [
      ...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`),
    ]
    const until = async (isSo: () => boolean) => {
      const end = performance.now() + 20_000
      while (!isSo()) {
        if (performance.now() > end) throw new Error(`never so: ${isSo}`)
        await new Promise(done => requestAnimationFrame(done))
      }
    }
    const views: View[] = []
    for (const name of names) {
      const [tab] = byTestId(`tab-${name}`)
      if (!tab || tab.ariaDisabled === 'true') continue
      tab.click()
      await until(() => isSettled(name))
      views.push({ name, foreign: foreign() })
      if (name !== 'parts') continue
      await until(() => byTestId('part-row').length > 0)
      for (const [index, button] of byTestId('look').slice(0, parts).entries()) {
        button.click()
        await until(() => byTestId('part-content').length > 0 && isSettled(name))
        views.push({ name: `part ${index}`, foreign: foreign() })
      }
    }
    return views
  }
  return page.evaluate(
    `Object.assign(globalThis, { foreign: ${foreign}, isSettled: ${isSettled} }); (${look})(${JSON.stringify(tabs)}, ${most})`,
  )
}

/** What a script of a frame could reach, if one ran there after all: the frame is asked from outside. */
const reach = (frame: Frame): Promise<readonly string[]> =>
  frame.evaluate(async () => {
    const attempts: readonly (readonly [what: string, attempt: () => unknown])[] = [
      ['local storage', () => localStorage.length],
      ['session storage', () => sessionStorage.length],
      [
        'a database',
        () =>
          new Promise((done, failed) => {
            const opening = indexedDB.open('x')
            opening.onsuccess = done
            opening.onerror = failed
          }),
      ],
      ['cookies', () => document.cookie],
      ['the page around', () => parent.document.title],
      [
        'the API',
        async () => {
          const response = await fetch(new URL('/v1/messages', document.baseURI))
          if (!response.ok) throw new Error('refused')
        },
      ],
    ]
    const reached: string[] = []
    for (const [what, attempt] of attempts) {
      try {
        await attempt()
        reached.push(what)
      } catch {} // refused, as it should be
    }
    return reached
  })

describe('hostile mails', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('stored XSS past CSP: do nothing in any view of the inbox, nor in a look into a part', async test => {
    assert.equal(mails.length > 35, true)
    const { page, url, store, context, faults } = await openInbox(test, stage, { server })
    for (const { raw } of mails) await put(store, raw)
    const seen = await watch(context, new URL(url).origin)
    const titles = new Set<string>()
    let looks = 0
    for (const [index, { name }] of [...mails.entries()].reverse()) {
      const id = index + 1
      if (id === mails.length) await page.goto(`${url}m/${id}`)
      else await page.getByTestId('list').press('j')
      await page.locator(`a[href$="/messages/${id}/raw"]`).waitFor()
      const html = page.getByTestId('tab-html')
      if ((await html.getAttribute('aria-disabled')) !== 'true') {
        await html.click()
        const element = await page.waitForSelector('#tab-panel iframe')
        const frame = await element.contentFrame()
        await frame?.waitForURL(/\/html/, { waitUntil: 'domcontentloaded' })
      }
      const views = await everyView(page, name.endsWith('.eml') ? 1 : 20)
      assert.ok(views.length >= 6, `${name}: ${views.map(view => view.name)}`)
      for (const view of views) assert.deepEqual(view.foreign, [], `${name}, ${view.name}`)
      looks += views.filter(view => view.name.startsWith('part')).length - 1
      assert.equal(new URL(page.url()).pathname.startsWith(`/m/${id}`), true, name)
      titles.add(await page.title())
      assert.deepEqual(seen, [], name)
    }
    assert.ok(looks > 30, `${looks}`)
    // As results of a search, whose words are those of the mails; and in the title of the tab.
    await page.goto(`${url}?q=script`)
    await page.getByTestId('list-count').waitFor()
    assert.deepEqual(await page.evaluate(foreign), [])
    for (const title of titles) assert.match(title, /^(?:\(\d+\) )?Mailcatch$/)
    assert.deepEqual(seen, [])
    assert.deepEqual(faults, [])
    assert.equal(context.pages().length, 1)
  })

  it('do nothing on their own either, nor with remote content let in but load it', async test => {
    const { page, url, store, context, ask } = await openInbox(test, stage, { server })
    const origin = new URL(url).origin
    const seen = await watch(context, origin)
    const withHtml: number[] = []
    for (const { raw } of mails) {
      const id = await put(store, raw)
      const { html } = (await ask(`/v1/messages/${id}`)).json as { html: string | null }
      if (html !== null) withHtml.push(id)
    }
    for (const id of withHtml) await page.goto(`${url}m/${id}/html`, { waitUntil: 'load' })
    assert.deepEqual(seen, [])
    // A reference without a host comes to us then, from a frame without an origin: the gate keeps it out.
    const taken: string[] = []
    context.on('response', response => {
      const { origin: from, pathname } = new URL(response.url())
      if (from === origin && !ours.test(pathname) && response.ok()) taken.push(pathname)
    })
    for (const id of withHtml) await page.goto(`${url}m/${id}/html?remote=1`, { waitUntil: 'load' })
    assert.deepEqual(taken, [])
    assert.deepEqual(
      seen.filter(what => !/^(?:https?:|\/m\/)/.test(what)),
      [],
    )
    const loaded = seen.splice(0).length

    // The control: the same documents without a policy and without a sandbox.
    await context.route(
      target => target.origin === origin && target.pathname.endsWith('/html'),
      async route => {
        const response = await route.fetch()
        await route.fulfill({ contentType: 'text/html', body: await response.text() })
      },
    )
    for (const id of withHtml) {
      await page.goto(`${url}m/${id}/html`, { waitUntil: 'load' }).catch(() => null)
    }
    assert.equal(
      (seen as string[]).some(what => what.startsWith('dialog')),
      true,
      'no script has run',
    )
    assert.equal(seen.filter(what => /^https?:/.test(what)).length > 5, true, 'nothing was loaded')
    assert.equal(loaded > 0, true, 'what is let in is not loaded')
  })

  it('could reach nothing of ours, even if a script ran', async test => {
    const { page, url, store, ask } = await openInbox(test, stage, { server })
    /** What the frame of the mail that the page shows could reach. */
    const reachable = async (address: string): Promise<readonly string[]> => {
      await page.goto(address)
      const frame = await (await page.waitForSelector('iframe')).contentFrame()
      assert.ok(frame)
      await frame.waitForURL(/\/html/, { waitUntil: 'load' })
      return reach(frame)
    }
    for (const { name, raw } of mails.filter(each => /^(?:xss|remote|script)/.test(each.name))) {
      const id = await put(store, raw)
      const { html } = (await ask(`/v1/messages/${id}`)).json as { html: string | null }
      if (html !== null) assert.deepEqual(await reachable(`${url}m/${id}`), [], name)
    }
    // The control: a harmless mail without a policy, in a frame without a sandbox.
    const id = await put(store, mail('Harmless', '<p>x', 'Content-Type: text/html'))
    await page.route(/\/html/, async route => {
      const body = await (await route.fetch()).text()
      await route.fulfill({ contentType: 'text/html', body })
    })
    await page.route(`${url}control`, route =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="/m/${id}/html"></iframe>` }),
    )
    assert.deepEqual(await reachable(`${url}control`), [
      'local storage',
      'session storage',
      'a database',
      'cookies',
      'the page around',
      'the API',
    ])
  })

  it('are text in a notification, and nothing in the title of the page', async test => {
    const { page, url, store, context } = await openInbox(test, stage, { server })
    const seen = await watch(context, new URL(url).origin)
    await context.grantPermissions(['notifications'])
    await page.addInitScript(() => {
      const shown: unknown[] = []
      Object.assign(window, { shown })
      window.Notification = class extends Notification {
        constructor(title: string, options?: NotificationOptions) {
          super(title, options)
          shown.push([title, options])
        }
      }
      document.hasFocus = () => false
    })
    await page.goto(`${url}settings`)
    await page.getByTestId('live').getByText('Live').waitFor()
    await page.clock.install()
    await page.getByTestId('notifications').click()
    await put(store, scriptEverywhere())
    await page.waitForFunction(() => document.title === '(1) Mailcatch')
    await page.clock.runFor(2000)
    const [[title, options] = [], ...more] = (await page.evaluate('shown')) as [
      title: string,
      options: { body: string },
    ][]
    assert.equal(title, `</title></style></textarea>${script}`)
    assert.match(String(options?.body), /^From .*<script>alert\('ran'\)<\/script>.* to /)
    // No icon, picture, link or action: there is nothing in it that a mail could fill.
    assert.deepEqual(Object.keys(options ?? {}).sort(), ['body', 'tag'])
    assert.deepEqual([more, seen], [[], []])
    assert.deepEqual(await page.evaluate(foreign), [])
  })

  it('image bomb: a picture that claims gigapixels holds nothing up, in the HTML or looked at', async test => {
    const { page, url, store, faults } = await openInbox(test, stage, { server })
    const id = await put(store, bombMail())
    await page.addInitScript(() => {
      let last = performance.now()
      Object.assign(window, { longest: 0 })
      setInterval(() => {
        const now = performance.now()
        Object.assign(window, { longest: Math.max(Reflect.get(window, 'longest'), now - last) })
        last = now
      }, 10)
    })
    const longest = (): Promise<number> =>
      page.evaluate(async () => {
        await new Promise(done => setTimeout(done, 50))
        return Reflect.get(window, 'longest') as number
      })
    const loaded = page.waitForResponse(/\/html/)
    await page.goto(`${url}m/${id}`)
    await (await loaded).finished()
    await page.getByTestId('tab-parts').click()
    await settled(page, 'parts')
    await page.getByTestId('look').nth(3).waitFor()
    const looks = await page.getByTestId('look').all()
    assert.equal(looks.length, 4)
    for (const look of looks) {
      await look.click()
      await page.getByTestId('part-content').waitFor()
      await settled(page, 'parts')
      // Shown, or gone once the browser has found that it cannot be.
      await page.evaluate(async () => {
        const picture = document.querySelector<HTMLImageElement>('img[data-testid=part-image]')
        await picture?.decode().catch(() => {})
      })
      assert.ok((await longest()) < 4_000, `held up for ${await longest()} ms`)
    }
    await page.getByTestId('tab-source').click()
    await settled(page, 'source')
    assert.deepEqual(faults, [])
    // The control: what holds the page up is noticed.
    await page.evaluate(() => {
      Object.assign(window, { longest: 0 })
      const until = performance.now() + 500
      while (performance.now() < until);
    })
    assert.ok((await longest()) >= 500)
  })

  it('are told apart from what is ours', async test => {
    const { page, url, context } = await openInbox(test, stage)
    const seen: readonly string[] = await watch(context, new URL(url).origin)
    await page.route(`${url}control`, route =>
      route.fulfill({
        contentType: 'text/html',
        body: `<base href="/x/"><a href=" javascript:alert(1)" onclick="1">x</a><iframe srcdoc="<script>
          document.cookie; try { localStorage.getItem('x') } catch {}; fetch('/v1/messages?all=true').catch(() => 1)
        </script>" sandbox="allow-scripts allow-same-origin"></iframe><script>alert(1)</script><img src="/else.png">`,
      }),
    )
    await page.goto(`${url}control`, { waitUntil: 'load' })
    const found = await page.evaluate(foreign)
    for (const what of ['base', 'a onclick', 'script', 'a frame with allow-scripts']) {
      assert.equal(found.includes(what), true, what)
    }
    assert.equal(
      found.some(what => what.includes('javascript:')),
      true,
    )
    await page.waitForFunction(() => document.readyState === 'complete')
    for (const what of [
      /^dialog 1/,
      /^cookie read/,
      /^storage getItem/,
      /^fetch in/,
      /^\/else\.png/,
    ]) {
      assert.equal(
        seen.some(told => what.test(told)),
        true,
        `${what} is not in ${seen}`,
      )
    }
  })
})
