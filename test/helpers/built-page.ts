import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TOOLS } from './npm-tools.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const KEPT = join(TOOLS, 'pages')

/** Milliseconds that a page is kept which nobody asks for. */
const patience = 24 * 60 * 60 * 1_000

/** Builds the page into a folder, as it is now. */
export async function buildPage(directory: string): Promise<void> {
  // Who finds the page built is spared the builder.
  const { build } = await import('vite')
  await build({
    configFile: join(ROOT, 'web', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: directory, emptyOutDir: true },
  })
}

/** The folder of the page as it is now: built for the first who asks, and kept for the others as long as its sources are the same. */
export async function builtPage(): Promise<string> {
  const directory = join(KEPT, await fingerprint())
  if (await use(directory)) return directory
  await mkdir(KEPT, { recursive: true })
  await removeOld()
  const made = await mkdtemp(`${directory}-`)
  await buildPage(made)
  try {
    await rename(made, directory)
  } catch (error) {
    await rm(made, { recursive: true })
    // Another test file was faster.
    if (!(await use(directory))) throw error
  }
  return directory
}

/** Of all that the page is made from: its own files, and the packages. */
async function fingerprint(): Promise<string> {
  const found = await readdir(join(ROOT, 'web'), { recursive: true, withFileTypes: true })
  const paths = found.filter(each => each.isFile()).map(each => join(each.path, each.name))
  const hash = createHash('sha256')
  for (const path of [...paths.sort(), join(ROOT, 'package-lock.json')]) {
    hash.update(`${relative(ROOT, path)}\0`)
    hash.update(
      createHash('sha256')
        .update(await readFile(path))
        .digest(),
    )
  }
  return hash.digest('hex').slice(0, 32)
}

/** Whether it is there; if so it is kept for longer. */
const use = (directory: string): Promise<boolean> =>
  utimes(directory, new Date(), new Date()).then(
    () => true,
    () => false,
  )

async function removeOld(): Promise<void> {
  for (const name of await readdir(KEPT)) {
    const path = join(KEPT, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (Date.now() - mtimeMs > patience) await rm(path, { recursive: true, force: true })
  }
}
