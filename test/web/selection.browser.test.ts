import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { MailStore } from '../../server/store/mail-store.ts'
import {
  closeStage,
  noBrowser,
  openInbox,
  openStage,
  type Stage,
  scrollList,
  shownIds,
} from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'

const undoTime = 10_000

/** The ids of the rows that are selected, from the top. */
const selectedIds = (page: Page): Promise<readonly number[]> =>
  page
    .locator('[role=option][aria-selected=true]')
    .evaluateAll(rows =>
      rows.map(row => Number((row as HTMLElement).dataset.id)).sort((a, b) => b - a),
    )

const box = (page: Page, id: number) => page.locator(`[data-id="${id}"] [data-testid=row-check]`)

const count = (page: Page, words: string) =>
  page.getByTestId('selected-count').getByText(words, { exact: true }).waitFor()

const fill = async (store: MailStore, subjects: readonly string[]): Promise<void> => {
  for (const subject of subjects) await put(store, mail(subject))
}

const numbered = (word: string, most: number): readonly string[] =>
  Array.from({ length: most }, (_, at) => `${word} ${at + 1}`)

/** Resolves when the store's messages are as wanted. */
const until = (store: MailStore, isSo: () => boolean): Promise<void> =>
  new Promise(resolve => {
    if (isSo()) return resolve()
    const end = store.subscribe(() => {
      if (!isSo()) return
      end()
      resolve()
    })
  })

