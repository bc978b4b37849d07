import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { closeStage, noBrowser, openInbox, openStage, type Stage } from '../helpers/browser.ts'
import { composed, htmlMail } from '../helpers/checked.ts'
import { put } from '../helpers/http-server.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const faultsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe)
  const { violations } = (await page.evaluate(
    `axe.run(document, ${JSON.stringify({ runOnly: tags, iframes: false, resultTypes: ['violations'] })})`,
  )) as AxeResults
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

const faulty = htmlMail(
  `<html>\n<body>\n${'<p>Words</p>\n'.repeat(300)}<a\n href="https://evil.example/">bank.example</a>\n<p style="position:fixed">x</p>\n<img src="http://a.example/a.png">\n</body></html>`,
  {
    'DKIM-Signature': 'v=1; a=rsa-sha256; d=example.com; s=k; h=from; bh=aGFzaA==; b=c2ln',
    'Content-Transfer-Encoding': '8bit',
  },
)
const clean = composed('Hello Ann,\n\nhere is what you asked for.\n')

const selected = (page: Page): Promise<string> => page.evaluate(() => `${getSelection()}`)

describe('the checks', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('are asked for when their tab is opened, once, and then counted on it', async t => {
    const { page, url, store, asked, faults } = await openInbox(t, stage)
    const id = await put(store, faulty)
    const checksAsked = () => asked().filter(each => each.endsWith('/checks'))
    await page.goto(`${url}m/${id}`)
    await page.getByTestId('tab-checks').waitFor()
    assert.equal(await page.getByTestId('tab-checks').textContent(), 'Checks')
    assert.deepEqual(checksAsked(), [])
    await page.getByTestId('tab-checks').click()
    await page.getByTestId('check-compatibility').waitFor()
    assert.equal(page.url(), `${url}m/${id}/checks`)
    assert.deepEqual(checksAsked(), [`GET /v1/messages/${id}/checks`])
    const { counts } = (await (await fetch(`${url}v1/messages/${id}/checks`)).json()) as {
      counts: { error: number; warning: number }
    }
    const count = `${counts.error + counts.warning}`
    assert.equal(await page.getByTestId('tab-checks').locator('.tab-count').textContent(), count)
    await page.getByTestId('tab-headers').click()
    assert.equal(await page.getByTestId('tab-checks').locator('.tab-count').textContent(), count)
    await page.getByTestId('tab-checks').click()
    await page.getByTestId('check-compatibility').waitFor()
    assert.deepEqual(checksAsked(), [])
    assert.deepEqual(faults, [])
  })

  it('are filtered, opened and traced to their line by mouse', async t => {
    const { page, url, store, faults } = await openInbox(t, stage)
    const id = await put(store, faulty)
    await page.goto(`${url}m/${id}/checks`)
    await page.getByTestId('check-compatibility').waitFor()
    const all = await page.getByTestId('finding').count()
    await page.getByTestId('check-severity-error').click()
    const errors = await page.getByTestId('finding').count()
    assert.ok(errors > 0 && errors < all)
    assert.equal(await page.locator('.finding .check-warning').count(), 0)
    assert.equal(await page.getByTestId('check-compatibility').count(), 0)
    await page.getByTestId('check-severity-null').click()

    await page.getByTestId('check-family').selectOption('outlook')
    assert.equal(await page.getByTestId('check-links').count(), 0, 'only what concerns it')
    const position = page.locator('[data-check="compatibility.css-position"]')
    await position.locator('summary').click()
    const families = position.locator('.client-families li')
    await families.first().waitFor()
    assert.equal(await families.count(), 1)
    assert.match((await families.textContent()) ?? '', /^Outlook .*\(no\)/)
    await page.getByTestId('check-family').selectOption('')
    assert.ok((await families.count()) > 1)

    const finding = page.locator('[data-check="links.other-host"]')
    await finding.locator('summary').click()
    await finding.getByTestId('show-line').waitFor()
    assert.match(
      (await finding.textContent()) ?? '',
      /Why it matters[\s\S]*How to mend it[\s\S]*evil\.example/,
    )
    await finding.getByTestId('show-line').click()
    await page.getByTestId('source').waitFor()
    await page.waitForFunction(() => `${getSelection()}`.includes('href='))
    assert.equal(await selected(page), ' href="https://evil.example/">bank.example</a>')
    const isInView = await page.evaluate(() => {
      const { top, bottom } = (getSelection() as Selection).getRangeAt(0).getBoundingClientRect()
      return top > 0 && bottom < innerHeight
    })
    assert.equal(isInView, true)
    await page.goBack()
    await page.getByTestId('check-compatibility').waitFor()

    const field = page.getByTestId('explained-field')
    assert.match((await field.textContent()) ?? '', /DKIM-Signature[\s\S]*not verified/)
    await field.locator('summary').click()
    await field.getByTestId('show-line').click()
    await page.waitForFunction(() => `${getSelection()}`.includes('DKIM-Signature'))
    assert.deepEqual(faults, [])
  })

  it('are reached and used by keys alone', async t => {
    const { page, url, store, faults } = await openInbox(t, stage)
    const id = await put(store, faulty)
    await page.goto(`${url}m/${id}`)
    await page.getByTestId('tab-html').focus()
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
    for (let step = 0; step < 8 && (await focused()) !== 'tab-checks'; step++)
      await page.keyboard.press('ArrowRight')
    assert.equal(await focused(), 'tab-checks')
    await page.getByTestId('check-compatibility').waitFor()
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('Tab')
      if ((await focused()) === 'check-severity-error') break
    }
    await page.keyboard.press('Enter')
    assert.equal(await page.getByTestId('check-compatibility').count(), 0)
    const isThere = () =>
      page.evaluate(() =>
        document.activeElement?.matches('[data-check="links.other-host"] summary'),
      )
    for (let step = 0; step < 20 && !(await isThere()); step++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByTestId('show-line').waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'show-line')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => `${getSelection()}`.includes('href='))
    assert.equal(await focused(), 'source', 'the focus goes along')
    assert.deepEqual(faults, [])
  })

  it('say that nothing was found, and what was looked at', async t => {
    const { page, url, store } = await openInbox(t, stage)
    const id = await put(store, clean)
    await page.goto(`${url}m/${id}/checks`)
    await page.getByTestId('checks-clean').waitFor()
    assert.equal(await page.getByTestId('finding').count(), 0)
    const headers = page.getByTestId('check-headers')
    assert.match(
      (await headers.textContent()) ?? '',
      /Nothing found\.[\s\S]*Looked at: 7 header fields/,
    )
    assert.equal(await page.getByTestId('tab-checks').textContent(), 'Checks')
  })

  it('say what could not be looked at', async t => {
    const { page, url, store } = await openInbox(t, stage)
    const id = await put(store, htmlMail(`<p>${'<div>'.repeat(2_000)}x`))
    await page.goto(`${url}m/${id}/checks`)
    const links = page.getByTestId('check-links')
    await links.waitFor()
    assert.equal(await links.getByTestId('check-state').textContent(), 'In part')
    assert.match((await links.textContent()) ?? '', /too large or too deeply nested/)
  })

  it('say why there are none, and try again', async t => {
    const { page, url, store, cut, mend } = await openInbox(t, stage)
    const id = await put(store, clean)
    const other = await put(store, faulty)
    await page.goto(`${url}m/${id}/checks`)
    await page.getByTestId('checks-clean').waitFor()
    await page.getByTestId('tab-headers').click()
    await page.locator(`[data-testid=row][data-id="${other}"]`).click()
    await page.waitForURL(`${url}m/${other}/headers`)
    await page.locator(`a[href$="/messages/${other}/raw"]`).waitFor()
    await page.getByTestId('headers').waitFor()
    cut()
    await page.getByTestId('tab-checks').click()
    const alert = page.locator('.tab-panel [role=alert]')
    await alert.waitFor()
    assert.match((await alert.textContent()) ?? '', /could not be checked: No answer/)
    mend()
    await alert.getByRole('button').click()
    await page.getByTestId('check-compatibility').waitFor()
  })

  it('have no fault that axe finds', async t => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 390]) {
        const { page, url, store, context } = await openInbox(t, stage, {
          context: { colorScheme, viewport: { width, height: 800 } },
        })
        const id = await put(store, faulty)
        await page.goto(`${url}m/${id}/checks`)
        await page.getByTestId('check-compatibility').waitFor()
        for (const summary of [
          '[data-check="links.other-host"]',
          '[data-check="compatibility.css-position"]',
          '[data-testid=explained-field]',
        ])
          await page.locator(`${summary} summary`).click()
        assert.deepEqual(await faultsOf(page), [], `${colorScheme} ${width}`)
        await context.close()
      }
    }
  })
})
