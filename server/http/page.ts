import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { HttpContext } from './context.ts'
import { pagePolicy } from './headers.ts'
import { HttpProblem } from './problem.ts'
import type { App } from './route.ts'

/** The addresses of the web inbox, below the base path. */
const pagePaths = [
  '',
  'connect',
  'settings',
  'm/:id{[1-9][0-9]{0,9}}',
  'm/:id{[1-9][0-9]{0,9}}/:tab{text|source|headers|parts|links|checks|smtp}',
]

/** The same, the bare mail, and the reference: what a link on another site may lead to. */
const navigable =
  /^\/(?:connect|settings|v1\/docs|m\/[1-9]\d{0,9}(?:\/(?:html|text|source|headers|parts|links|checks|smtp))?)?$/

/** Whether a path (below the base path, exactly as it was sent) is one that links from elsewhere may open. */
export const isNavigable = (path: string): boolean => navigable.test(path)

type Octets = Buffer<ArrayBuffer>
type Asset = { readonly type: string; readonly bytes: Octets; gzip?: Promise<Octets> }
/** The page, and its files by name. */
type Site = { readonly page: string; readonly assets: ReadonlyMap<string, Asset> }

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff2: 'font/woff2',
}

/** Serves the built web inbox: the page on its own addresses, its files by their exact names, and nothing else. */
export function mountPage(
  app: App,
  { auth, basePath, webDirectory }: Pick<HttpContext, 'auth' | 'basePath' | 'webDirectory'>,
): void {
  let site: Promise<Site | null> | undefined
  const load = () => {
    site ??= readSite(webDirectory ?? fileURLToPath(new URL('./web/', import.meta.url)), basePath)
    return site
  }
  for (const path of pagePaths) {
    app.get(basePath + path, async () => {
      const loaded = await load()
      return loaded ? html(loaded.page, 200) : html(missing, 503)
    })
  }
  app.get(`${basePath}assets/:name`, async context => {
    const asset = (await load())?.assets.get(context.req.param('name'))
    if (!asset) throw new HttpProblem(404, 'There is no such file.')
    const accept = context.req.header('accept-encoding') ?? ''
    // What takes a password is for nobody else who asks the same proxy.
    return answer(asset, accept, auth === null ? 'public' : 'private')
  })
}

/** What the build wrote, in memory: a name is looked up, and never becomes a path. Null without a build. */
async function readSite(directory: string, basePath: string): Promise<Site | null> {
  let page: string
  try {
    page = await readFile(join(directory, 'index.html'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const assets = new Map<string, Asset>()
  for (const entry of await readdir(join(directory, 'assets'), { withFileTypes: true })) {
    const type = types[entry.name.slice(entry.name.lastIndexOf('.') + 1)]
    if (!entry.isFile() || type === undefined) continue
    assets.set(entry.name, { type, bytes: await readFile(join(directory, 'assets', entry.name)) })
  }
  // The build writes links from the root; the page is also served below it, so they cannot be relative.
  return { page: page.replaceAll('="/', `="${escapeAttribute(basePath)}`), assets }
}

const compress = promisify<Octets, { level: number }, Octets>(gzip)

async function answer(
  asset: Asset,
  accept: string,
  audience: 'public' | 'private',
): Promise<Response> {
  const headers = {
    'content-type': asset.type,
    // Its name has its hash in it.
    'cache-control': `${audience}, max-age=31536000, immutable`,
    vary: 'Origin, Sec-Fetch-Site, Accept-Encoding',
  }
  if (asset.bytes.length < 1_000 || !/\bgzip\b/.test(accept) || asset.type === types.woff2) {
    return new Response(asset.bytes, { headers })
  }
  asset.gzip ??= compress(asset.bytes, { level: 9 })
  return new Response(await asset.gzip, { headers: { ...headers, 'content-encoding': 'gzip' } })
}

const html = (text: string, status: number): Response =>
  new Response(text, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy },
  })

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

const missing = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Mailcatch</title>
<h1>The web inbox is not built</h1>
<p>Mail is being caught all the same. Run <code>npm run build</code> and start again.</p>
</html>
`
