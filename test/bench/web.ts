import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../helpers/browser.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { fill } from './fill.ts'
import { percentile } from './latency.ts'
import { startMailDev } from './maildev.ts'
import { inFolder, load, startMailcatch } from './processes.ts'
import {
  firstMatch,
  held,
  jump,
  open,
  scroll,
  type Target,
  watchFrames,
  whenShown,
} from './web-page.ts'

const stored = 100_000
/** MailDev's page loads as many as it is scrolled to; with more it does not start in reasonable time. */
const storedThere = 20_000
const visits = 8
const arrivals = 25
const burst = 5_000

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0)
const kb = (octets: number): string => (octets / 1000).toFixed(1)
const mb = (octets: number): string => (octets / 1e6).toFixed(1)

/** Octets over the wire of what a page loads before its first request of the API, by ending. */
const initialSize = async (url: string): Promise<{ js: number; css: number }> => {
  const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text()
  const size = async (ending: string): Promise<number> => {
    let sum = 0
    const known = new Set<string>()
    const wanted = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1] ?? '')
    while (wanted.length > 0) {
      const address = new URL(wanted.pop() as string, url).href
      if (!new URL(address).pathname.endsWith(ending) || known.has(address)) continue
      known.add(address)
      const text = await (await fetch(address)).text()
      sum += gzipSync(text).length
      // Modules bring others with them; what is imported by a call comes later.
      for (const [, name] of text.matchAll(/(?:from|import)\s*"(\.[^"]+)"/g)) {
        wanted.push(new URL(name as string, address).href)
      }
    }
    return sum
  }
  return { js: await size('.js'), css: await size('.css') }
}

const mail = (serial: string): Buffer =>
  dataOf(
    Buffer.from(`From: a@example.com\r\nTo: b@example.org\r\nSubject: ${serial}\r\n\r\nHello\r\n`),
  )

/** Milliseconds from the 250 of a mail until its subject is on the page, one mail after the other. */
const shownAfter = async (browser: Browser, target: Target, smtp: number, part: number) => {
  const { page, asked } = await open(browser, target.url)
  await page.waitForSelector(target.row)
  const times: number[] = []
  const sender = await Sender.open(smtp)
  await page.evaluate(() => new Promise(requestAnimationFrame))
  if (part > 0) await jump(page, target, part)
  await setTimeout(500)
  asked.length = 0
  for (let index = 0; index < arrivals; index++) {
    const subject = `Shown ${part} ${index} ${process.pid}`
    // Scrolled down, what shows is the count of what is new above.
    const shown = await whenShown(page, part > 0 ? `${index + 1} new` : subject)
    await sender.send(mail(subject), 'a@example.com', 'b@example.org')
    const replied = performance.timeOrigin + performance.now()
    times.push((await shown()) - replied)
  }
  sender.close()
  await setTimeout(300)
  const lists = asked.filter(target.isListRequest).length
  await page.context().close()
  return { times, lists }
}

const burstOf = async (browser: Browser, target: Target, smtp: number) => {
  const { page, asked } = await open(browser, target.url)
  await page.waitForSelector(target.row)
  await setTimeout(500)
  asked.length = 0
  const stop = await watchFrames(page)
  const seconds = await load(smtp, 10, burst, 'small')
  await setTimeout(1_000)
  const frames = await stop()
  const lists = asked.filter(target.isListRequest).length
  await page.context().close()
  return { frames, lists, seconds }
}

