import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  closeStage,
  firstInView,
  noBrowser,
  openInbox,
  openStage,
  type Stage,
  scrollList,
  shownIds,
} from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'

/** Ten seconds is how long a deletion can be undone: the page's clock is moved, not waited for. */
const undoTime = 10_000

describe('the inbox in a browser', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('says how to connect while it is empty, and shows a test mail', async test => {
    const { page, url, faults } = await openInbox(test, stage)
    await page.goto(url)
    await page.getByTestId('connect').waitFor()
    assert.equal(await page.getByTestId('connect-port').textContent(), '1025')
    assert.match((await page.getByTestId('connect-mail').textContent()) ?? '', /POP3\s*1110/)
    await page.getByTestId('waiting').waitFor()
    await page.getByTestId('send-test').click()
    await page.getByTestId('row').waitFor()
    await page.getByRole('option', { name: /It works/ }).waitFor()
    assert.deepEqual(faults, [])
  })

  it('shows mail as it arrives, newest first, without a reload and without asking', async test => {
    const { page, url, store, asked, faults } = await openInbox(test, stage)
    await put(store, mail('First'))
    await page.goto(url)
    await page.getByTestId('live').getByText('Live').waitFor()
    await page.getByText('First').waitFor()
    asked()
    await put(store, mail('Second'))
    await put(store, mail('Third', 'See you', 'X-Tags: a'))
    await page.getByText('Third').waitFor()
    await page.getByText('See you').waitFor() // parsed a moment after it arrived
    assert.deepEqual(await shownIds(page), [3, 2, 1])
    assert.deepEqual(await page.getByTestId('row').first().getAttribute('aria-setsize'), '3')
    assert.equal(await page.title(), '(3) Mailcatch')
    assert.deepEqual(
      asked().filter(request => request.includes('v1/messages')),
      [],
    )
    assert.deepEqual(faults, [])
  })

  it('shows the recipient first, what is unread, and attachments', async test => {
    const { page, url, store } = await openInbox(test, stage)
    const parts = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b']
    const body =
      '--b\r\n\r\nHello\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--b--'
    await put(store, mail('With a file', body, ...parts))
    await page.goto(url)
    const name = /^Unread, to Ann ?, With a file ?, 1 attachment, \d\d:\d\d$/
    const row = page.getByRole('option', { name })
    await row.waitFor()
    assert.equal(await row.getAttribute('data-unread'), 'true')
    await page.getByTestId('facet-unread').getByText('1', { exact: true }).waitFor()
  })

  it('finds, says what it cannot read, and is a URL', async test => {
    const { page, url, store } = await openInbox(test, stage)
    for (const subject of ['Reset your password', 'Invoice 17', 'Invoice 18']) {
      await put(store, mail(subject))
    }
    await page.goto(url)
    await page.getByText('Invoice 18').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('invoice')
    await page.getByTestId('list-count').getByText('2 results').waitFor()
    assert.equal(new URL(page.url()).search, '?q=invoice')
    // What matches shows up by itself, what does not stays away.
    await put(store, mail('Nothing of the kind'))
    await put(store, mail('Invoice 19'))
    await page.getByTestId('list-count').getByText('3 results').waitFor()
    assert.deepEqual(await shownIds(page), [5, 3, 2])
    await page.keyboard.type(' from:')
    await page.keyboard.press('Enter')
    await page.getByTestId('search-error').waitFor()
    assert.equal(await page.getByTestId('search').getAttribute('aria-invalid'), 'true')
    await page.keyboard.press('Escape')
    await page.getByText('Nothing of the kind').waitFor()
    assert.equal(new URL(page.url()).search, '')
    await page.goBack()
    await page.getByTestId('search-error').waitFor()
    await page.goto(`${url}?q=zebra`)
    await page.getByTestId('no-results').getByText('zebra').waitFor()
    await page.getByTestId('facet-unread').click()
    assert.equal(new URL(page.url()).searchParams.get('q'), 'zebra is:unread')
  })

  it('deletes after ten seconds, and not what was undone', async test => {
    const { page, url, store, asked } = await openInbox(test, stage)
    for (const subject of ['One', 'Two', 'Three']) await put(store, mail(subject))
    await page.clock.install()
    await page.goto(url)
    await page.getByText('Three').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('#')
    await page.keyboard.press('#')
    await page.getByText('Three').waitFor({ state: 'detached' })
    assert.deepEqual(await shownIds(page), [1])
    await page.keyboard.press('z')
    await page.keyboard.press('z')
    await page.getByText('Two').waitFor()
    assert.deepEqual(await shownIds(page), [2, 1])
    assert.equal(store.total, 3)
    const deleted = page.waitForResponse(response => response.request().method() === 'DELETE')
    await page.clock.fastForward(undoTime + 1)
    assert.equal((await deleted).status(), 200)
    assert.equal(store.total, 2)
    assert.equal(store.entry(3), undefined)
    assert.deepEqual(
      asked().filter(request => request.startsWith('DELETE')),
      ['DELETE /v1/messages?ids=3'],
    )
    await page.getByTestId('undo-toast').waitFor({ state: 'detached' })
    assert.deepEqual(await shownIds(page), [2, 1])
  })

  it('deletes all up to what was there, and keeps what came since', async test => {
    const { page, url, store } = await openInbox(test, stage)
    for (const subject of ['One', 'Two']) await put(store, mail(subject))
    await page.clock.install()
    await page.goto(url)
    await page.getByText('Two').waitFor()
    await page.getByTestId('delete-all').click()
    await page.getByTestId('empty-list').waitFor()
    await put(store, mail('Three'))
    await page.getByText('Three').waitFor()
    const deleted = page.waitForResponse(response => response.request().method() === 'DELETE')
    await page.clock.fastForward(undoTime + 1)
    await deleted
    assert.equal(store.total, 1)
    await page.getByTestId('list-count').getByText('1', { exact: true }).waitFor()
    assert.deepEqual(await shownIds(page), [3])
  })

  it('deletes what a search found, and nothing else', async test => {
    const { page, url, store } = await openInbox(test, stage)
    for (const subject of ['Invoice 1', 'Welcome', 'Invoice 2']) await put(store, mail(subject))
    await page.clock.install()
    await page.goto(`${url}?q=invoice`)
    await page.getByText('Invoice 2').waitFor()
    await page.getByTestId('delete-all').click()
    await page.getByTestId('no-results').waitFor()
    const deleted = page.waitForResponse(response => response.request().method() === 'DELETE')
    await page.clock.fastForward(undoTime + 1)
    await deleted
    assert.equal(store.total, 1)
    assert.notEqual(store.entry(2), undefined)
  })

  it('sends what waits to be deleted when the page goes away', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('One'))
    await put(store, mail('Two'))
    await page.goto(url)
    await page.getByText('Two').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Delete')
    await page.getByText('Two').waitFor({ state: 'detached' })
    const gone = new Promise<void>(resolve => {
      store.subscribe(({ changes }) => {
        if (changes.some(change => change.type === 'message.removed')) resolve()
      })
    })
    await page.goto('about:blank')
    await gone
    assert.equal(store.total, 1)
  })

  it('comes back after a lost connection with all that was missed', async test => {
    const { page, url, store, cut, mend, asked, faults } = await openInbox(test, stage)
    await put(store, mail('Before'))
    await put(store, mail('Goes away'))
    await page.goto(url)
    await page.getByText('Before').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    // What the page asks for at its start has been answered.
    await page.waitForLoadState('networkidle')
    asked()
    cut()
    await page.getByTestId('live').getByText('Reconnecting').waitFor()
    assert.equal(await page.getByTestId('delete-all').getAttribute('aria-disabled'), 'true')
    assert.match(
      (await page.getByTestId('delete-all').getAttribute('title')) ?? '',
      /Not connected/,
    )
    await put(store, mail('Meanwhile'))
    await store.remove([2])
    await store.update([1], { unread: false })
    mend()
    await page.getByText('Meanwhile').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    await page.getByText('Goes away').waitFor({ state: 'detached' })
    await page.locator('[data-id="1"]').waitFor()
    assert.deepEqual(await shownIds(page), [3, 1])
    assert.equal(await page.locator('[data-id="1"]').getAttribute('data-unread'), null)
    // The gap came over the feed: the list was not read again.
    assert.deepEqual(
      asked().filter(request => request.includes('v1/messages')),
      [],
    )
    assert.deepEqual(faults, [])
  })

  it('says that it is offline, and tries again when it is told to', async test => {
    const { page, url, store, cut, mend } = await openInbox(test, stage)
    await put(store, mail('Before'))
    await page.clock.install()
    await page.goto(url)
    await page.getByTestId('live').getByText('Live').waitFor()
    cut()
    await page.getByTestId('live').getByText('Reconnecting').waitFor()
    while ((await page.getByTestId('retry').count()) === 0) await page.clock.runFor(1000)
    await page.getByTestId('live').getByText('Offline').waitFor()
    assert.equal(await page.getByText('Before').isVisible(), true)
    mend()
    await page.getByTestId('retry').click()
    await page.getByTestId('live').getByText('Live').waitFor()
  })

  it('says why nothing can be deleted, and that old mail is dropped', async test => {
    const limits = { maxMessages: 3, maxBytes: 1_000_000, maxAge: null, maxMessageSize: 100_000 }
    const { page, url, store } = await openInbox(test, stage, {
      server: { allowDelete: false, limits },
    })
    for (const subject of ['One', 'Two']) await put(store, mail(subject))
    await page.goto(url)
    await page.getByText('Two').waitFor()
    assert.equal(await page.getByTestId('limit').count(), 0)
    assert.match((await page.getByTestId('delete-all').getAttribute('title')) ?? '', /switched off/)
    await page.keyboard.press('j')
    await page.keyboard.press('#')
    for (const subject of ['Three', 'Four']) await put(store, mail(subject))
    await page.getByTestId('limit').getByText('Oldest are dropped at 3').waitFor()
    await page.getByText('One').waitFor({ state: 'detached' })
    assert.deepEqual(await shownIds(page), [4, 3, 2])
    assert.equal(await page.getByTestId('undo-toast').count(), 0)
  })

  it('is reached and lives below a base path', async test => {
    const { page, url, store, faults } = await openInbox(test, stage, {
      server: { basePath: '/mail/catch/' },
    })
    await put(store, mail('First'))
    await page.goto(`${url}m/1/headers`)
    await page.getByTestId('headers').waitFor()
    await put(store, mail('Second'))
    await page.getByText('Second').click()
    // The tab is kept from one message to the next.
    await page.waitForURL(`${url}m/2/headers`)
    await page.getByTestId('subject').getByText('Second').waitFor()
    assert.deepEqual(faults, [])
  })
})

