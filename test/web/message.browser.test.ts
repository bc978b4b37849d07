import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { BrowserContext } from 'playwright-core'
import {
  closeStage,
  noBrowser,
  openInbox,
  openStage,
  type Stage,
  shownIds,
} from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'

const html = (markup: string): [string, string, string] => [
  markup,
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8',
]

/** A port that counts who comes. */
const openTrap = async (test: TestContext) => {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { hits, url: `http://127.0.0.1:${address.port}` }
}

/** A mail that tries to reach `url` in every way that it can, and to run a script. */
const hostile = (url: string): string => `
<link rel="stylesheet" href="${url}/link"><link rel="preload" as="image" href="${url}/preload">
<style>@import url("${url}/import"); body { background: url("${url}/background") }
@font-face { font-family: f; src: url("${url}/font") } p { font-family: f }</style>
<img src="${url}/img"><img srcset="${url}/srcset 1x"><picture><source srcset="${url}/source"><img></picture>
<video src="${url}/video" poster="${url}/poster" autoplay></video><audio src="${url}/audio" autoplay></audio>
<iframe src="${url}/iframe"></iframe><embed src="${url}/embed"><object data="${url}/object"></object>
<svg><image href="${url}/svg-image"/><use href="${url}/use#a"/></svg>
<form action="${url}/form"><input type="image" src="${url}/input"></form>
<script src="${url}/script"></script><script>new Image().src = '${url}/inline-script'</script>
<img src="x:" onerror="new Image().src='${url}/handler'"><table background="${url}/table"><tr><td>x</td></tr></table>
<p>The mail is here</p>`

/** Counts dialogs and requests that leave the machine's own `origin`; lets none of them out. */
const watch = async (context: BrowserContext, origin: string): Promise<string[]> => {
  const seen: string[] = []
  context.on('dialog', dialog => {
    seen.push(`dialog ${dialog.message()}`)
    dialog.dismiss().catch(() => {}) // it may have gone with its page
  })
  await context.route(
    url => url.origin !== origin && /^https?:$/.test(url.protocol),
    (route, request) => {
      seen.push(request.url())
      return route.abort()
    },
  )
  return seen
}

