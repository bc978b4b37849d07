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
  shownIds,
} from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'

const csv =
  '--b\r\n\r\nHello\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--b--'
const mixed = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b']

const to = (address: string) => ({ envelope: { mailFrom: '', rcptTo: [address] } })

/** Four mails: two to Ann, one of them with an attachment, one to Joann, one to Bob, with tags. */
const fill = async (store: MailStore): Promise<void> => {
  await put(store, mail('Welcome', 'Hello', 'X-Tags: signup'), to('Ann@example.com'))
  await put(store, mail('Invoice', csv, ...mixed, 'X-Tags: billing'), to('ann@example.com'))
  await put(store, mail('Other', 'Hello'), to('joann@example.com'))
  const bills = mail('Bill', 'Hello', 'X-Tags: billing, two words')
  await put(store, bills.replace('app@example.com', 'shop@example.com'), to('bob@example.com'))
}

const facet = (page: Page, value: string) =>
  page.locator(`[data-testid=facet][data-value="${value}"]`)

/** The facets of a kind with their counts, as they are shown. */
const shown = (page: Page, kind: string): Promise<readonly string[]> =>
  page
    .locator(`[data-testid=facets-${kind}] [data-testid=facet]`)
    .evaluateAll(all =>
      all.map(
        one =>
          `${one.getAttribute('data-value')} ${one.querySelector('[aria-hidden]')?.textContent}`,
      ),
    )

const searchOf = (page: Page): string => new URL(page.url()).searchParams.get('q') ?? ''

const hasFocus = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid'))

