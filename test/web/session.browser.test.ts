import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { MailStore } from '../../server/store/mail-store.ts'
import { closeStage, noBrowser, openInbox, openStage, type Stage } from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'
import { mailOfManyParts } from '../helpers/mail-of-many-parts.ts'

const fill = async (store: MailStore): Promise<void> => {
  await put(store, mail('Welcome', 'Hello', 'X-Tags: signup'))
  await put(store, mail('Invoice 17'), {
    envelope: { mailFrom: '', rcptTo: ['billing@example.com'] },
  })
  await put(store, mail('Invoice 18'), {
    envelope: { mailFrom: '', rcptTo: ['billing@example.com'] },
  })
  await put(store, mailOfManyParts)
}

/** What has the focus, and what is wrong with that; the page is told by its outlines where it is. */
const focus = (page: Page): Promise<{ readonly on: string; readonly faults: readonly string[] }> =>
  page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return { on: 'body', faults: ['is lost'] }
    const faults: string[] = []
    // Of a list box it is the active row that is shown; of a field, what surrounds it or lies over it.
    const active = document.getElementById(element.getAttribute('aria-activedescendant') ?? '')
    const target = active ?? element
    const label = element.closest('label')
    const shown = [target, element, element.parentElement, element.closest('form')]
    if (label) shown.push(...label.children)
    const isMarked = shown.some(each => {
      if (!each) return false
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each)
      const hasOutline = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1
      return hasOutline || boxShadow !== 'none'
    })
    // In the palette that is the caret, and the option that Enter would choose.
    const isOption = active !== null && element.matches('[role=combobox]')
    const isColoured = getComputedStyle(target).backgroundColor !== 'rgba(0, 0, 0, 0)'
    if (!isMarked && !(isOption && isColoured)) faults.push('cannot be seen')
    const box = target.getBoundingClientRect()
    const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1)
    const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 200), 0), innerHeight - 1)
    const top = document.elementFromPoint(x, y)
    if (!top || !(target.contains(top) || top.contains(target) || label?.contains(top))) {
      faults.push('is covered')
    }
    if (box.width === 0 || box.bottom <= 0 || box.top >= innerHeight) faults.push('is out of view')
    const on = element.getAttribute('data-testid') || label?.textContent || element.localName
    return { on, faults }
  })