describe('a message in a browser', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('says what is wrong with a mail, once it is asked', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('Twice', 'text', 'Subject: Again'))
    await put(store, mail('Once'))
    await page.goto(`${url}m/1`)
    const warnings = page.getByTestId('warnings')
    await warnings.getByText('1 warning about this mail').click()
    await warnings.getByText('Subject stands 2 times; the first one holds.').waitFor()
    await page.goto(`${url}m/2`)
    await page.getByTestId('subject').getByText('Once').waitFor()
    assert.equal(await warnings.count(), 0)
  })

  it('opens from the list, turns read, and keeps the focus there', async test => {
    const { page, url, store, asked, faults } = await openInbox(test, stage)
    await put(store, mail('One'))
    await put(store, mail('Two', ...html('<p>Hello <b>Ann</b></p>')))
    await page.goto(url)
    await page.getByText('Two').click()
    await page.getByTestId('subject').getByText('Two').waitFor()
    const frame = page.frameLocator('[data-testid=html-frame]')
    await frame.getByText('Hello Ann').waitFor()
    await page.locator('[data-id="2"]:not([data-unread])').waitFor()
    assert.equal(store.unread, 1)
    assert.deepEqual(
      asked().filter(request => request.startsWith('PATCH')),
      ['PATCH /v1/messages?ids=2'],
    )
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
    assert.equal(await focused(), 'list')
    // j goes on to the next; m marks it unread again.
    await page.keyboard.press('j')
    await page.waitForURL(`${url}m/1`)
    await page.getByTestId('text').getByText('Hello').waitFor()
    await page.locator('[data-id="1"]:not([data-unread])').waitFor()
    await page.keyboard.press('m')
    await page.locator('[data-id="1"][data-unread]').waitFor()
    assert.equal(store.unread, 1)
    await page.keyboard.press('Escape')
    await page.getByTestId('no-message').waitFor()
    assert.equal(await focused(), 'list')
    await page.goBack()
    await page.getByTestId('subject').waitFor()
    assert.deepEqual(faults, [])
  })

  it('shows text with its links, the source, and the headers, each at an address', async test => {
    const { page, url, store } = await openInbox(test, stage)
    const text = 'Go to https://a.example/x?y=1, or javascript:alert(1)'
    await put(store, mail('Links', text, 'X-Odd: caf=?utf-8?q?=C3=A9?='))
    await page.goto(`${url}m/1`)
    const link = page.getByTestId('text').getByRole('link')
    assert.equal(await link.getAttribute('href'), 'https://a.example/x?y=1')
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer')
    assert.equal(await link.count(), 1)
    assert.equal(await page.getByTestId('tab-html').getAttribute('aria-disabled'), 'true')
    await page.keyboard.press('3')
    await page.getByTestId('source').getByText('Subject: Links').waitFor()
    assert.equal(page.url(), `${url}m/1/source`)
    await page.getByTestId('tab-source').press('ArrowRight')
    await page.getByTestId('headers').getByText('App <app@example.com>').waitFor()
    assert.equal(page.url(), `${url}m/1/headers`)
    await page.reload()
    await page.getByTestId('headers').getByText('X-Odd').waitFor()
  })

  it('shows the start of a large source, and all of it when asked', async test => {
    const { page, url, store } = await openInbox(test, stage)
    const line = `${'x'.repeat(60)}\r\n`
    await put(store, mail('Large', `${line.repeat(12_000)}THE END`))
    await page.goto(`${url}m/1/source`)
    await page.getByTestId('whole-source').waitFor()
    assert.equal(await page.getByTestId('source').getByText('THE END').count(), 0)
    await page.getByTestId('whole-source').click()
    await page.getByTestId('source').getByText('THE END').waitFor({ state: 'attached' })
  })

  it('downloads attachments under their names', async test => {
    const { page, url, store } = await openInbox(test, stage)
    const body =
      '--b\r\n\r\nHello\r\n--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename="../a b.html"\r\n\r\n<script>alert(1)</script>\r\n--b--'
    await put(
      store,
      mail('File', body, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b'),
    )
    await page.goto(`${url}m/1`)
    const downloading = page.waitForEvent('download')
    await page.getByTestId('attachments').getByRole('link').click()
    const download = await downloading
    assert.equal(download.suggestedFilename().includes('/'), false)
    assert.equal(readFileSync(await download.path(), 'utf8'), '<script>alert(1)</script>')
    assert.equal(page.url(), `${url}m/1`)
  })

  it('blocks what is remote, shows it when told to, and remembers that for the sender', async test => {
    const trap = await openTrap(test)
    const { page, url, store } = await openInbox(test, stage)
    const remote = html(`<p>The mail is here</p><img src="${trap.url}/img">`)
    await put(store, mail('One', ...remote))
    await put(store, mail('Two', ...remote))
    await page.goto(`${url}m/1`)
    const frame = page.frameLocator('[data-testid=html-frame]')
    await frame.getByText('The mail is here').waitFor()
    await page.getByTestId('remote-bar').getByText('1 remote reference blocked').waitFor()
    assert.deepEqual(trap.hits, [])
    const loaded = page.waitForResponse(`${trap.url}/img`)
    await page.getByTestId('show-remote').click()
    await loaded
    assert.deepEqual(trap.hits, ['/img'])
    await page.goto(`${url}m/2`)
    await frame.getByText('The mail is here').waitFor()
    assert.equal(await page.getByTestId('show-remote').getAttribute('aria-checked'), 'true')
    await page.getByTestId('show-remote').click()
    await page.reload()
    await page.getByTestId('remote-bar').getByText('blocked').waitFor()
  })

  it('says so where there is no such message, and where it was deleted elsewhere', async test => {
    const { page, url, store } = await openInbox(test, stage)
    for (const subject of ['One', 'Two', 'Three']) await put(store, mail(subject))
    await page.goto(`${url}m/77`)
    await page.getByTestId('missing').getByText('There is no message 77').waitFor()
    await page.getByTestId('missing').getByRole('button').click()
    await page.getByText('Two').click()
    await page.getByTestId('subject').getByText('Two').waitFor()
    await store.remove([2])
    await page.getByTestId('gone').waitFor()
    assert.deepEqual(await shownIds(page), [3, 1])
    assert.equal(await page.getByTestId('subject').textContent(), 'Two')
    await page.getByTestId('gone').getByRole('button').click()
    await page.getByTestId('subject').getByText('One').waitFor()
    await page.goto(`${url}nothing/here`)
  })

  it('covers the list on a phone, and gives it back', async test => {
    const { page, url, store } = await openInbox(test, stage, {
      context: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
    })
    for (let id = 1; id <= 50; id++) await put(store, mail(`Mail ${id}`))
    await page.goto(url)
    await page.getByTestId('list').evaluate(list => {
      list.scrollTop = 1280
    })
    await page.locator('[data-id="25"]').tap()
    await page.getByTestId('subject').getByText('Mail 25').waitFor()
    assert.equal(await page.getByTestId('list').isVisible(), false)
    await page.getByTestId('back').tap()
    await page.getByTestId('list').waitFor()
    assert.equal(await page.getByTestId('list').evaluate(list => list.scrollTop), 1280)
    const active = await page.getByTestId('list').getAttribute('aria-activedescendant')
    assert.equal(active, 'row-25')
    assert.equal(
      await page.evaluate(() => document.activeElement?.getAttribute('data-testid')),
      'list',
    )
    for (const box of await page.getByRole('button').all()) {
      const size = await box.boundingBox()
      if (size) assert.equal(size.height >= 38, true, `${await box.getAttribute('data-testid')}`)
    }
  })

  it('lets a hostile mail reach nothing and run nothing', async test => {
    const trap = await openTrap(test)
    const { page, url, store, context } = await openInbox(test, stage)
    const seen = await watch(context, new URL(url).origin)
    await put(store, mail('Hostile', ...html(hostile(trap.url))))
    await page.goto(`${url}m/1`)
    const frame = page.frameLocator('[data-testid=html-frame]')
    await frame.getByText('The mail is here').waitFor()
    // Another mail loads after it: what the first one started has had its time.
    await put(store, mail('Harmless', ...html('<p>Fine</p>')))
    await page.getByText('Harmless').click()
    await frame.getByText('Fine').waitFor()
    assert.deepEqual([...seen], [])
    assert.deepEqual(trap.hits, [])

    // The control: without the frame's protection the same markup reaches out.
    await page.route(`${url}control`, route =>
      route.fulfill({ contentType: 'text/html', body: hostile(trap.url) }),
    )
    await page.goto(`${url}control`)
    await page.getByText('The mail is here').waitFor()
    assert.equal(seen.length >= 10, true, `the control fired ${seen.length} times`)
    assert.equal(seen.includes(`${trap.url}/inline-script`), true)
  })

  it('keeps the HTML parts of a mail apart', async test => {
    const trap = await openTrap(test)
    const { page, url, store, context } = await openInbox(test, stage)
    const part = (markup: string) => `--b\r\nContent-Type: text/html\r\n\r\n${markup}\r\n`
    const body = [
      `<p>One <img src="${trap.url}/leak?`,
      '<p>Two is secret <a href="https://a.example/">link</a><!-- ',
      '"> <p>Three <img alt="shown" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    ]
    await put(
      store,
      mail('Parts', `${body.map(part).join('')}--b--`, 'Content-Type: multipart/mixed; boundary=b'),
    )
    const seen = await watch(context, new URL(url).origin)
    await page.goto(`${url}m/1`)
    const frame = page.frameLocator('[data-testid=html-frame]')
    const inner = (index: number) => frame.frameLocator('iframe').nth(index)
    await inner(0).getByText('One').waitFor()
    await inner(1).getByText('Two is secret').waitFor()
    await inner(2).getByText('Three').waitFor()
    assert.equal(await inner(1).getByRole('link').getAttribute('href'), 'https://a.example/')
    assert.deepEqual([...seen], [])

    // With remote content let in, the first part still takes nothing of the second along.
    await page.goto(`${url}m/1/html?remote=1`)
    await page.frameLocator('iframe').nth(1).getByText('Two is secret').waitFor()
    assert.equal(seen.filter(request => request.includes('secret')).length, 0)
    assert.deepEqual(trap.hits, [])
  })
})