describe('selecting messages in a browser', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('selects by boxes and ranges, and acts on what is selected', async test => {
    const { page, url, store, asked, faults } = await openInbox(test, stage)
    await fill(store, numbered('Mail', 9))
    await page.goto(url)
    await page.getByText('Mail 9').waitFor()
    assert.equal(await page.getByTestId('list').getAttribute('aria-multiselectable'), 'true')
    assert.equal(await page.getByTestId('bulk-bar').count(), 0)

    await box(page, 8).click()
    await count(page, '1 selected')
    await box(page, 5).click({ modifiers: ['Shift'] })
    await count(page, '4 selected')
    assert.deepEqual(await selectedIds(page), [8, 7, 6, 5])
    // The range is drawn anew from where it began; a row takes Shift like its box.
    await page.locator('[data-id="7"]').click({ modifiers: ['Shift'] })
    assert.deepEqual(await selectedIds(page), [8, 7])
    await box(page, 2).click()
    await box(page, 7).click()
    assert.deepEqual(await selectedIds(page), [8, 2])
    // None of this opened anything.
    assert.equal(new URL(page.url()).pathname, '/')

    asked()
    await page.getByTestId('selected-unread').click()
    await until(store, () => store.unread === 7)
    await page.getByTestId('selected-flag').click()
    await until(store, () => store.entry(2)?.flags.includes('\\Flagged') === true)
    assert.deepEqual(store.entry(8)?.flags.includes('\\Flagged'), true)
    await page.locator('[data-id="2"] .row-flag').waitFor()
    assert.deepEqual(asked(), ['PATCH /v1/messages?ids=2,8', 'PATCH /v1/messages?ids=2,8'])
    await page.getByTestId('selected-flag').click()
    await until(store, () => store.entry(2)?.flags.includes('\\Flagged') === false)

    await page.getByTestId('selected-delete').click()
    await page.getByTestId('undo-toast').getByText('2 messages deleted').waitFor()
    assert.deepEqual(await shownIds(page), [9, 7, 6, 5, 4, 3, 1])
    assert.equal(await page.getByTestId('bulk-bar').count(), 0)
    await page.getByTestId('undo').click()
    await page.locator('[data-id="8"]').waitFor()
    assert.equal(store.total, 9)
    assert.deepEqual(faults, [])
  })

  it('does it all by keys', async test => {
    const { page, url, store, faults } = await openInbox(test, stage)
    await fill(store, numbered('Mail', 8))
    await page.clock.install()
    await page.goto(url)
    await page.getByText('Mail 8').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await count(page, '1 selected')
    await page.keyboard.press('Shift+J')
    await page.keyboard.press('Shift+J')
    await count(page, '3 selected')
    await page.keyboard.press('Shift+K')
    assert.deepEqual(await selectedIds(page), [8, 7])
    const active = await page.getByTestId('list').getAttribute('aria-activedescendant')
    assert.equal(active, 'row-7')
    await page.getByTestId('announcer').getByText('2 selected').waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    assert.deepEqual(await selectedIds(page), [])

    // The list box's own keys.
    await page.getByTestId('list').focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+ArrowDown')
    assert.deepEqual(await selectedIds(page), [7, 6])
    await page.keyboard.press('#')
    assert.deepEqual(await shownIds(page), [8, 5, 4, 3, 2, 1])
    // The next row that stays is the active one, and the list has the focus.
    assert.equal(await page.getByTestId('list').getAttribute('aria-activedescendant'), 'row-5')
    await page.keyboard.press('z')
    await page.keyboard.press('z')
    await page.locator('[data-id="7"]').waitFor()

    await page.keyboard.press('Control+a')
    await count(page, 'All 8 selected')
    await page.keyboard.press('x')
    await count(page, '7 selected')
    const deleted = page.waitForRequest(request => request.method() === 'DELETE')
    await page.keyboard.press('Delete')
    assert.equal((await shownIds(page)).length, 1)
    await page.clock.fastForward(undoTime + 1)
    const query = new URL((await deleted).url()).searchParams
    assert.equal(query.get('all'), 'true')
    assert.equal(query.get('upto'), '8')
    assert.match(query.get('except') ?? '', /^\d$/)
    await until(store, () => store.total === 1)
    assert.deepEqual(faults, [])
  })

  it('keeps the selection through arrivals and removals, and begins anew with another search', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await fill(store, numbered('Mail', 6))
    await page.goto(url)
    await page.getByText('Mail 6').waitFor()
    await box(page, 5).click()
    await box(page, 3).click({ modifiers: ['Shift'] })
    await put(store, mail('Late'))
    await page.getByText('Late').waitFor()
    assert.deepEqual(await selectedIds(page), [5, 4, 3])
    await store.remove([4, 1])
    await page.locator('[data-id="4"]').waitFor({ state: 'detached' })
    await count(page, '2 selected')

    // All is what was there; what comes since is not meant, unless it is said to be.
    await page.getByTestId('select-rest').click()
    await count(page, 'All 5 selected')
    await put(store, mail('Later'))
    await page.getByText('Later').waitFor()
    await count(page, '5 selected')
    assert.deepEqual(await selectedIds(page), [7, 6, 5, 3, 2])
    await box(page, 8).click()
    await count(page, 'All 6 selected')
    await box(page, 6).click()
    await count(page, '5 selected')
    await store.remove([6])
    await page.locator('[data-id="6"]').waitFor({ state: 'detached' })
    await count(page, 'All 5 selected')

    await page.goto(`${url}?q=mail`)
    await page.getByText('Mail 5').waitFor()
    await page.getByTestId('select-all').click()
    await count(page, 'All 3 selected')
    await page.goBack()
    await page.getByText('Later').waitFor()
    assert.deepEqual(await selectedIds(page), [])
  })

  it('acts on all that a search finds, also on what is not here', async test => {
    const limits = { maxMessages: 5_000, maxBytes: 1e8, maxAge: null, maxMessageSize: 1e6 }
    const { page, url, store, asked, faults } = await openInbox(test, stage, {
      server: { limits },
    })
    const most = 1_500
    for (let at = 0; at < most; at += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          put(store, mail(i % 2 === 0 ? `Invoice ${at + i}` : `Other ${at + i}`)),
        ),
      )
    }
    await page.goto(`${url}?q=subject:invoice`)
    await page.getByTestId('list-count').getByText('750 results').waitFor()
    // A range over rows that were never seen: the server is asked which they are.
    const top = (await shownIds(page))[0] ?? 0
    await box(page, top).click()
    await scrollList(page, 1)
    await page.locator('[aria-posinset="750"]').waitFor()
    const bottom = Number(await page.locator('[aria-posinset="740"]').getAttribute('data-id'))
    await box(page, bottom).click({ modifiers: ['Shift'] })
    await count(page, '740 selected')
    assert.ok((await page.getByTestId('row').count()) <= 60)
    await page.keyboard.press('Escape')

    await page.keyboard.press('Control+a')
    await count(page, 'All 750 selected')
    await page.getByTestId('selected-unread').click()
    await until(store, () => store.unread === 750)
    asked()
    await page.clock.install()
    await page.locator('[aria-posinset="745"] [data-testid=row-check]').click()
    await count(page, '749 selected')
    await page.getByTestId('selected-delete').click()
    await page.getByTestId('list-count').getByText('1 result', { exact: true }).waitFor()
    assert.equal((await shownIds(page)).length, 1)
    const lists = asked().filter(request => request.startsWith('GET /v1/messages'))
    assert.ok(lists.length <= 2, lists.join('\n'))
    await page.clock.fastForward(undoTime + 1)
    await until(store, () => store.total === 751)
    assert.deepEqual(faults, [])
  })

  it('marks all that was found as read, and downloads it', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await fill(store, ['Invoice 1', 'Welcome', 'Invoice 2'])
    await page.goto(`${url}?q=invoice`)
    await page.getByText('Invoice 2').waitFor()
    await page.getByTestId('list-menu').focus()
    await page.keyboard.press('ArrowDown')
    await page.getByTestId('menu-compose').and(page.locator(':focus')).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.getByTestId('menu-mark-all').and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Enter')
    await until(store, () => store.unread === 1)
    await page.getByTestId('list-menu').and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Enter')
    await page.getByTestId('menu-compose').and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await page.getByRole('menu').count(), 0)

    const download = page.waitForEvent('download')
    await page.getByTestId('list-menu').click()
    await page.getByTestId('menu-download-all').click()
    assert.equal((await download).suggestedFilename(), 'messages.zip')
    const stream = await (await download).createReadStream()
    let bytes = Buffer.alloc(0)
    for await (const chunk of stream) bytes = Buffer.concat([bytes, chunk as Buffer])
    assert.ok(bytes.includes('1 Invoice 1.eml') && bytes.includes('3 Invoice 2.eml'))
    assert.equal(bytes.includes('Welcome'), false)

    await box(page, 1).click()
    const selected = page.waitForEvent('download')
    await page.getByTestId('selected-download').click()
    assert.equal(new URL((await selected).url()).search, '?ids=1')
  })

  it('says why nothing can be done', async test => {
    const { page, url, store, cut } = await openInbox(test, stage, {
      server: { allowDelete: false },
    })
    await fill(store, ['One', 'Two'])
    await page.goto(url)
    await page.getByText('Two').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    await page.getByTestId('select-all').click()
    const title = (testId: string) => page.getByTestId(testId).getAttribute('title')
    assert.match((await title('selected-delete')) ?? '', /switched off/)
    await page.getByTestId('selected-delete').press('Enter')
    await page.keyboard.press('#')
    assert.equal((await shownIds(page)).length, 2)
    cut()
    await page.getByTestId('live').getByText('Reconnecting').waitFor()
    for (const testId of ['selected-unread', 'selected-flag', 'selected-tag']) {
      assert.match((await title(testId)) ?? '', /Not connected/, testId)
    }
  })

  it('tags what is selected, and takes tags away', async test => {
    const { page, url, store, faults } = await openInbox(test, stage)
    await put(store, mail('One', 'Hello', 'X-Tags: signup'))
    await put(store, mail('Two'))
    await page.goto(url)
    await page.getByText('Two').waitFor()
    await page.locator('[data-id="1"] .tag').getByText('signup').waitFor()
    await page.keyboard.press('Control+a')
    await page.getByTestId('selected-tag').click()
    const editor = page.getByTestId('tag-editor')
    await editor.getByText('Tags of 2 messages').waitFor()
    // Some have it: the box is neither on nor off, and then on.
    const signup = editor.getByRole('checkbox', { name: 'signup' })
    assert.equal(await signup.evaluate(input => (input as HTMLInputElement).indeterminate), true)
    await signup.press('Space')
    await until(store, () => store.entry(2)?.tags.includes('signup') === true)
    await page.getByTestId('tag-input').fill('sign')
    await page.getByTestId('tag-create').getByText('Add “sign”').waitFor()
    await page.getByTestId('tag-input').fill(' Release 2 ')
    await page.keyboard.press('Enter')
    await until(store, () => store.entry(1)?.tags.includes('Release 2') === true)
    assert.deepEqual(store.entry(2)?.tags, ['signup', 'Release 2'])
    await editor.getByRole('checkbox', { name: 'signup', checked: true }).press('Space')
    await until(store, () => store.entry(1)?.tags.includes('signup') === false)
    await page.keyboard.press('Escape')
    await editor.waitFor({ state: 'detached' })
    await page.locator('[data-id="2"] .tag').getByText('Release 2').waitFor()
    const name = /^Unread, to Ann ?, Two ?, .*tag Release 2/
    await page.getByRole('option', { name }).waitFor()
    assert.deepEqual(faults, [])
  })

  it('offers what can be done to a row where the mouse is', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await fill(store, ['One', 'Two', 'Three'])
    await page.goto(url)
    await page.getByText('Three').waitFor()
    const row = page.locator('[data-id="2"]')
    assert.equal(await row.locator('.row-actions').isVisible(), false)
    await row.hover()
    await row.locator('[data-action=flag]').click()
    await until(store, () => store.entry(2)?.flags.includes('\\Flagged') === true)
    await row.locator('[data-action=unread]').click()
    await until(store, () => store.unread === 2)
    await row.locator('[data-action=delete]').click()
    await page.getByTestId('undo-toast').waitFor()
    assert.deepEqual(await shownIds(page), [3, 1])
    assert.equal(new URL(page.url()).pathname, '/')
  })

  it('is there for fingers', async test => {
    const { page, url, store } = await openInbox(test, stage, {
      context: { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true },
    })
    await fill(store, ['One', 'Two', 'Three'])
    await page.goto(url)
    await page.getByText('Three').waitFor()
    const target = await box(page, 2).boundingBox()
    assert.ok(target && target.width >= 44 && target.height >= 44, JSON.stringify(target))
    await box(page, 2).tap()
    await count(page, '1 selected')
    assert.equal(new URL(page.url()).pathname, '/')
    const all = page.getByTestId('bulk-bar').getByTestId('select-all')
    await all.tap()
    await count(page, 'All 3 selected')
    await all.tap()
    await page.getByTestId('bulk-bar').waitFor({ state: 'detached' })
  })
})