describe('a large inbox in a browser', { skip: noBrowser }, () => {
  const count = 20_000
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('scrolls anywhere with few rows and few requests, and keeps its place', async test => {
    const limits = {
      maxMessages: 2 * count,
      maxBytes: 2 ** 30,
      maxAge: null,
      maxMessageSize: 1_000_000,
    }
    const { page, url, store, asked, faults } = await openInbox(test, stage, {
      server: { limits },
    })
    // The feed is quiet once all is parsed: what is asked then is asked for the page's own sake.
    let unparsed = count
    const isParsed = new Promise<void>(resolve => {
      store.subscribe(({ changes }) => {
        for (const change of changes) {
          if (change.type !== 'message.changed' || change.patch.parsed === undefined) continue
          unparsed -= 1
          if (unparsed === 0) resolve()
        }
      })
    })
    for (let id = 1; id <= count; id += 100) {
      await Promise.all(Array.from({ length: 100 }, () => put(store, mail('Mail'))))
    }
    const rows = page.getByTestId('row')
    const lists = (): readonly string[] =>
      asked().filter(request => request.startsWith('GET /v1/messages'))
    await isParsed
    await page.goto(url)
    await rows.first().waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    assert.equal(lists().length, 1)
    assert.equal(await page.getByTestId('list-count').textContent(), '20,000')

    for (const part of [0.5, 0.25, 0.75, 1]) {
      await scrollList(page, part)
      await page.locator(`[data-id="${Math.max(1, count * (1 - part))}"]`).waitFor()
      await page.locator('.skeleton').first().waitFor({ state: 'detached' })
      assert.equal((await rows.count()) <= 60, true)
      // Thousands of rows away: the pages in view, and at most one new look at where the view stands.
      const requests = lists()
      assert.ok(requests.length <= 4, requests.join('\n'))
      const nodes = await page.evaluate(() => document.querySelectorAll('*').length)
      assert.equal(nodes <= 1500, true, `${nodes} nodes`)
    }
    const last = await rows.evaluateAll(all => all.map(row => Number(row.dataset.id)))
    assert.equal(Math.min(...last), 1)

    // The row in view is the arithmetic's, and stays where it is while mail arrives above.
    await scrollList(page, 0.5)
    await page.locator(`[data-id="${count / 2}"]`).waitFor()
    await page.keyboard.press('j')
    const held = await firstInView(page)
    assert.equal(await page.locator('[data-active]').getAttribute('data-id'), `${held?.id}`)
    assert.ok(held && Math.abs(held.id - count / 2) < 20, `${held?.id}`)
    lists()
    for (let at = 0; at < 12; at++) await put(store, mail('Late'))
    await page.getByTestId('new-mail').getByText('12 new').waitFor()
    assert.deepEqual(await firstInView(page), held)
    assert.deepEqual(lists(), [])
    await page.getByTestId('new-mail').click()
    await page.getByText('Late').first().waitFor()
    assert.equal((await firstInView(page))?.id, count + 12)
    assert.deepEqual(lists(), [])
    assert.equal(await page.getByTestId('new-mail').count(), 0)

    // A burst: more than the feed tells one by one.
    await Promise.all(Array.from({ length: 2000 }, () => put(store, mail('Burst'))))
    await page.getByTestId('list-count').getByText('22,012').waitFor()
    await page.locator(`[data-id="${count + 2012}"]`).waitFor()
    assert.equal(lists().length <= 2, true)
    assert.equal((await rows.count()) <= 60, true)
    assert.deepEqual(faults, [])
  })
})
