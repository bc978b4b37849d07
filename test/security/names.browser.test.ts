import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { attack, launchRebound, openAttack, startAttacker } from '../helpers/attacker.ts'
import { noBrowser } from '../helpers/browser.ts'
import { builtPage } from '../helpers/built-page.ts'
import { hearing } from '../helpers/hearing.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { routesOfApp } from '../helpers/routes-of-app.ts'

/** A name that we have in a network: to it, by plain HTTP, a browser tells nothing of which site asks. */
const NAME = 'mailcatch'
const CODE = '4829'

describe('by a name to which a browser does not say who asks', { skip: noBrowser }, () => {
  let browser: Browser
  before(async () => {
    browser = await launchRebound()
  })
  after(() => browser.close())

  const wait = (start: string) =>
    `/v1/wait?subject=${encodeURIComponent(`/code is ${start}/`)}&timeout=1s`

  it('a page of another site reads no mail by the time that a search takes', async t => {
    const { take } = hearing(t)
    const { port, store } = await startHttp(t)
    await put(store, mail(`Your code is ${CODE}`))
    await store.content(1)
    const { origins } = await startAttacker(t)
    const at = `http://${NAME}:${port}`
    const page = await openAttack(browser, origins[2] ?? '')
    const searches = Array.from({ length: 10 }, (_, digit) => at + wait(String(digit)))
    const others = routesOfApp('/')
      .filter(({ method, path }) => method === 'GET' && /^\/v1\/(?!docs)/.test(path))
      .map(({ path, query }) => at + path + query)
    assert.ok(others.length > 15, String(others))
    for (const name of ['no-cors fetch, GET', 'image', 'script']) {
      await attack(page, name, [...searches, ...others])
      const heard = await take(port, some => some.length >= searches.length + others.length)
      for (const { status, fields, target } of heard) {
        assert.deepEqual([status, fields['sec-fetch-site']], [403, undefined], target)
      }
    }
    // The control: who is answered learns each digit.
    const own = await browser.newPage({ bypassCSP: true })
    await own.addInitScript('globalThis.__name = each => each')
    await own.goto(`${at}/v1/docs`)
    const quick = await own.evaluate(async all => {
      const times = all.map(async url => {
        const { status } = await fetch(url)
        return status
      })
      return (await Promise.all(times)).indexOf(200)
    }, searches)
    assert.equal(quick, Number(CODE[0]))
    await own.close()
    await page.close()
  })

  it('the inbox works all the same', async t => {
    const { port, store } = await startHttp(t, { webDirectory: await builtPage() })
    await put(store, mail('First', '<p id="mail">Hello', 'Content-Type: text/html'))
    await store.content(1)
    const context = await browser.newContext({ acceptDownloads: true })
    const page = await context.newPage()
    const refused: string[] = []
    page.on('response', response => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`)
    })
    await page.goto(`http://${NAME}:${port}/`)
    await page.getByTestId('row').first().click()
    await page.frameLocator('[data-testid=html-frame]').getByText('Hello').waitFor()
    for (const tab of ['source', 'headers', 'parts', 'links', 'checks', 'smtp', 'html']) {
      await page.getByTestId(`tab-${tab}`).click()
      await page.locator(`#tab-panel[aria-labelledby=tab-${tab}] > *`).first().waitFor()
      await page.locator('#tab-panel [aria-busy=true]').waitFor({ state: 'detached' })
    }
    const downloading = page.waitForEvent('download')
    await page.getByTestId('download').click()
    assert.equal((await downloading).suggestedFilename(), '1.eml')
    await put(store, mail('Second'))
    await page.getByTestId('row').getByText('Second').waitFor()
    assert.deepEqual(refused, [])
    await context.close()
  })
})
