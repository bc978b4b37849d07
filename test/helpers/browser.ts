import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import type { HttpOptions } from '../../server/http/context.ts'
import { builtPage } from './built-page.ts'
import { startHttp } from './http-server.ts'

const executablePath = '/usr/bin/chromium'

/** Why browser tests skip themselves; false where they can run. */
export const noBrowser = existsSync(executablePath) ? false : 'there is no chromium here'

/** How Debian's chromium is started. It can reach loopback and nothing else. */
export const launchOptions = {
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  ],
}

/** Starts Debian's chromium. */
export const launchBrowser = (): Promise<Browser> => chromium.launch(launchOptions)

/** Lets functions be handed to the pages of a context: the compiler names them by a helper that a page does not have. */
export const giveNames = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript('globalThis.__name = each => each')
}

/** One browser for a whole test file, and the page as it is now. */
export type Stage = { readonly browser: Browser; readonly webDirectory: string }

export const openStage = async (): Promise<Stage> => {
  const [browser, webDirectory] = await Promise.all([launchBrowser(), builtPage()])
  return { browser, webDirectory }
}

export const closeStage = ({ browser }: Stage): Promise<void> => browser.close()

/** A way to a port that can be cut and mended. */
const openCable = async (test: TestContext, to: number) => {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer(near => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connect(to, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {}) // a browser resets connections as it likes
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  test.after(() => {
    cut()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const mend = (): void => {
    isCut = false
  }
  return { port: address.port, cut, mend }
}

/** A real server with the built page, and a page of the browser that has not gone anywhere yet. */
export const openInbox = async (
  test: TestContext,
  { browser, webDirectory }: Stage,
  {
    server = {},
    context: contextOptions = {},
  }: {
    server?: Partial<HttpOptions>
    context?: BrowserContextOptions
  } = {},
) => {
  const http = await startHttp(test, { webDirectory, ...server })
  const cable = await openCable(test, http.port)
  const url = `http://127.0.0.1:${cable.port}${server.basePath ?? '/'}`
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: null,
    ...contextOptions,
  })
  test.after(() => context.close())
  await giveNames(context)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.stack ?? error.message))
  const requests: string[] = []
  page.on('request', request => {
    const { pathname, search } = new URL(request.url())
    if (pathname.includes('/v1/')) requests.push(`${request.method()} ${pathname}${search}`)
  })
  return {
    ...http,
    url,
    cut: cable.cut,
    mend: cable.mend,
    page,
    context,
    /** Exceptions of the page. */
    faults,
    /** What the page asked of the API so far; emptied by being read. */
    asked: () => requests.splice(0),
  }
}

/** The ids of the rows in the document, from the top. */
export const shownIds = (page: Page): Promise<readonly number[]> =>
  page.getByTestId('row').evaluateAll(rows =>
    rows
      .map(row => ({ id: Number(row.dataset.id), top: row.getBoundingClientRect().top }))
      .sort((one, other) => one.top - other.top)
      .map(({ id }) => id),
  )

/** The first row that is wholly in view, and how far below the list's top it begins. */
export const firstInView = (page: Page): Promise<{ id: number; top: number } | undefined> =>
  page.getByTestId('list').evaluate(list => {
    const { top } = list.getBoundingClientRect()
    return [...list.querySelectorAll<HTMLElement>('[data-testid=row]')]
      .map(row => ({ id: Number(row.dataset.id), top: row.getBoundingClientRect().top - top }))
      .sort((one, other) => one.top - other.top)
      .find(row => row.top >= 0)
  })

/** Scrolls the list to a part of its height, 0 … 1. */
export const scrollList = (page: Page, part: number): Promise<void> =>
  page.getByTestId('list').evaluate((list, to) => {
    list.scrollTop = (list.scrollHeight - list.clientHeight) * to
  }, part)
