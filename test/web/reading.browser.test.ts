import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { Reception } from '../../server/store/message.ts'
import { closeStage, noBrowser, openInbox, openStage, type Stage } from '../helpers/browser.ts'
import { mail, put } from '../helpers/http-server.ts'
import { mailOfManyParts } from '../helpers/mail-of-many-parts.ts'

const limits = {
  maxMessages: 100,
  maxBytes: 256 * 1024 * 1024,
  maxAge: null,
  maxMessageSize: 20_000_000,
}

/** The text as it is laid out, with the white space between cells and lines. */
const shown = (of: Locator): Promise<string> =>
  // biome-ignore lint/performance/useDomNodeTextContent: the layout is what is looked at
  of.innerText()

const text = (page: Page, testId: string): Promise<string> => shown(page.getByTestId(testId))

/** The focus is on what has this test id. */
const focused = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid'))

/** Goes on by Tab until the focus is there. */
const tabTo = async (page: Page, testId: string, most = 80): Promise<void> => {
  for (let count = 0; count < most; count++) {
    if ((await focused(page)) === testId) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab does not come to ${testId}`)
}

const reception: Partial<Reception> = {
  envelope: { mailFrom: '', rcptTo: ['ann@example.com', 'b\u202eob@example.com'] },
  helo: 'app.local',
  peer: { address: '192.0.2.7', port: 4711 },
  tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  authUser: 'billing',
  dsn: { ret: 'HDRS', recipients: [{ address: 'ann@example.com', notify: ['SUCCESS'] }] },
}

describe('reading a message', { skip: noBrowser }, () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => closeStage(stage))

  it('colours the source in a worker of our own, as elements', async test => {
    const { page, url, store, faults } = await openInbox(test, stage)
    await put(store, mailOfManyParts)
    const workers: string[] = []
    page.on('worker', worker => workers.push(worker.url()))
    await page.goto(`${url}m/1/source`)
    const source = page.getByTestId('source')
    await source.locator('.token-tag', { hasText: 'Subject:' }).first().waitFor()
    await source.locator('.token-key', { hasText: '--b' }).first().waitFor()
    assert.match(workers.join(), /^http:[^,]*\/assets\/highlight-worker-[\w-]+\.js$/)
    // The decoded HTML, chosen by keys.
    await page.getByTestId('tab-source').focus()
    await tabTo(page, 'source-of-html')
    await page.keyboard.press('Enter')
    await source.locator('.token-name', { hasText: 'max-width' }).first().waitFor()
    assert.match(await text(page, 'source'), /<h1>Reset your password<\/h1>/)
    // The page's policy lets no other script through, and there can be no second policy.
    const refused = await page.evaluate(() => {
      const attempts: (() => unknown)[] = [
        () => new Worker('/v1/messages/1/raw'),
        () => new Worker('data:text/javascript,1'),
        () => Reflect.get(globalThis, 'trustedTypes').createPolicy('other', {}),
        () => Reflect.get(globalThis, 'trustedTypes').createPolicy('mailcatch-worker', {}),
        () => {
          document.body.innerHTML = '<b>x</b>'
        },
      ]
      return attempts.map(attempt => {
        try {
          attempt()
          return false
        } catch {
          return true
        }
      })
    })
    assert.deepEqual(refused, [true, true, true, true, true])
    assert.deepEqual(faults, [])
  })

  it('shows a source of 5 MB, with few elements', async test => {
    const { page, url, store } = await openInbox(test, stage, {
      server: { limits: limits },
    })
    const line = '<p class="a" style="color: red">Some words &amp; more</p>\r\n'
    const html = `${line.repeat(90_000)}<p>THE END</p>`
    await put(store, mail('Large', html, 'MIME-Version: 1.0', 'Content-Type: text/html'))
    await page.goto(`${url}m/1/source`)
    await page.getByTestId('whole-source').click()
    const source = page.getByTestId('source')
    await page.getByTestId('whole-source').waitFor({ state: 'detached' })
    await source.locator('.token-tag').first().waitFor()
    for (const part of [0.3, 0.9, 0.5, 1]) {
      await source.evaluate((element, to) => {
        element.scrollTop = (element.scrollHeight - element.clientHeight) * to
      }, part)
      await page.waitForFunction(() => {
        const view = document.querySelector('[data-testid=source]')?.getBoundingClientRect()
        const middle = view && document.elementFromPoint(view.x + 40, view.y + view.height / 2)
        return middle?.closest('pre')?.querySelector('.token-tag')
      })
    }
    await source.getByText('THE END').waitFor()
    const nodes = await source.evaluate(element => element.querySelectorAll('*').length)
    assert.ok(nodes < 30_000, `${nodes} elements`)
  })

  it('shows header fields decoded and as sent, and filters them', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('x', 'y', 'X-Word: =?utf-8?q?Gr=C3=BC=C3=9Fe?=', 'X-Folded: a\r\n  b'))
    await page.goto(`${url}m/1/headers`)
    assert.match(await text(page, 'headers'), /X-Word\s+Grüße/)
    assert.match(await text(page, 'header-count'), /^7 fields/)
    await page.getByTestId('header-form-raw').click()
    await page.getByTestId('headers').getByText('=?utf-8?q?Gr=C3=BC=C3=9Fe?=').waitFor()
    assert.match(await text(page, 'headers'), /X-Folded\s+a\r?\n\s+b/)
    // By keys.
    await page.getByTestId('tab-headers').focus()
    await tabTo(page, 'header-filter')
    await page.keyboard.type('x-w')
    await page.getByTestId('header-count').getByText('1 of 7 fields').waitFor()
    await tabTo(page, 'header-form-decoded')
    await page.keyboard.press('Space')
    await page.getByTestId('headers').getByText('Grüße').waitFor()
  })

  it('shows the tree of parts, and what is in them, isolated', async test => {
    const { page, url, store, context, faults } = await openInbox(test, stage)
    const dialogs: string[] = []
    context.on('dialog', dialog => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    await put(store, mailOfManyParts)
    await page.goto(`${url}m/1/parts`)
    await page.getByTestId('part-row').first().waitFor()
    const rows = await page.getByTestId('part-row').allInnerTexts()
    assert.equal(rows.length, 16)
    assert.match(rows[0] ?? '', /message\s+multipart\/mixed/)
    assert.match(rows[4] ?? '', /1\.2\.1\s+text\/html utf-8/)
    assert.match(rows[6] ?? '', /2\s+image\/png\s+chart\.png\s*attachment\s+base64\s+144 B/)
    const look = async (part: string): Promise<string> => {
      await page.getByRole('button', { name: `Look at part ${part}`, exact: true }).click()
      await page
        .getByRole('region', { name: `Part ${part}`, exact: true })
        .first()
        .waitFor()
      await page.getByTestId('reading').waitFor({ state: 'detached' })
      return text(page, 'part-content')
    }
    assert.match(await look('1.1'), /Your code is 483920/)
    await look('2')
    const picture = page.getByTestId('part-image')
    await picture.waitFor()
    assert.equal(await picture.evaluate(image => (image as HTMLImageElement).naturalWidth), 64)
    assert.match(await look('3'), /a "quoted" one\s+Ann\s+12\.50\s+=1\+1/)
    assert.match(await look('4'), /"id": 42,\n {2}"tags"/)
    assert.match(await look('5'), /DTSTART\s+2026-11-21 14:00 Europe\/Berlin/)
    assert.match(await look('6'), /The nested one\s+From\s+Carol\s*<carol@example\.net>/)
    await page.frameLocator('[data-testid=nested-frame]').getByText('Hello').waitFor()
    assert.match(await look('8'), /<svg xmlns=.*<script>/)
    // A PDF and a page of HTML can be downloaded, and nothing else.
    for (const part of ['7', '9']) {
      const button = page.getByRole('button', { name: `Look at part ${part}`, exact: true })
      assert.equal(await button.count(), 0)
      const downloading = page.waitForEvent('download')
      await page.getByRole('link', { name: `Download part ${part}`, exact: true }).click()
      await downloading
    }
    await look('10')
    await page.getByTestId('part-content').getByText('no picture of that type').waitFor()
    // By keys.
    await page.getByTestId('tab-parts').focus()
    await tabTo(page, 'look')
    await page.keyboard.press('Enter')
    await page.getByTestId('part-content').getByText('Your code').waitFor()
    await tabTo(page, 'close-look')
    await page.keyboard.press('Enter')
    await page.getByTestId('part-look').waitFor({ state: 'detached' })
    assert.deepEqual(dialogs, [])
    assert.deepEqual(faults, [])
  })

  it('lists where a mail leads to', async test => {
    const { page, url, store, context } = await openInbox(test, stage)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await put(store, mailOfManyParts)
    await page.goto(`${url}m/1/links`)
    await page.getByTestId('link-row').first().waitFor()
    const rows = await page.getByTestId('link-row').allInnerTexts()
    assert.equal(rows.length, 6)
    const row = (name: string | RegExp) => page.getByTestId('link-row').filter({ hasText: name })
    assert.match(await shown(row('/reset?token')), /Action\s*2 times/)
    assert.match(await shown(row('example.com/help')), /2 times\s*http, not https/)
    assert.match(await shown(row('apple.com')), /https:\/\/xn--pple-43d\.com\//)
    assert.equal(await row('javascript:').getByRole('link').count(), 0)
    assert.equal(await row('mailto:').getByRole('link').count(), 0)
    const open = row('xn--pple').getByRole('link')
    assert.equal(await open.getAttribute('href'), 'https://xn--pple-43d.com/')
    assert.equal(await open.getAttribute('rel'), 'noopener noreferrer')
    await row('xn--pple').getByRole('button', { name: 'Copy the address' }).click()
    await page.getByTestId('announcer').getByText('Copied').waitFor({ state: 'attached' })
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      'https://xn--pple-43d.com/',
    )
    // By keys.
    await page.getByTestId('tab-links').focus()
    await tabTo(page, 'link-filter-insecure')
    await page.keyboard.press('Enter')
    await page.getByTestId('link-row').nth(1).waitFor({ state: 'detached' })
    assert.match(await shown(row('help')), /example\.com/)
  })

  it('tells how a message came', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mail('Sent'), reception)
    await put(store, mail('Imported'), { listener: 'import' })
    await page.goto(`${url}m/1/smtp`)
    await page.getByTestId('smtp').waitFor()
    const seen = await text(page, 'smtp')
    for (const words of [
      /MAIL FROM\s+<> \(null path\)/,
      /ann@example\.com\s+b\s*RLO\s*ob@example\.com/,
      /HELO\s+app\.local/,
      /192\.0\.2\.7 port 4711/,
      /TLSv1\.3, TLS_AES/,
      /AUTH user\s+billing/,
      /NOTIFY SUCCESS/,
    ]) {
      assert.match(seen, words)
    }
    await page.goto(`${url}m/2/smtp`)
    await page.getByTestId('smtp').getByText('did not come by SMTP').waitFor()
    assert.doesNotMatch(await text(page, 'smtp'), /AUTH|transcript/i)
  })

  it('has the code and the main link at hand', async test => {
    const { page, url, store, context } = await openInbox(test, stage)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await put(store, mailOfManyParts)
    await put(store, mail('Nothing to find'))
    await page.goto(`${url}m/1`)
    const strip = page.getByTestId('quick-strip')
    await strip.waitFor()
    assert.match(await shown(strip), /Code\s+483920\s+Reset password/)
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    await strip.getByRole('button', { name: 'Copy the code 483920' }).click()
    await page.getByTestId('announcer').getByText('Copied').waitFor({ state: 'attached' })
    assert.equal(await copied(), '483920')
    await page.evaluate(() => navigator.clipboard.writeText(''))
    await page.keyboard.press('c')
    await page.waitForFunction(async () => (await navigator.clipboard.readText()) === '483920')
    const asked: string[] = []
    await context.route(/^https:/, route => {
      asked.push(route.request().url())
      return route.fulfill({ contentType: 'text/html', body: 'opened' })
    })
    for (const act of [
      () => page.keyboard.press('l'),
      () => strip.getByRole('link', { name: 'Open “Reset password” in a new tab' }).click(),
    ]) {
      const opening = context.waitForEvent('page')
      await act()
      const opened = await opening
      await opened.getByText('opened').waitFor()
      assert.equal(await opened.evaluate(() => opener), null)
      await opened.close()
    }
    assert.deepEqual(asked, Array(2).fill('https://app.example.com/reset?token=abc'))
    await page.keyboard.press('k')
    await page.goto(`${url}m/2`)
    await page.getByTestId('subject').getByText('Nothing to find').waitFor()
    assert.equal(await strip.count(), 0)
  })

  it('shows HTML in any width, size and scheme, by mouse and by keys', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mailOfManyParts)
    await page.goto(`${url}m/1`)
    const frame = page.frameLocator('[data-testid=html-frame]')
    const body = frame.locator('body')
    await frame.getByText('Reset your password').waitFor()
    const inner = (): Promise<number> => body.evaluate(() => innerWidth)
    const colour = () => body.evaluate(element => getComputedStyle(element).backgroundColor)
    const full = await inner()
    await page.getByTestId('preview-width-390').click()
    assert.equal(await inner(), 390)
    const handle = page.getByTestId('preview-handle')
    const box = await handle.boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x + 6, box.y + 100)
    await page.mouse.down()
    await page.mouse.move(box.x + 6 + 50, box.y + 100)
    await page.mouse.up()
    assert.equal(await inner(), 490)
    await handle.focus()
    await page.keyboard.press('ArrowLeft')
    assert.equal(await inner(), 480)
    assert.equal(await handle.getAttribute('aria-valuenow'), '480')
    await page.keyboard.press('Home')
    assert.equal(await inner(), 240)
    await page.keyboard.press('End')
    assert.equal(await inner(), full)
    for (const width of [768, 600]) {
      await page.keyboard.press('w')
      await page.locator(`[data-testid=preview-handle][aria-valuenow="${width}"]`).waitFor()
      assert.equal(await inner(), width)
    }
    // Smaller on the screen, as wide for the mail.
    const shownWidth = async () =>
      Math.round((await page.getByTestId('html-frame').boundingBox())?.width ?? 0)
    await page.getByTestId('zoom-out').click()
    assert.equal(await inner(), 600)
    assert.equal(await shownWidth(), 450)
    await page.getByTestId('zoom-in').press('Enter')
    assert.equal(await shownWidth(), 600)
    // The mail's own dark styles, and then darkness by force, which leaves its document as it is.
    assert.equal(await colour(), 'rgb(243, 245, 248)')
    await page.getByTestId('preview-scheme').selectOption({ label: 'Dark styles in this mail' })
    assert.equal(await colour(), 'rgb(17, 17, 17)')
    await handle.focus()
    await page.keyboard.press('d')
    await frame.locator('base + style').waitFor({ state: 'attached' })
    assert.equal(await colour(), 'rgb(243, 245, 248)')
    const filter = () =>
      page.getByTestId('html-frame').evaluate(element => getComputedStyle(element).filter)
    assert.match(await filter(), /invert/)
    assert.match(
      await frame.locator('img').evaluate(element => getComputedStyle(element).filter),
      /invert/,
    )
    await page.keyboard.press('d')
    await frame.locator('base + style').waitFor({ state: 'detached' })
    assert.equal(await filter(), 'none')
    // Alone, for printing and to hand on.
    const alone = page.waitForEvent('popup')
    await page.getByRole('link', { name: 'Open the mail alone in a new tab' }).click()
    const popup = await alone
    await popup.getByText('Reset your password').waitFor()
    assert.match(popup.url(), /\/m\/1\/html\?remote=0$/)
    assert.equal(await popup.evaluate(() => origin), 'null')
  })

  it('shows what is hidden in names for what it is', async test => {
    const { page, url, store } = await openInbox(test, stage)
    await put(store, mailOfManyParts)
    await put(store, mail('Pay\u202elap\u202c to ex\u200bample', 'x'))
    await page.goto(`${url}m/2`)
    const subject = page.getByTestId('subject')
    await subject.getByTestId('hidden-characters').getByText('3 hidden characters').waitFor()
    assert.match(await shown(subject), /^Pay\s*RLO\s*lap\s*PDF\s* to ex\s*ZWSP\s*ample/)
    await page.goto(`${url}m/1`)
    const file = page.getByTestId('attachments').getByRole('link', { name: /invoice/ })
    assert.match(await shown(file), /invoice\s*RLO\s*fdp\.exe/)
    await file.getByTestId('hidden-characters').waitFor()
  })

  it('stays quick with 10,000 headers, 1,000 parts and 300 recipients', async test => {
    const { page, url, store, faults } = await openInbox(test, stage)
    await put(
      store,
      mail('Headers', 'x', ...Array.from({ length: 9_990 }, (_, at) => `X-${at}: ${at}`)),
    )
    const part = (at: number) =>
      `--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=${at}.txt\r\n\r\n${at}\r\n`
    const all = Array.from({ length: 2_000 }, (_, at) => part(at)).join('')
    await put(store, mail('Parts', `${all}--b--`, 'Content-Type: multipart/mixed; boundary=b'))
    const people = Array.from({ length: 300 }, (_, at) => `p${at}@example.com`)
    const fold = people.join(',\r\n ')
    await put(store, `To: ${fold}\r\nSubject: People\r\n\r\nx`, {
      envelope: { mailFrom: 'app@example.com', rcptTo: people },
    })
    const nodes = (): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length)
    const grow = async (testId: string, last: string): Promise<void> => {
      const end = page.getByTestId(testId).getByText(last, { exact: true })
      while ((await end.count()) === 0) {
        const before = await nodes()
        await page.getByTestId(testId).evaluate(element => {
          element.scrollTop = element.scrollHeight
        })
        await page.waitForFunction(count => document.querySelectorAll('*').length > count, before)
      }
    }
    await page.goto(`${url}m/1/headers`)
    await page.getByTestId('header-count').getByText('9,995 fields').waitFor()
    assert.ok((await nodes()) < 3_000, `${await nodes()} elements`)
    await page.getByTestId('header-filter').fill('x-9876')
    await page.getByTestId('headers').getByText('9876', { exact: true }).waitFor()
    await page.goto(`${url}m/2/parts`)
    await page.getByTestId('part-row').first().waitFor()
    assert.ok((await nodes()) < 6_000, `${await nodes()} elements`)
    await grow('parts', '500.txt')
    assert.match(await shown(page.getByTestId('attachments')), /\+99\d/)
    await page.goto(`${url}m/3`)
    await page.getByRole('button', { name: 'Show 297 more' }).click()
    await page.getByText('p299@example.com').waitFor()
    await page.goto(`${url}m/3/smtp`)
    await grow('smtp', 'p299@example.com')
    assert.deepEqual(faults, [])
  })

  it('opens a mail of 5 MB in every view, and never stops for long', async test => {
    const { page, url, store, faults } = await openInbox(test, stage, { server: { limits } })
    const row =
      '<tr><td style="color:#123">Some words &amp; <a href="https://a.example/?n=#">#</a></td></tr>\r\n'
    const rows = Array.from({ length: 60_000 }, (_, at) => row.replaceAll('#', String(at))).join('')
    const html = `<p>THE BEGINNING</p><table>${rows}</table><p>THE END</p>`
    assert.ok(html.length > 5_000_000, `${html.length} octets`)
    await put(store, mail('Large', html, 'MIME-Version: 1.0', 'Content-Type: text/html'))
    await page.addInitScript(() => {
      const stops: number[] = []
      Object.assign(window, { stops })
      new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) stops.push(duration)
      }).observe({ type: 'longtask', buffered: true })
    })
    await page.goto(`${url}m/1`)
    const frame = page.frameLocator('[data-testid=html-frame]')
    await frame.getByText('THE BEGINNING').waitFor()
    await frame.getByText('THE END').waitFor()
    for (const tab of ['text', 'source', 'headers', 'parts', 'links', 'checks', 'smtp']) {
      const button = page.getByTestId(`tab-${tab}`)
      if ((await button.getAttribute('aria-disabled')) === 'true') continue
      await button.click()
      await page.locator(`#tab-panel[aria-labelledby=tab-${tab}] > *`).first().waitFor()
      await page.locator('#tab-panel [aria-busy=true]').waitFor({ state: 'detached' })
      const nodes = await page.evaluate(() => document.querySelectorAll('*').length)
      assert.ok(nodes < 10_000, `${tab}: ${nodes} elements`)
    }
    // The control, and then the page itself: there is no view that holds it up for seconds.
    const stops = await page.evaluate(async () => {
      await new Promise(done => {
        setTimeout(() => {
          const until = performance.now() + 120
          while (performance.now() < until);
          setTimeout(done, 100)
        })
      })
      return Reflect.get(window, 'stops') as number[]
    })
    assert.ok(
      stops.some(stop => stop >= 100),
      'a long task is not noticed',
    )
    assert.ok(Math.max(...stops) < 1_000, `a task of ${Math.max(...stops)} ms`)
    assert.deepEqual(faults, [])
  })

  it('shows a mail that cannot be parsed, or is not yet, without a code or link', async test => {
    const { page, url, store } = await openInbox(test, stage)
    const raw = readFileSync(
      new URL('../fixtures/corpus/hostile/headers-10000.eml', import.meta.url),
    )
    await put(store, raw)
    await page.goto(`${url}m/1/links`)
    await page.getByTestId('nothing-here').waitFor()
    assert.equal(await page.getByTestId('quick-strip').count(), 0)
  })
})
