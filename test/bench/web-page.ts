import type { Browser, CDPSession, Page } from 'playwright-core'
import { giveNames } from '../helpers/browser.ts'
import { percentile } from './latency.ts'

/** An inbox in a browser, whoever made it. */
export type Target = {
  readonly url: string
  /** A row of the list, and what scrolls it. */
  readonly row: string
  readonly list: string
  /** Whether a request asks for the list. */
  readonly isListRequest: (path: string) => boolean
}

/** A page of its own profile, as at the first visit. */
export const open = async (
  browser: Browser,
  url: string,
): Promise<{ page: Page; asked: string[] }> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await giveNames(context)
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', request => {
    const { pathname, search } = new URL(request.url())
    asked.push(pathname + search)
  })
  await page.goto(url)
  return { page, asked }
}

/** Milliseconds from asking for the page to a selector's first match on it. */
export const firstMatch = async (
  browser: Browser,
  url: string,
  selector: string,
): Promise<number> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await giveNames(context)
  const page = await context.newPage()
  await page.addInitScript(wanted => {
    const look = (): void => {
      if (document.querySelector(wanted)) Object.assign(window, { found: performance.now() })
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, selector)
  await page.goto(url)
  const ms = await page.waitForFunction(() => (window as { found?: number }).found)
  const value = Number(await ms.jsonValue())
  await context.close()
  return value
}

/** Counts frames and long tasks until `stop`; both in milliseconds. */
export const watchFrames = async (page: Page) => {
  await page.evaluate(() => {
    const watch = { frames: [] as number[], tasks: [] as number[], isOn: true }
    Object.assign(window, { watch })
    new PerformanceObserver(list => {
      if (watch.isOn) watch.tasks.push(...list.getEntries().map(({ duration }) => duration))
    }).observe({ entryTypes: ['longtask'] })
    let last = performance.now()
    const step = (now: number): void => {
      watch.frames.push(now - last)
      last = now
      if (watch.isOn) requestAnimationFrame(step)
    }
    requestAnimationFrame(step)
  })
  return async (): Promise<{ p50: number; p95: number; most: number; longest: number }> => {
    const { frames, tasks } = await page.evaluate(() => {
      const { watch } = window as unknown as {
        watch: { frames: number[]; tasks: number[]; isOn: boolean }
      }
      watch.isOn = false
      return watch
    })
    const known = frames.slice(1)
    return {
      p50: percentile(known, 0.5),
      p95: percentile(known, 0.95),
      most: Math.max(...known),
      longest: Math.max(0, ...tasks),
    }
  }
}

/** Milliseconds since 1970 at which a text stands in the document; ask before it can. */
export const whenShown = async (page: Page, text: string): Promise<() => Promise<number>> => {
  await page.evaluate(wanted => {
    Object.assign(window, {
      shown: new Promise<number>(resolve => {
        const look = (): void => {
          if (!document.body.textContent?.includes(wanted)) return
          observer.disconnect()
          requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()))
        }
        const observer = new MutationObserver(look)
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
        look()
      }),
    })
  }, text)
  return () => page.evaluate(() => (window as unknown as { shown: Promise<number> }).shown)
}

/** Scrolls to a part of the height, and waits until a row is in view; milliseconds. */
export const jump = (page: Page, { list, row }: Target, part: number): Promise<number> =>
  page.evaluate(
    async ([list, row, part]) => {
      const box = document.querySelector<HTMLElement>(list)
      if (!box) throw new Error('no list')
      const start = performance.now()
      box.scrollTop = (box.scrollHeight - box.clientHeight) * part
      const { top, bottom } = box.getBoundingClientRect()
      const isFilled = (): boolean => {
        const seen = [...document.querySelectorAll<HTMLElement>(row)]
          .map(element => ({ element, rect: element.getBoundingClientRect() }))
          .filter(({ rect }) => rect.bottom > top + 1 && rect.top < bottom - 1)
        const height = seen.reduce((sum, { rect }) => sum + rect.height, 0)
        return height >= bottom - top - 1 && seen.every(({ element }) => element.textContent !== '')
      }
      while (!isFilled()) await new Promise(requestAnimationFrame)
      return performance.now() - start
    },
    [list, row, part] as const,
  )

/** Scrolls by so many pixels a frame, for so many frames. */
export const scroll = (
  page: Page,
  { list }: Target,
  pixels: number,
  frames: number,
): Promise<void> =>
  page.evaluate(
    async ([list, pixels, frames]) => {
      const box = document.querySelector<HTMLElement>(list)
      if (!box) throw new Error('no list')
      for (let frame = 0; frame < frames; frame++) {
        box.scrollTop += pixels
        await new Promise(requestAnimationFrame)
      }
    },
    [list, pixels, frames] as const,
  )

/** What the page holds once garbage is collected: octets of heap, nodes, rows. */
export const held = async (page: Page, { row }: Target) => {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const [rows, nodes] = await page.evaluate(
    selector => [document.querySelectorAll(selector).length, document.querySelectorAll('*').length],
    row,
  )
  return { heap: usedSize, rows: rows ?? 0, nodes: nodes ?? 0 }
}
