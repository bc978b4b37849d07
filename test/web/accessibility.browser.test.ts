import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { closeStage, noBrowser, openInbox, openStage, type Stage } from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'
import { mailOfManyParts } from '../helpers/mail-of-many-parts.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong with the page in light and in dark, one line each. */
const findings = async (page: Page): Promise<readonly string[]> => {
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe)
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const results = (await page.evaluate(
      `axe.run(document, ${JSON.stringify({ runOnly: tags, iframes: false, resultTypes: ['violations'] })})`,
    )) as AxeResults
    for (const { id, nodes } of results.violations) {
      for (const { target, failureSummary } of nodes) {
        found.push(`${colorScheme}: ${id} ${target.join(' ')} ${failureSummary ?? ''}`)
      }
    }
  }
  return found
}

const multipart = [
  '--b\r\nContent-Type: text/plain\r\n\r\nHello https://a.example/',
  '--b\r\nContent-Type: text/html\r\n\r\n<p>Hello</p><img src="https://a.example/x.png">',
  '--b--',
].join('\r\n')

/** Views of the inbox, each with what is there once it is loaded, or once the second has been pressed. */
const views: readonly (readonly [path: string, testId: string, press?: string])[] = [
  ['', 'row'],
  ['?q=zebra', 'no-results'],
  ['?q=from:', 'search-error'],
  ['connect', 'connect'],
  ['settings', 'settings'],
  ['m/2', 'html-frame'],
  ['m/3', 'quick-strip'],
  ['m/3/text', 'text'],
  ['m/3/source', 'source'],
  ['m/3/headers', 'header-count'],
  ['m/3/parts', 'part-look', 'look'],
  ['m/3/links', 'link-row'],
  ['m/3/smtp', 'smtp'],
  ['m/99', 'missing'],
]

