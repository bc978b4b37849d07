import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import {
  closeStage,
  noBrowser,
  openInbox,
  openStage,
  type Stage,
  shownIds,
} from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'

const fromLine = 'From app@example.com Sat Jan  3 01:05:34 2026\n'

/** Drags files over the page and, where they are let go, drops them: what a person does with a file manager. */
const drag = (page: Page, files: readonly (readonly [name: string, text: string])[], end: string) =>
  page.evaluate(
    ([all, last]) => {
      const data = new DataTransfer()
      for (const [name, text] of all) data.items.add(new File([text], name))
      for (const type of ['dragenter', 'dragover', last]) {
        const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data })
        document.body.dispatchEvent(event)
        if (type === 'dragover' && !event.defaultPrevented)
          throw new Error('the page would be left')
      }
    },
    [files, end] as const,
  )

describe('putting mail into the inbox by hand', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('takes files that are dropped, and says what became of each', async test => {
    const { page, url, store, faults } = await openInbox(test, stage)
    await put(store, mail('Here already'))
    await page.goto(url)
    await page.getByText('Here already').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    await drag(page, [['a.eml', 'x']], 'dragover')
    await page.getByTestId('drop').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('drop').waitFor({ state: 'detached' })

    const mbox = `${fromLine}${mail('Second')}\n${fromLine}Subject: Big\n\n${'x'.repeat(1_000_000)}\n\n${fromLine}${mail('Third')}\n`
    const files = [
      ['one.eml', mail('First')],
      ['old.mbox', mbox],
      ['from.eml', `${fromLine}Subject: A From_ line in front\n\nHello`],
      ['big.eml', 'x'.repeat(1_000_001)],
      ['empty.eml', ''],
    ] as const
    await drag(page, files, 'drop')
    assert.equal(await page.getByTestId('drop').count(), 0)
    await page.getByTestId('import-close').waitFor()
    const told = await page.getByTestId('import-file').allInnerTexts()
    assert.deepEqual(
      told.map(text => text.replaceAll(/\s+/g, ' ')),
      [
        'one.eml 1 message',
        'old.mbox 2 messages imported, but: Message 2: a message has at most 1000000 octets.',
        'from.eml 1 message',
        'big.eml 1.0 MB, and at most 1.0 MB are taken.',
        'empty.eml The file is empty.',
      ],
    )
    const result = page.getByTestId('import-result')
    assert.equal(await result.textContent(), '4 messages imported, 3 files with errors')
    // They keep their order.
    assert.deepEqual(
      [2, 3, 4].map(id => store.entry(id)?.message.subject),
      ['First', 'Second', 'Third'],
    )
    assert.deepEqual(await store.rawBytes(2), Buffer.from(mail('First')))
    assert.match(String(await store.rawBytes(5)), /^From app@example\.com/)
    assert.deepEqual(await shownIds(page), [5, 4, 3, 2, 1])
    await page.getByTestId('import-close').click()
    await page.getByTestId('import-panel').waitFor({ state: 'detached' })
    assert.deepEqual(faults, [])
  })

  it('takes files that are picked by keys, into an empty inbox too', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await page.goto(url)
    await page.getByTestId('connect').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('import')
    await page.keyboard.press('Enter')
    const octets = Buffer.from([0x53, 0x3a, 0x20, 0xff, 0x0a, 0x0a, 0x00, 0x80])
    await (await chooser).setFiles([{ name: 'x.eml', mimeType: '', buffer: octets }])
    await page.getByTestId('row').waitFor()
    assert.deepEqual(await store.rawBytes(1), octets)
  })

  it('says what went wrong where nobody answers', async test => {
    const { page, url, store, cut } = await openInbox(test, stage)
    await put(store, mail('Here already'))
    await page.goto(url)
    await page.getByText('Here already').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    // The connection is lost in the moment of the drop: the page has not heard of it yet.
    await page.route('**/v1/messages', route => route.abort())
    await drag(page, [['a.eml', mail('Lost')]], 'drop')
    await page.getByTestId('import-file').getByText('The connection was lost').waitFor()
    cut()
    await page.getByTestId('live').getByText('Reconnecting').waitFor()
    await page.getByTestId('import-close').click()
    await drag(page, [['a.eml', mail('Not sent')]], 'drop')
    assert.equal(await page.getByTestId('import-panel').count(), 0)
    assert.equal(store.total, 1)
  })

  it('makes a mail of what is filled in', async test => {
    const { page, url, store, faults } = await openInbox(test, stage)
    await put(store, mail('Here already'))
    await page.goto(url)
    await page.getByText('Here already').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    await page.getByTestId('list-menu').click()
    await page.getByTestId('menu-compose').click()
    await page.getByTestId('compose').waitFor()
    await page.getByTestId('compose-from').fill('')
    await page.getByTestId('compose-send').click()
    await page.getByTestId('compose-fault').getByText('From: an address is missing.').waitFor()
    await page.getByTestId('compose-from').fill('"Doe, Joe" <joe@example.com>')
    await page.getByTestId('compose-to').fill('ann@example.com, "B, C" <bc@example.com>')
    await page.getByTestId('compose-cc').fill('boss@example.com')
    await page.getByTestId('compose-subject').fill('Grüße 😀')
    await page.getByTestId('compose-body').fill('Hello text')
    await page.getByTestId('compose-html').click()
    await page.getByTestId('compose-body').fill('<p>Hello HTML</p>')
    const big = { name: 'big.bin', mimeType: '', buffer: Buffer.alloc(700_000) }
    await page.getByTestId('compose-files').setInputFiles([big])
    await page.getByTestId('compose-fault').getByText('The attachments are too large').waitFor()
    const octets = Buffer.from([0, 1, 2, 255, 254])
    await page
      .getByTestId('compose-files')
      .setInputFiles([{ name: 'a ü.bin', mimeType: 'application/x-test', buffer: octets }])
    await page.getByTestId('compose-attached').waitFor()
    await page.getByTestId('compose-subject').press('Control+Enter')
    await page.getByTestId('compose').waitFor({ state: 'detached' })
    await page.getByText('Grüße 😀').waitFor()
    const content = await store.content(2)
    assert.equal(content?.text?.trim(), 'Hello text')
    assert.equal(content?.html?.trim(), '<p>Hello HTML</p>')
    assert.deepEqual(
      content?.attachments.map(({ name, size }) => [name, size]),
      [['a ü.bin', 5]],
    )
    const { message } = store.entry(2) ?? assert.fail()
    assert.deepEqual(message.from, [{ name: 'Doe, Joe', address: 'joe@example.com' }])
    assert.deepEqual(
      message.to.map(({ address }) => address),
      ['ann@example.com', 'bc@example.com'],
    )
    assert.deepEqual(
      message.cc.map(({ address }) => address),
      ['boss@example.com'],
    )
    assert.deepEqual(faults, [])
  })

  it('has examples to start from, and can be left', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('Here already'))
    await page.goto(url)
    await page.getByText('Here already').waitFor()
    await page.getByTestId('live').getByText('Live').waitFor()
    for (const [name, subject] of [
      ['plain', 'A plain message'],
      ['code', 'Your sign-in code is 483920'],
      ['attachment', 'Your receipts of this month'],
      ['newsletter', 'This week: three stories'],
    ] as const) {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('new test mail')
      await page.keyboard.press('Enter')
      await page.getByTestId('compose').waitFor()
      await page.getByTestId(`compose-example-${name}`).press('Enter')
      assert.equal(await page.getByTestId('compose-subject').inputValue(), subject)
      await page.getByTestId('compose-send').press('Enter')
      await page.getByRole('option', { name: subject }).waitFor()
      await page.getByTestId('compose').waitFor({ state: 'detached' })
    }
    const files = (await store.content(4))?.attachments.map(({ name }) => name)
    assert.deepEqual(files, ['receipts.csv'])
    assert.match((await store.content(3))?.html ?? '', /483920/)
    assert.equal((await store.content(2))?.html, null)
    await page.getByTestId('list-menu').click()
    await page.getByTestId('menu-compose').click()
    await page.getByTestId('compose').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('compose').waitFor({ state: 'detached' })
    assert.equal(store.total, 5)
  })
})
