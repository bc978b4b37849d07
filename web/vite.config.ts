import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * `import { icon } from 'lucide-static/icons/name.svg?icon'` is the icon's elements as data, so that the page
 * renders them as elements: no markup string ever reaches the document (Trusted Types).
 */
const icons = (): Plugin => ({
  name: 'icons',
  enforce: 'pre',
  async load(id) {
    if (!id.endsWith('.svg?icon')) return null
    const svg = await readFile(id.slice(0, -'?icon'.length), 'utf8')
    const elements = [...svg.matchAll(/^ {2}<(\w+) (.*?) ?\/>$/gm)].map(([, name, attributes]) => [
      name,
      Object.fromEntries(
        [...(attributes ?? '').matchAll(/([\w-]+)="([^"]*)"/g)].map(match => [match[1], match[2]]),
      ),
    ])
    if (elements.length === 0) throw new Error(`No icon in ${id}`)
    return { code: `export const icon = ${JSON.stringify(elements)}`, moduleType: 'js' }
  },
})

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [icons()],
  // The page is also served below its own root (`/m/42`): its links begin at the root, which the server
  // replaces where there is a base path; what the modules load is found beside them.
  experimental: {
    renderBuiltUrl: (file, { hostType }) => (hostType === 'html' ? `/${file}` : { relative: true }),
  },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The style sheet says light-dark() itself.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
})