/** A page with nothing on it: what the browser alone takes. */
const blank = async () => {
  const server = createServer((_request, answer) => {
    answer.setHeader('content-type', 'text/html').end('<!doctype html><title>Blank</title><p>Blank')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => void server.close(),
  }
}

/** `npm run bench:web`: the budgets of the inbox, with a blank page as control and MailDev 3 beside it. */
export async function* web(): AsyncGenerator<string[]> {
  yield ['', 'budget', `Mailcatch, ${stored} mails`, `MailDev 3.0.0, ${storedThere} mails`]
  yield ['---', '--:', '--:', '--:']
  const browser = await launchBrowser()
  const nothing = await blank()
  const data = await inFolder(async path => {
    await fill(path, stored)
    return path
  })
  const ours = await startMailcatch(data)
  const theirs = await startMailDev()
  const here: Target = {
    url: ours.url,
    row: '[data-testid=row]',
    list: '[data-testid=list]',
    isListRequest: path => path.startsWith('/v1/messages'),
  }
  const there: Target = {
    url: theirs.url,
    row: '[data-testid=email-list-item]',
    list: '[data-testid=email-list]',
    isListRequest: path => path.startsWith('/api/email'),
  }
  try {
    await load(theirs.smtp, 10, storedThere, 'small')

    const [size, sizeThere] = [await initialSize(here.url), await initialSize(there.url)]
    yield ['initial JS, kB gzip', '45', kb(size.js), kb(sizeThere.js)]
    yield ['CSS, kB gzip', '8', kb(size.css), kb(sizeThere.css)]
    yield ['all scripts there are, kB gzip', '', kb(allScripts()), '']

    const first: Record<'blank' | 'here' | 'there', number[]> = { blank: [], here: [], there: [] }
    for (let visit = 0; visit < visits; visit++) {
      first.blank.push(await firstMatch(browser, nothing.url, 'p'))
      first.here.push(await firstMatch(browser, here.url, here.row))
      first.there.push(await firstMatch(browser, there.url, there.row))
    }
    const control = percentile(first.blank, 0.5)
    yield [
      `first row, first visit, ms (blank page: ${ms(control)})`,
      ms(1.5 * control + 250),
      ms(percentile(first.here, 0.5)),
      ms(percentile(first.there, 0.5)),
    ]

    for (const part of [0, 0.6]) {
      const a = await shownAfter(browser, here, ours.smtp, part)
      const b = part === 0 ? await shownAfter(browser, there, theirs.smtp, part) : null
      const where = part === 0 ? 'at the top' : 'scrolled down (the count)'
      const told = (one: typeof a | null): string =>
        one ? `${ms(percentile(one.times, 0.5))}, ${ms(percentile(one.times, 0.95))}` : ''
      yield [`new mail shown after the 250, ${where}: p50, p95 ms`, '100', told(a), told(b)]
      yield [
        'list requests for it, each mail',
        '0',
        (a.lists / arrivals).toFixed(2),
        b ? (b.lists / arrivals).toFixed(2) : '',
      ]
    }

    const { page, asked } = await open(browser, here.url)
    await page.waitForSelector(here.row)
    const jumps: number[] = []
    for (let index = 1; index <= 40; index++) {
      jumps.push(await jump(page, here, ((index * 7919) % 1000) / 1000))
    }
    yield [
      'jump anywhere to filled rows: p50, most, ms',
      '150',
      `${ms(percentile(jumps, 0.5))}, ${ms(Math.max(...jumps))}`,
      '',
    ]
    await jump(page, here, 0)
    let stop = await watchFrames(page)
    await scroll(page, here, 700, 300)
    const scrolled = await stop()
    yield ['scrolling 700 pixels a frame: p95 ms', '17', ms(scrolled.p95), '']
    yield ['longest task meanwhile, ms (0: none over 50)', '50', ms(scrolled.longest), '']
    for (let step = 0; step <= 200; step++) await jump(page, here, step / 200)
    const now = await held(page, here)
    yield ['rows in the document', '60', `${now.rows}`, '']
    yield ['elements', '1500', `${now.nodes}`, '']
    yield ['heap after scrolling all, MB', '25', mb(now.heap), '']
    yield ['list requests for scrolling all', '', `${asked.filter(here.isListRequest).length}`, '']
    await page.context().close()

    const control2 = await open(browser, nothing.url)
    stop = await watchFrames(control2.page)
    await setTimeout(2_000)
    const idle = await stop()
    await control2.page.context().close()
    const a = await burstOf(browser, here, ours.smtp)
    const b = await burstOf(browser, there, theirs.smtp)
    yield [
      `${burst} mails at once: frames p95 ms (blank page: ${ms(idle.p95)})`,
      '50',
      ms(a.frames.p95),
      ms(b.frames.p95),
    ]
    yield ['longest task meanwhile, ms', '', ms(a.frames.longest), ms(b.frames.longest)]
    yield ['list requests meanwhile', '1', `${a.lists}`, `${b.lists}`]
    yield ['seconds until all were accepted', '', a.seconds.toFixed(1), b.seconds.toFixed(1)]
  } finally {
    await browser.close()
    nothing.close()
    await ours.stop()
    await theirs.stop()
  }
}

const allScripts = (): number => {
  const folder = fileURLToPath(new URL('../../dist/web/assets/', import.meta.url))
  return readdirSync(folder)
    .filter(name => name.endsWith('.js'))
    .reduce((sum, name) => sum + gzipSync(readFileSync(folder + name)).length, 0)
}