describe('finding mail in a browser', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('narrows by facets, which only write the search, and goes back', async test => {
    const { page, url, store, faults } = await openInbox(test, stage)
    await fill(store)
    await page.goto(url)
    await facet(page, 'ann@example.com').waitFor()
    assert.deepEqual(await shown(page, 'recipients'), [
      'ann@example.com 2',
      'bob@example.com 1',
      'joann@example.com 1',
    ])
    assert.deepEqual(await shown(page, 'senders'), ['app@example.com 3', 'shop@example.com 1'])
    assert.deepEqual(await shown(page, 'tags'), ['billing 2', 'signup 1', 'two words 1'])
    assert.equal(await page.getByTestId('facet-all').getAttribute('aria-pressed'), 'true')

    await facet(page, 'ann@example.com').click()
    await page.getByTestId('list-count').getByText('2 results').waitFor()
    // Joann has “ann@example.com” in her address, but is somebody else.
    assert.deepEqual(await shownIds(page), [2, 1])
    assert.equal(searchOf(page), 'rcpt:<ann@example.com>')
    assert.equal(await facet(page, 'ann@example.com').getAttribute('aria-pressed'), 'true')
    assert.equal(await page.getByTestId('facet-all').getAttribute('aria-pressed'), 'false')

    // Tags add up, people take each other's place.
    await facet(page, 'billing').click()
    await page.getByTestId('list-count').getByText('1 result').waitFor()
    await facet(page, 'bob@example.com').click()
    await page.locator('[data-id="4"]').waitFor()
    assert.equal(searchOf(page), 'tag:billing rcpt:<bob@example.com>')
    await facet(page, 'two words').click()
    assert.equal(searchOf(page), 'tag:billing rcpt:<bob@example.com> tag:"two words"')
    await facet(page, 'billing').click()
    assert.equal(searchOf(page), 'rcpt:<bob@example.com> tag:"two words"')
    await page.goBack()
    await page.goBack()
    await page.goBack()
    assert.equal(searchOf(page), 'rcpt:<ann@example.com> tag:billing')
    await page.getByText('Invoice').waitFor()
    await page.goForward()
    await page.locator('[data-id="4"]').waitFor()

    await page.getByTestId('facet-all').click()
    await page.getByTestId('facet-attachments').click()
    await page.getByTestId('list-count').getByText('1 result').waitFor()
    assert.deepEqual(await shownIds(page), [2])
    await page.getByTestId('facet-unread').click()
    assert.equal(searchOf(page), 'has:attachment is:unread')
    await page.goto(`${url}?q=${encodeURIComponent('welcome OR bill')}`)
    await page.getByTestId('list-count').getByText('2 results').waitFor()
    await facet(page, 'signup').click()
    assert.equal(searchOf(page), '(welcome OR bill) tag:signup')
    await page.getByTestId('list-count').getByText('1 result').waitFor()
    assert.deepEqual(faults, [])
  })

  it('is used by keys alone', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await fill(store)
    await page.goto(url)
    await facet(page, 'billing').waitFor()
    await facet(page, 'billing').focus()
    await page.keyboard.press('Space')
    assert.equal(searchOf(page), 'tag:billing')
    assert.equal(await facet(page, 'billing').getAttribute('aria-pressed'), 'true')
    await page.keyboard.press('Enter')
    await page.waitForURL(url)
    // From the top of the page straight to the messages.
    await page.reload()
    await page.getByTestId('row').first().waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await hasFocus(page), 'skip')
    await page.keyboard.press('Enter')
    await page.keyboard.press('j')
    assert.equal(await hasFocus(page), 'list')
    // Folded, the rail keeps what is the same for every inbox, and unfolds where it is asked.
    await page.getByTestId('fold-rail').focus()
    await page.keyboard.press('Enter')
    const width = (): Promise<number | undefined> =>
      page.getByTestId('rail').evaluate(rail => rail.getBoundingClientRect().width)
    assert.equal(await width(), 56)
    await page.reload()
    await page
      .getByTestId('unfold-tags')
      .waitFor({ state: 'detached' })
      .catch(() => {})
    assert.equal(await width(), 56)
    await page.getByTestId('facet-unread').focus()
    await page.keyboard.press('Enter')
    assert.equal(searchOf(page), 'is:unread')
    await page.getByTestId('fold-rail').press('Enter')
    assert.equal(await width(), 208)
  })

  it('keeps the counts as mail comes, and asks for them seldom', async test => {
    const { page, url, store, asked } = await openInbox(test, stage)
    await fill(store)
    await page.goto(url)
    await facet(page, 'signup').waitFor()
    await page.waitForLoadState('networkidle')
    asked()
    for (let at = 0; at < 20; at++) {
      await put(store, mail(`Late ${at}`, csv, ...mixed, 'X-Tags: late'), to('eve@example.com'))
    }
    await page.getByTestId('facet-attachments').getByText('21', { exact: true }).waitFor()
    assert.equal((await shown(page, 'recipients'))[0], 'eve@example.com 20')
    assert.equal((await shown(page, 'tags'))[0], 'late 20')
    // The feed told all of it.
    assert.deepEqual(asked(), [])
    // What it does not tell is asked for, once.
    await store.remove([5, 6, 7])
    await store.update([8, 9], { addTags: ['signup'] })
    await facet(page, 'signup').getByText('3', { exact: true }).waitFor()
    assert.equal((await shown(page, 'recipients'))[0], 'eve@example.com 17')
    const requests = asked()
    assert.ok(requests.length <= 2, requests.join('\n'))
    for (const request of requests) assert.match(request, /^GET \/v1\/facets\?limit=/)
  })

  it('finds one of many recipients', async test => {
    const { page, url, store } = await openInbox(test, stage)
    for (let at = 0; at < 30; at++) await put(store, mail('One'), to(`user${at}@example.com`))
    await put(store, mail('Two'), to('user7@example.com'))
    await page.goto(url)
    await facet(page, 'user7@example.com').waitFor()
    assert.equal((await shown(page, 'recipients')).length, 6)
    await page.getByTestId('more-recipients').click()
    assert.equal((await shown(page, 'recipients')).length, 20)
    await page.getByTestId('more-recipients').press('Enter')
    // Beyond the first twenty the server is asked.
    await page.getByTestId('filter-recipients').fill('R29@')
    await facet(page, 'user29@example.com').click()
    await page.getByTestId('list-count').getByText('1 result').waitFor()
    await page.getByTestId('filter-recipients').press('Escape')
    // What the search has is shown, however rare it is.
    assert.equal(await facet(page, 'user29@example.com').getAttribute('aria-pressed'), 'true')
    await facet(page, 'user29@example.com').click()
    await page.waitForURL(url)
    await page.getByTestId('filter-recipients').fill('nobody')
    await page.getByTestId('facets-recipients').getByText('None found').waitFor()
  })

  it('shows what comes in a filtered list at once, without asking where a row tells', async test => {
    const { page, url, store, asked } = await openInbox(test, stage)
    await fill(store)
    await page.goto(`${url}?q=${encodeURIComponent('rcpt:<ann@example.com> is:unread')}`)
    await page.getByTestId('list-count').getByText('2 results').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    await page.waitForLoadState('networkidle')
    asked()
    await put(store, mail('For Joann'), to('joann@example.com'))
    await put(store, mail('For Ann'), to('ann@example.com'))
    await page.getByText('For Ann').waitFor()
    assert.deepEqual(await shownIds(page), [6, 2, 1])
    assert.deepEqual(
      asked().filter(request => request.includes('v1/messages')),
      [],
    )
    // A text is known to the server alone: one request tells of many.
    await page.goto(`${url}?q=hello`)
    await page.getByTestId('list-count').getByText('6 results').waitFor()
    await page.waitForLoadState('networkidle')
    asked()
    await Promise.all(Array.from({ length: 30 }, (_, at) => put(store, mail(`More ${at}`))))
    await page.getByTestId('list-count').getByText('36 results').waitFor()
    const requests = asked().filter(request => request.includes('v1/messages'))
    assert.ok(requests.length > 0 && requests.length <= 6, requests.join('\n'))
    // What is tagged now is found now.
    await page.goto(`${url}?q=tag:late`)
    await page.getByTestId('no-results').waitFor()
    await store.update([1], { addTags: ['late'] })
    await page.getByText('Welcome').waitFor()
  })

  it('suggests operators and values as they are typed, by keys', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await fill(store)
    await page.goto(url)
    await page.locator('[data-id="4"]').waitFor()
    await page.keyboard.press('/')
    const box = page.getByRole('combobox', { name: 'Search mail' })
    await page.getByTestId('suggestions').waitFor()
    assert.equal(await box.getAttribute('aria-expanded'), 'true')
    await page.keyboard.type('rc')
    const option = (name: RegExp) => page.getByRole('option', { name })
    await option(/^rcpt:/).waitFor()
    await page.keyboard.press('ArrowDown')
    assert.equal(await box.getAttribute('aria-activedescendant'), 'search-option-0')
    assert.equal(await option(/^rcpt:/).getAttribute('aria-selected'), 'true')
    await page.keyboard.press('Enter')
    assert.equal(await box.inputValue(), 'rcpt:')
    // Without a value there is nothing to search for, and nothing to complain about.
    await option(/joann/).waitFor()
    assert.equal(searchOf(page), '')
    await page.keyboard.type('jo')
    await option(/bob/).waitFor({ state: 'detached' })
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    assert.equal(await box.inputValue(), 'rcpt:<joann@example.com> ')
    await page.getByTestId('list-count').getByText('1 result').waitFor()
    assert.equal(searchOf(page), 'rcpt:<joann@example.com>')
    // One goes on at once; Escape closes the list first, and clears then.
    await page.keyboard.type('is:un')
    await option(/^is:unread/).waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('suggestions').waitFor({ state: 'detached' })
    assert.equal(await box.inputValue(), 'rcpt:<joann@example.com> is:un')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    assert.equal(await box.inputValue(), 'rcpt:<joann@example.com> is:unread ')
    await page.keyboard.press('Enter')
    assert.equal(await hasFocus(page), 'list')
    assert.equal(searchOf(page), 'rcpt:<joann@example.com> is:unread')
    // What was searched for is offered again.
    await page.keyboard.press('Escape')
    await page.waitForURL(url)
    await page.keyboard.press('/')
    await option(/joann.*is:unread recent search/).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    assert.equal(searchOf(page), 'rcpt:<joann@example.com> is:unread')
  })

  it('suggests by the mouse, and in the middle of a search', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await fill(store)
    await page.goto(`${url}?q=tag:b%20hello`)
    const box = page.getByTestId('search')
    await box.click()
    for (let at = 0; at < 6; at++) await page.keyboard.press('ArrowLeft')
    await page.getByRole('option', { name: /^tag:billing/ }).click()
    assert.equal(await box.inputValue(), 'tag:billing hello')
    assert.equal(await hasFocus(page), 'search')
    assert.equal(searchOf(page), 'tag:billing hello')
    await page.getByTestId('list-count').getByText('2 results').waitFor()
    await page.getByTestId('clear-search').click()
    await page.getByRole('option', { name: /^from:/ }).click()
    await page.getByRole('option', { name: /^from:<shop@example.com>/ }).click()
    await page.getByTestId('list-count').getByText('1 result').waitFor()
  })

  it('has the rail in a drawer on a tablet, which keeps the focus and gives it back', async test => {
    const { page, url, store } = await openInbox(test, stage, {
      context: { viewport: { width: 768, height: 800 } },
    })
    await fill(store)
    await page.goto(url)
    await page.getByTestId('row').first().waitFor()
    assert.equal(await page.getByTestId('rail').count(), 0)
    await page.getByTestId('open-drawer').focus()
    await page.keyboard.press('Enter')
    await facet(page, 'billing').waitFor()
    for (let at = 0; at < 30; at++) {
      await page.keyboard.press('Tab')
      const isInside = await page.evaluate(
        () =>
          document.activeElement === document.body ||
          document.activeElement?.closest('dialog') !== null,
      )
      assert.equal(isInside, true, `after ${at + 1} tabs`)
    }
    await page.keyboard.press('Escape')
    await page.getByTestId('drawer').waitFor({ state: 'detached' })
    assert.equal(await hasFocus(page), 'open-drawer')
    await page.keyboard.press('Enter')
    await facet(page, 'billing').click()
    await page.getByTestId('drawer').waitFor({ state: 'detached' })
    await page.getByTestId('list-count').getByText('2 results').waitFor()
    assert.equal(searchOf(page), 'tag:billing')
    await page.getByTestId('filter-unread').click()
    assert.equal(searchOf(page), 'tag:billing is:unread')
  })

  it('gives a message the whole width, and the list its place again', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await fill(store)
    await page.goto(`${url}m/4`)
    await page.getByTestId('subject').getByText('Bill').waitFor()
    const left = (): Promise<number | undefined> =>
      page.getByTestId('message').evaluate(pane => pane.getBoundingClientRect().left)
    const before = await left()
    await page.keyboard.press('z')
    await page.getByTestId('list').waitFor({ state: 'hidden' })
    assert.equal(await left(), 0)
    assert.equal(await page.getByTestId('rail').isVisible(), false)
    await page.getByTestId('next').click()
    await page.getByTestId('subject').getByText('Other').waitFor()
    assert.equal(await left(), 0)
    await page.keyboard.press('z')
    await page.getByTestId('list').waitFor()
    assert.equal(await left(), before)
    await page.keyboard.press('z')
    await page.getByTestId('list').waitFor({ state: 'hidden' })
    await page.getByTestId('back').click()
    await page.getByTestId('list').waitFor()
    assert.equal(await hasFocus(page), 'list')
  })

  it('has list and message side by side from 900 pixels on, sized by keys and by dragging', async test => {
    const { page, url, store } = await openInbox(test, stage, {
      context: { viewport: { width: 1000, height: 800 } },
    })
    await fill(store)
    await page.goto(`${url}m/4`)
    await page.getByTestId('subject').getByText('Bill').waitFor()
    const listWidth = (): Promise<number> =>
      page.getByTestId('list').evaluate(list => list.getBoundingClientRect().width)
    assert.equal(await listWidth(), 320)
    assert.equal(await page.getByTestId('rail').count(), 0)
    await page.setViewportSize({ width: 1280, height: 800 })
    assert.equal(await listWidth(), 380)
    const splitter = page.getByTestId('splitter')
    await splitter.press('End')
    assert.equal(await listWidth(), 560)
    await splitter.press('Home')
    assert.equal(await listWidth(), 300)
    const box = await splitter.boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x, 400)
    await page.mouse.down()
    await page.mouse.move(box.x + 150, 400, { steps: 3 })
    await page.mouse.up()
    assert.equal(await listWidth(), 450)
    await page.reload()
    await page.getByTestId('row').first().waitFor()
    assert.equal(await listWidth(), 450)
    await splitter.dblclick()
    assert.equal(await listWidth(), 380)
  })

  it('has its places below on a phone, large enough for a thumb', async test => {
    const { page, url, store } = await openInbox(test, stage, {
      context: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
    })
    await fill(store)
    await page.goto(url)
    const bar = page.getByTestId('bottom-bar')
    await bar.getByText('Connect').tap()
    await page.getByTestId('connect').waitFor()
    assert.equal(new URL(page.url()).pathname, '/connect')
    await bar.getByText('Inbox').tap()
    await page.getByTestId('row').first().tap()
    await page.getByTestId('subject').getByText('Bill').waitFor()
    await bar.getByText('Search').tap()
    assert.equal(await hasFocus(page), 'search')
    await page.keyboard.type('welcome')
    await page.getByTestId('list-count').getByText('1 result').waitFor()
    await page.keyboard.press('Enter')
    await bar.getByText('More').tap()
    await facet(page, 'billing').waitFor()
    for (const target of await page.locator('dialog .facet, .bottom-bar > *').all()) {
      const box = await target.boundingBox()
      assert.ok(box && box.height >= 44 && box.width >= 44, (await target.textContent()) ?? '')
    }
    await facet(page, 'ann@example.com').tap()
    await page.getByText('Welcome').waitFor()
    assert.equal(searchOf(page), 'welcome rcpt:<ann@example.com>')
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.equal(width, 390)
  })

  it('says what is the matter when the server is away', async test => {
    const { page, url, store, cut, mend } = await openInbox(test, stage)
    await fill(store)
    await page.goto(url)
    await page.getByText('Welcome').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    await facet(page, 'billing').waitFor()
    cut()
    await page.getByTestId('live').getByText('Reconnecting').waitFor()
    await facet(page, 'billing').click()
    await page.getByTestId('list-error').getByText('does not answer').waitFor()
    await put(store, mail('Late', 'Hello', 'X-Tags: billing'))
    mend()
    // Nobody has to ask again.
    await page.getByText('Late').waitFor()
    assert.deepEqual(await shownIds(page), [5, 4, 2])
    await facet(page, 'billing').getByText('3', { exact: true }).waitFor()
  })
})
