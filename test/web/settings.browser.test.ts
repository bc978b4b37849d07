import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { closeStage, noBrowser, openInbox, openStage, type Stage } from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'

const background = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor)

const icon = (page: Page): Promise<string> =>
  page
    .locator('link[rel=icon]')
    .evaluate(link => decodeURIComponent((link as HTMLLinkElement).href))

describe('what a person sets, and is told', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('keeps theme, rows and zone, by mouse and by keys', async test => {
    const { page, url, store, faults } = await openInbox(test, stage, {
      context: { colorScheme: 'light', timezoneId: 'Asia/Tokyo', locale: 'en-GB' },
    })
    await put(store, mail('One'))
    await page.goto(`${url}settings`)
    await page.getByTestId('settings').waitFor()
    assert.equal(await background(page), 'rgb(255, 255, 255)')
    await page.getByRole('radio', { name: 'Dark' }).check()
    assert.equal(await background(page), 'rgb(15, 19, 24)')
    await page.getByRole('radio', { name: 'Local' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('radio', { name: 'Compact' }).check()
    await page.getByRole('radio', { name: 'Text', exact: true }).check()
    await page.reload()
    await page.getByTestId('settings').waitFor()
    assert.equal(await background(page), 'rgb(15, 19, 24)')
    assert.equal(await page.getByRole('radio', { name: 'UTC' }).isChecked(), true)
    // The row is half as high, and the moment is told in UTC, with its name.
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    const row = page.getByTestId('row')
    assert.equal((await row.boundingBox())?.height, 36)
    await row.click()
    const { receivedAt } = store.entry(1)?.message ?? {}
    const time = new Date(receivedAt ?? 0).toISOString().slice(11, 19)
    await page.getByText(`${time} UTC`).first().waitFor()
    assert.deepEqual(faults, [])
  })

  it('does from the palette what keys do, and searches', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('One'))
    await put(store, mail('Two'))
    await page.goto(url)
    await page.getByTestId('row').first().waitFor()
    await page.getByTestId('search').focus()
    await page.keyboard.press('Control+k')
    const input = page.getByTestId('palette-input')
    await input.waitFor()
    await page.keyboard.type('sett')
    await page.keyboard.press('Enter')
    await page.getByTestId('settings').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('two')
    await page.getByRole('option', { name: 'Search mail for' }).click()
    await page.getByTestId('list-count').getByText('1 result').waitFor()
    // An arrow moves, the last is before the first; Esc changes nothing and gives the focus back.
    await page.getByTestId('list').focus()
    await page.keyboard.press('Control+k')
    await input.waitFor()
    await page.keyboard.press('ArrowUp')
    const options = page.getByTestId('palette').getByRole('option')
    assert.equal(await options.last().getAttribute('aria-selected'), 'true')
    await page.keyboard.press('Escape')
    await input.waitFor({ state: 'detached' })
    assert.equal(
      await page.getByTestId('list').evaluate(list => list === document.activeElement),
      true,
    )
    assert.equal(new URL(page.url()).search, '?q=two')
  })

  it('tells of unread mail in the title and on the icon', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await page.goto(url)
    await page.getByTestId('live').getByText('Live').waitFor()
    assert.match(await icon(page), /\.svg$/)
    await put(store, mail('One'))
    await page.waitForFunction(() => document.title === '(1) Mailcatch')
    assert.match(await icon(page), />1<\/text>/)
    await page.getByTestId('row').click()
    await page.waitForFunction(() => document.title === 'Mailcatch')
    assert.match(await icon(page), /\.svg$/)
  })

  it('notifies only when asked to, of what is out of sight, and a burst once', async test => {
    const { page, url, store, context } = await openInbox(test, stage)
    await context.grantPermissions(['notifications'])
    // The real thing, heard of: a browser without a screen shows none.
    await page.addInitScript(() => {
      const shown: [string, string][] = []
      Object.assign(window, { shown })
      const Real = Notification
      window.Notification = class extends Real {
        constructor(title: string, options?: NotificationOptions) {
          super(title, options)
          shown.push([title, options?.body ?? ''])
        }
      }
      // Whether it is looked at is the window manager's to say.
      document.hasFocus = () => false
    })
    const shown = (): Promise<unknown> => page.evaluate('shown')
    await page.goto(`${url}settings`)
    const toggle = page.getByTestId('notifications')
    assert.equal(await toggle.getAttribute('aria-checked'), 'false')
    await page.getByTestId('live').getByText('Live').waitFor()
    await page.clock.install()
    await put(store, mail('Not told'))
    await page.waitForFunction(() => document.title === '(1) Mailcatch')
    await page.clock.runFor(2000)
    assert.deepEqual(await shown(), [])
    await toggle.click()
    assert.equal(await toggle.getAttribute('aria-checked'), 'true')
    await put(store, mail('<b>Told</b>'))
    await page.waitForFunction(() => document.title === '(2) Mailcatch')
    await page.clock.runFor(2000)
    assert.deepEqual(await shown(), [['<b>Told</b>', 'From App to Ann']])
    for (const subject of ['A', 'B', 'C']) await put(store, mail(subject))
    await page.waitForFunction(() => document.title === '(5) Mailcatch')
    await page.clock.runFor(2000)
    assert.deepEqual(((await shown()) as unknown[]).slice(1), [['3 new mails', 'C']])
  })

  it('follows the newest mail until another is opened', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('One'))
    await page.goto(url)
    await page.getByTestId('row').waitFor()
    await page.keyboard.press('f')
    await page.getByTestId('subject').getByText('One').waitFor()
    await put(store, mail('Two'))
    await page.getByTestId('subject').getByText('Two').waitFor()
    assert.match(page.url(), /\/m\/2$/)
    // One step back is where it began, not each mail that came.
    await page.keyboard.press('j')
    await page.getByTestId('subject').getByText('One').waitFor()
    await put(store, mail('Three'))
    await page.getByRole('option', { name: /Three/ }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('follow')
    const option = page.getByRole('option', { name: 'Follow the newest mail' })
    assert.equal(await option.textContent(), 'Follow the newest mailf')
    assert.equal(await page.getByTestId('subject').textContent(), 'One')
  })

  it('shows each framework its settings, and remembers which', async test => {
    const { page, url } = await openInbox(test, stage)
    await page.goto(`${url}connect`)
    await page.getByRole('button', { name: 'Django' }).click()
    await page.getByTestId('recipe').getByText('EMAIL_PORT = 1025').waitFor()
    await page.reload()
    await page.getByTestId('recipe').getByText('EMAIL_PORT = 1025').waitFor()
  })
})