describe('the inbox for everybody', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('is held to rules that find something', async test => {
    const { page } = await openInbox(test, stage)
    await page.setContent('<img src="x"><p style="color:#aaa;background:#fff">faint</p>')
    const found = await findings(page)
    assert.equal(
      found.some(line => line.startsWith('light: image-alt')),
      true,
    )
    assert.equal(
      found.some(line => line.startsWith('dark: color-contrast')),
      true,
    )
  })

  for (const width of [1280, 768, 390]) {
    it(`has no finding at ${width} pixels`, async test => {
      const isPhone = width < 700
      const { page, url, store } = await openInbox(test, stage, {
        context: {
          viewport: { width, height: 800 },
          hasTouch: isPhone,
          isMobile: isPhone,
        },
      })
      await put(store, mail('Reset your password'))
      await put(
        store,
        mail(
          'Two parts',
          multipart,
          'MIME-Version: 1.0',
          'Content-Type: multipart/alternative; boundary=b',
        ),
      )
      await put(store, mailOfManyParts)
      for (const [path, testId, press] of views) {
        await page.goto(url + path)
        if (press) await page.getByTestId(press).first().click()
        await page.getByTestId(testId).first().waitFor()
        await page.getByTestId('live').getByText('Live').waitFor({ state: 'attached' })
        assert.deepEqual(await findings(page), [], path)
        const reach = await page.evaluate(() => document.documentElement.scrollWidth)
        assert.equal(reach <= width, true, `${path} scrolls sideways`)
      }
    })
  }

  for (const width of [1280, 768, 390]) {
    it(`has no finding while mail is sought at ${width} pixels`, async test => {
      const isPhone = width < 700
      const { page, url, store, cut } = await openInbox(test, stage, {
        context: {
          viewport: { width, height: 800 },
          hasTouch: isPhone,
          isMobile: isPhone,
        },
        server: {
          limits: { maxMessages: 9, maxBytes: 1e6, maxAge: null, maxMessageSize: 1e5 },
        },
      })
      for (let at = 0; at < 9; at++) {
        await put(store, mail(`Mail ${at}`, 'Hello', 'X-Tags: one, two words'), {
          envelope: { mailFrom: '', rcptTo: [`user${at}@example.com`] },
        })
      }
      await page.goto(`${url}?q=${encodeURIComponent('tag:one rcpt:user3@example.com')}`)
      await page.getByTestId('row').waitFor()
      await page.getByTestId('limit').waitFor()
      const open = page.getByTestId('open-drawer')
      if (await open.count()) await open.click()
      await page.getByTestId('facet').first().waitFor()
      await page.getByTestId('more-recipients').click()
      await page.getByTestId('filter-recipients').fill('user')
      // What slides in is faint until it is there.
      await page.evaluate(() =>
        Promise.all(document.getAnimations().map(animation => animation.finished)),
      )
      assert.deepEqual(await findings(page), [], 'facets')
      if (await open.count()) await page.getByTestId('close-drawer').click()
      else await page.getByTestId('fold-rail').click()
      await page.getByTestId('search').click()
      await page.keyboard.type(' rcpt:')
      await page.getByTestId('suggestion').first().waitFor()
      await page.keyboard.press('ArrowDown')
      assert.deepEqual(await findings(page), [], 'suggestions')
      const reach = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.equal(reach <= width, true, 'it scrolls sideways')
      cut()
      await page.getByTestId('live').getByText('Reconnecting').waitFor()
      assert.deepEqual(await findings(page), [], 'reconnecting')
    })
  }

  for (const width of [1280, 390]) {
    it(`has no finding in the reference at ${width} pixels`, async test => {
      const { page, url, faults } = await openInbox(test, stage, {
        // The rules are put into the page as a script, which its policy forbids.
        context: { viewport: { width, height: 800 }, bypassCSP: true },
      })
      await page.goto(`${url}v1/docs`)
      assert.deepEqual(await findings(page), [])
      const reach = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.equal(reach <= width, true, 'it scrolls sideways')
      assert.deepEqual(faults, [])
    })
  }

  it('shows the reference in its own style, with no complaint of the browser', async test => {
    const { page, url } = await openInbox(test, stage)
    const complaints: string[] = []
    page.on('console', message => complaints.push(message.text()))
    await page.goto(`${url}v1/docs`)
    const nav = page.getByRole('navigation')
    assert.equal(await nav.evaluate(element => getComputedStyle(element).position), 'sticky')
    await nav.getByText('/v1/stats').click()
    await page.getByRole('heading', { name: 'GET /v1/stats' }).waitFor()
    assert.equal(new URL(page.url()).hash, '#getV1Stats')
    assert.deepEqual(complaints, [])
  })

  for (const width of [1280, 768, 390]) {
    it(`has no finding in what is being done at ${width} pixels`, async test => {
      const isPhone = width < 700
      const { page, url, store } = await openInbox(test, stage, {
        context: {
          viewport: { width, height: 800 },
          hasTouch: isPhone,
          isMobile: isPhone,
        },
      })
      await put(store, mail('One', 'Hello', 'X-Tags: signup, release'))
      await put(store, mail('Two'))
      await put(store, mail('Three'))
      await store.update([2], { flagged: true, unread: false })
      await page.goto(url)
      await page.getByTestId('row').first().waitFor()
      await page.getByTestId('live').getByText('Live').waitFor({ state: 'attached' })
      const check = async (what: string) => {
        assert.deepEqual(await findings(page), [], what)
        const reach = await page.evaluate(() => document.documentElement.scrollWidth)
        assert.equal(reach <= width, true, `${what} scrolls sideways`)
      }
      await page.keyboard.press('j')
      await page.keyboard.press('x')
      await page.keyboard.press('Shift+J')
      await page.getByTestId('bulk-bar').waitFor()
      await check('a selection')
      await page.getByTestId('selected-tag').click()
      await page.getByTestId('tag-editor').getByRole('checkbox').first().waitFor()
      await page.getByTestId('tag-input').fill('sign')
      await check('tags')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await page.getByTestId('list-menu').click()
      await page.getByRole('menu').waitFor()
      await check('the menu')
      await page.getByTestId('menu-compose').click()
      await page.getByTestId('compose').waitFor()
      await page.getByTestId('compose-example-attachment').click()
      await page.getByTestId('compose-attached').waitFor()
      await check('a new mail')
      await page.keyboard.press('Escape')
      await page.getByTestId('compose').waitFor({ state: 'detached' })
      const chooser = page.waitForEvent('filechooser')
      await page.getByTestId('list-menu').click()
      await page.getByTestId('menu-import').click()
      await (await chooser).setFiles([
        { name: 'one.eml', mimeType: '', buffer: Buffer.from(mail('Imported')) },
        { name: 'empty.eml', mimeType: '', buffer: Buffer.alloc(0) },
      ])
      await page.getByTestId('import-close').waitFor()
      await check('an import')
    })
  }

  it('has no finding in what lies above the page', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('One'))
    await put(store, mail('Two'))
    await page.goto(url)
    await page.getByTestId('row').first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('#')
    await page.getByTestId('undo-toast').waitFor()
    assert.deepEqual(await findings(page), [])
    await page.keyboard.press('?')
    await page.getByTestId('shortcuts').getByText('Next message').waitFor()
    assert.deepEqual(await findings(page), [])
    await page.keyboard.press('Escape')
    await page.getByTestId('shortcuts').waitFor({ state: 'hidden' })
    await page.keyboard.press('Control+k')
    await page.getByTestId('palette').getByText('Send a test mail').waitFor()
    assert.deepEqual(await findings(page), [])
  })

  it('tells a screen reader of arrivals, and of the row that keys act on', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('One'))
    await page.goto(url)
    await page.getByTestId('row').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    await put(store, mail('Two'))
    await page.getByTestId('announcer').getByText('1 new mail').waitFor({ state: 'attached' })
    const list = page.getByTestId('list')
    await list.focus()
    await page.keyboard.press('j')
    const active = (await list.getAttribute('aria-activedescendant')) ?? ''
    const row = page.locator(`#${active}`)
    assert.equal(await row.getAttribute('role'), 'option')
    assert.equal(await row.getAttribute('aria-posinset'), '1')
    assert.equal(await row.getAttribute('aria-setsize'), '2')
    const name = /^Unread, to Ann ?, Two ?, \d\d:\d\d$/
    assert.equal(await page.getByRole('option', { name }).getAttribute('id'), active)
  })

  it('can be used without single-key shortcuts, and sized by keys', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('One'))
    await put(store, mail('Two'))
    await page.goto(url)
    await page.getByTestId('row').first().waitFor()
    await page.getByTestId('open-shortcuts').click()
    await page.getByTestId('shortcuts').getByRole('checkbox').uncheck()
    await page.keyboard.press('Escape')
    await page.getByTestId('list').focus()
    await page.keyboard.press('j')
    assert.equal(await page.getByTestId('list').getAttribute('aria-activedescendant'), null)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByTestId('subject').getByText('One').waitFor()
    const splitter = page.getByTestId('splitter')
    const before = Number(await splitter.getAttribute('aria-valuenow'))
    await splitter.press('ArrowRight')
    assert.equal(Number(await splitter.getAttribute('aria-valuenow')), before + 20)
    await page.reload()
    assert.equal(Number(await splitter.getAttribute('aria-valuenow')), before + 20)
  })
})
