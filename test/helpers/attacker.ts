import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { type Attacks, armPage } from './attack-page.ts'
import { launchOptions } from './browser.ts'

/**
 * Names that lead to this machine: the attacker's own, one that the attacker has pointed at us, and one that we are
 * called by in a network, to which a browser tells nothing of where a request comes from (Fetch Metadata §2).
 */
const names = ['attacker.example', 'rebound.example', 'mailcatch']
const rules = names.map(name => `MAP ${name} 127.0.0.1`).join(', ')

/** A browser to which a name that is not local leads here too, as after DNS rebinding. */
export const launchRebound = (): Promise<Browser> =>
  chromium.launch({
    ...launchOptions,
    args: launchOptions.args.map(each =>
      each.replace('--host-resolver-rules=', `--host-resolver-rules=${rules}, `),
    ),
  })

const serve = async (test: TestContext, listener: RequestListener): Promise<number> => {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** The attacker's own site, under three names: another port of our name, another name of this machine, another site. */
export async function startAttacker(test: TestContext) {
  const port = await serve(test, (request, response) => {
    const url = new URL(request.url ?? '', 'http://attacker.example')
    const to = url.searchParams.get('to') ?? ''
    response.setHeader('content-type', 'text/html')
    if (url.pathname === '/redirect') response.writeHead(307, { location: to })
    if (url.pathname === '/report') {
      response.setHeader('content-security-policy', `img-src 'none'; report-uri ${to}`)
      response.end('<img src="/broken.png">')
    } else response.end('<!doctype html><title>Attack</title><body>')
  })
  const names = ['127.0.0.1', 'localhost', 'attacker.example'] as const
  return { port, origins: names.map(name => `http://${name}:${port}`) }
}

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/**
 * A server that defends itself against nothing: what an attack would have come to. To each kind of request it answers
 * what that can take.
 */
export const startBare = (test: TestContext): Promise<number> =>
  serve(test, (request, response) => {
    const { origin = '*', accept = '', 'sec-fetch-dest': kind } = request.headers
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-credentials', 'true')
    response.setHeader('access-control-allow-methods', 'PATCH, DELETE')
    response.setHeader('access-control-allow-headers', 'content-type')
    response.setHeader('cache-control', 'no-store')
    const [type, body] =
      kind === 'image'
        ? ['image/png', png]
        : kind === 'style'
          ? ['text/css', 'p { color: red }']
          : accept === 'text/event-stream'
            ? [accept, 'data: secret\n\n']
            : /^(?:document|iframe|object|embed)$/.test(String(kind))
              ? ['text/html', '<p id="page">the inbox</p>']
              : ['text/javascript', 'globalThis.ran = true']
    response.setHeader('content-type', type)
    request.resume().on('end', () => response.end(body))
  })

/** A page of an attacker's, armed. */
export async function openAttack(browser: Browser | BrowserContext, origin: string): Promise<Page> {
  const page = await browser.newPage()
  await page.addInitScript('globalThis.__name = each => each')
  await page.addInitScript(armPage)
  await page.goto(origin)
  return page
}

/** Makes the page, begun anew, do something to each of some addresses at once. Answers what it can tell, in their order. */
export async function attack(page: Page, name: string, urls: readonly string[]): Promise<string[]> {
  await page.reload()
  return page.evaluate(
    ([what, all]) => {
      const { attacks } = globalThis as unknown as { attacks: Attacks }
      const run = attacks[what]
      if (!run) throw new Error(`there is no attack ${what}`)
      return Promise.all(all.map(url => run(url)))
    },
    [name, urls] as const,
  )
}