describe('a session in the inbox', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('notices a focus that is lost, hidden or covered', async test => {
    const { page } = await openInbox(test, stage)
    const of = async (markup: string): Promise<readonly string[]> => {
      await page.setContent(`<style>* { outline: none !important }</style>${markup}`)
      await page.evaluate(() => document.querySelector('button')?.focus())
      return (await focus(page)).faults
    }
    assert.deepEqual(await of('<p>x</p>'), ['is lost'])
    assert.deepEqual(await of('<button>x</button>'), ['cannot be seen'])
    const outlined = (more: string): string =>
      `<button style="outline: 2px solid !important; ${more}">x</button>`
    assert.deepEqual(await of(outlined('')), [])
    const above = '<div style="position: fixed; inset: 0; background: #fff"></div>'
    assert.deepEqual(await of(outlined('') + above), ['is covered'])
  })

  it('needs no mouse, and always shows where the focus is', async test => {
    const { page, url, store, faults } = await openInbox(test, stage)
    await fill(store)
    await page.goto(url)
    await page.getByTestId('row').first().waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    /** Presses keys one after the other; after each the focus is somewhere, and can be seen. */
    const press = async (...keys: readonly string[]): Promise<string> => {
      let on = ''
      for (const key of keys) {
        await page.keyboard.press(key)
        const now = await focus(page)
        assert.deepEqual(now.faults, [], `the focus on ${now.on} after ${key}`)
        on = now.on
      }
      return on
    }
    const tabTo = async (testId: string, key = 'Tab'): Promise<void> => {
      for (let count = 0; count < 60; count++) {
        await page.keyboard.press(key)
        const now = await focus(page)
        // Behind the last of the page come the browser's own controls.
        if (now.on !== 'body') assert.deepEqual(now.faults, [], `the focus on ${now.on}`)
        if (now.on === testId) return
      }
      assert.fail(`${key} does not come to ${testId}`)
    }
    const type = async (text: string): Promise<void> => {
      await page.keyboard.type(text)
      assert.deepEqual((await focus(page)).faults, [], `the focus after ${text}`)
    }

    // Searching, with what is suggested.
    await press('/')
    await type('rcpt:bill')
    await page.getByTestId('suggestion').first().waitFor()
    await press('ArrowDown', 'Enter')
    await page.getByTestId('list-count').getByText('2 results').waitFor()
    await press('Enter')
    // A facet.
    await tabTo('facet-unread')
    await press('Enter')
    await page.waitForFunction(() => /is(%3A|:)unread/.test(location.search))
    await tabTo('list')
    await press('Escape')
    await page.getByText('Welcome').waitFor()

    // Reading: open, each tab by its number, then along the tabs.
    await press('j', 'Enter')
    await page.getByTestId('subject').getByText('Reset your password').waitFor()
    for (const [key, testId] of [
      ['2', 'text'],
      ['3', 'source'],
      ['4', 'headers'],
      ['5', 'parts'],
      ['6', 'links'],
      ['7', 'checks'],
      ['8', 'smtp'],
    ] as const) {
      await press(key)
      await page.getByTestId(testId).waitFor()
    }
    await tabTo('tab-smtp')
    await press('Home')
    await page.getByTestId('html-frame').waitFor()
    await press('ArrowRight', 'End', 'Home')
    assert.equal((await focus(page)).on, 'tab-html')
    await press('u')
    await page.getByTestId('no-message').waitFor()
    assert.equal((await focus(page)).on, 'list')

    // A range is selected, tagged, deleted and brought back.
    await press('j', 'x', 'Shift+J')
    await page.getByTestId('bulk-bar').waitFor()
    await tabTo('selected-tag', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByTestId('tag-input').waitFor()
    await type('urgent')
    await press('Enter')
    await page.keyboard.press('Escape')
    await page.getByTestId('tag-editor').waitFor({ state: 'detached' })
    assert.deepEqual((await focus(page)).faults, [])
    await page.getByTestId('row').getByText('urgent').nth(1).waitFor()
    await page.keyboard.press('#')
    await page.getByTestId('undo-toast').getByText('2 messages deleted').waitFor()
    assert.deepEqual((await focus(page)).faults, [], 'the focus after a deletion')
    await press('z', 'z')
    await page.getByTestId('undo-toast').waitFor({ state: 'detached' })
    assert.equal(store.total, 4)

    // The palette, and a test mail from it.
    await page.keyboard.press('Control+k')
    await page.getByTestId('palette-input').waitFor()
    await type('new test')
    await page.keyboard.press('Enter')
    await page.getByTestId('compose-subject').waitFor()
    await tabTo('compose-subject')
    await page.keyboard.press('Control+a')
    await type('By keys alone')
    await tabTo('compose-send')
    await page.keyboard.press('Enter')
    await page.getByTestId('compose').waitFor({ state: 'detached' })
    await page.getByRole('option', { name: /By keys alone/ }).waitFor()
    assert.deepEqual((await focus(page)).faults, [], 'the focus after the test mail')

    // Settings, the sheet of keys, and home again.
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await page.getByTestId('settings').waitFor()
    await tabTo('As the system')
    await press('ArrowRight', 'ArrowRight')
    const scheme = () => page.evaluate(() => document.documentElement.style.colorScheme)
    assert.equal(await scheme(), 'dark')
    await page.keyboard.press('?')
    await page.getByTestId('shortcuts').waitFor()
    assert.deepEqual((await focus(page)).faults, [], 'the focus in the sheet')
    await page.keyboard.press('Escape')
    await page.getByTestId('shortcuts').waitFor({ state: 'detached' })
    assert.equal((await focus(page)).on, 'Dark')
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.getByTestId('list').waitFor()
    assert.deepEqual((await focus(page)).faults, [], 'the focus at home')
    assert.deepEqual(faults, [])
  })

  it('needs no keys, but to type', async test => {
    const { page, url, store, faults } = await openInbox(test, stage)
    await fill(store)
    await page.goto(url)
    const click = (testId: string): Promise<void> => page.getByTestId(testId).first().click()
    const rows = page.getByTestId('row')
    await rows.first().waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()

    await page.getByTestId('facet').filter({ hasText: 'billing@example.com' }).click()
    await page.getByTestId('list-count').getByText('2 results').waitFor()
    await click('facet-all')
    await page.getByText('Welcome').waitFor()
    await rows.filter({ hasText: 'Reset your password' }).click()
    for (const tab of ['text', 'source', 'headers', 'parts', 'links', 'checks', 'smtp']) {
      await click(`tab-${tab}`)
      await page.getByTestId(tab).waitFor()
    }
    await click('toggle-flagged')
    await page.locator('[data-testid=toggle-flagged][aria-pressed=true]').waitFor()

    await rows.nth(1).locator('.row-check').click()
    await rows
      .nth(2)
      .locator('.row-check')
      .click({ modifiers: ['Shift'] })
    await page.getByTestId('bulk-bar').getByText('2 selected').waitFor()
    await click('selected-tag')
    await page.getByTestId('tag-editor').getByRole('checkbox', { name: 'signup' }).click()
    await page.getByTestId('tag-editor').getByRole('button', { name: 'Close' }).click()
    await page.getByTestId('tag-editor').waitFor({ state: 'detached' })
    await click('selected-delete')
    await page.getByTestId('undo-toast').getByText('2 messages deleted').waitFor()
    await click('undo')
    await rows.getByText('signup').nth(2).waitFor()
    assert.equal(store.total, 4)

    await click('list-menu')
    await click('menu-compose')
    await click('compose-example-code')
    await click('compose-send')
    await page.getByTestId('compose').waitFor({ state: 'detached' })
    await rows.nth(4).waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('radio', { name: 'Dark' }).click()
    assert.equal(await page.evaluate(() => document.documentElement.style.colorScheme), 'dark')
    await click('open-shortcuts')
    await page.getByTestId('shortcuts').getByRole('button', { name: 'Close' }).click()
    await page.getByTestId('shortcuts').waitFor({ state: 'detached' })
    await click('open-connect')
    await page.getByTestId('connect').waitFor()
    await page.goBack()
    await click('facet-all')
    await rows.first().waitFor()
    assert.deepEqual(faults, [])
  })
})
