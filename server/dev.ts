import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

/**
 * `npm run dev`: the server, started anew whenever one of its files changes, and before it Vite's own server for the
 * page, which updates itself. Arguments go to the server: `npm run dev -- --memory`.
 */

const HTTP_PORT = 8025
const PAGE_PORT = 5173

const root = fileURLToPath(new URL('..', import.meta.url))
const server = spawn(
  process.execPath,
  [
    '--watch',
    '--import',
    'tsx',
    'server/cli.ts',
    '--http-port',
    `${HTTP_PORT}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
)

const target = `http://127.0.0.1:${HTTP_PORT}`
const page = await createServer({
  root: fileURLToPath(new URL('../web', import.meta.url)),
  configFile: fileURLToPath(new URL('../web/vite.config.ts', import.meta.url)),
  server: {
    port: PAGE_PORT,
    // Host stays the page's own, as our gate wants it: it must equal Origin's.
    proxy: {
      '/v1': { target, ws: true },
      '^/m/[^/]+/html': { target },
    },
  },
})
await page.listen()
page.printUrls()

const end = () => {
  server.kill('SIGTERM')
  void page.close()
}
process.once('SIGINT', end)
process.once('SIGTERM', end)
server.once('exit', code => {
  process.exitCode = code ?? 0
  void page.close()
})
