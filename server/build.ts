import { execFile } from 'node:child_process'
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { build as buildWithVite } from 'vite'
import { collectNotices } from './notices.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Each becomes a file of this name in the package; what they share or load lazily becomes chunks beside them. */
const ENTRIES = {
  cli: 'server/cli.ts',
  index: 'server/index.ts',
  'content-worker': 'server/mime/content-worker.ts',
  'search-worker': 'server/store/search-worker.ts',
  'checks-worker': 'server/checks/checks-worker.ts',
}

type Manifest = {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly engines: unknown
}

/**
 * Builds the package that is released: bundles without dependencies, the web inbox, types, notices.
 * It is made in a new folder beside `target` and takes its place at the end, so that a failed build changes nothing.
 */
export async function buildPackage(target: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest
  await mkdir(dirname(target), { recursive: true })
  const made = await mkdtemp(`${target}-`)
  try {
    const [serverModules, webModules] = await Promise.all([
      bundleServer(made, manifest.version),
      bundleWeb(made),
      declareTypes(made),
      copyDocuments(made),
      writeManifest(made, manifest),
    ])
    const notices = await collectNotices([...serverModules, ...webModules])
    await writeFile(join(made, 'NOTICES.md'), notices)
    await chmod(join(made, 'cli.js'), 0o755)
    await chmod(made, 0o755)
    await rm(target, { recursive: true, force: true })
    await rename(made, target)
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    throw error
  }
}

/** Resolves with the files that went in. */
async function bundleServer(directory: string, version: string): Promise<readonly string[]> {
  const bundle = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(
      Object.entries(ENTRIES).map(([name, path]) => [name, join(ROOT, path)]),
    ),
    platform: 'node',
    // ws tries these two and does without.
    external: ['bufferutil', 'utf-8-validate'],
    transform: { target: 'node20.19', define: { MAILCATCH_VERSION: JSON.stringify(version) } },
    onLog: (level, log, handle) => handle(level === 'warn' ? 'error' : level, log),
  })
  const { output } = await bundle.write({
    dir: directory,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  })
  await bundle.close()
  return output.flatMap(file => (file.type === 'chunk' ? file.moduleIds : []))
}

async function bundleWeb(directory: string): Promise<readonly string[]> {
  const built = await buildWithVite({
    root: join(ROOT, 'web'),
    configFile: join(ROOT, 'web', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: join(directory, 'web'), emptyOutDir: true },
  })
  const outputs = Array.isArray(built) ? built : 'output' in built ? [built] : []
  return outputs.flatMap(({ output }) =>
    output.flatMap(file => (file.type === 'chunk' ? file.moduleIds : [])),
  )
}

/** Declarations of what index.ts exports, and of nothing that these do not name. */
async function declareTypes(directory: string): Promise<void> {
  const types = join(directory, 'types')
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const project = join(ROOT, 'server', 'tsconfig.json')
  const args = [compiler, '-p', project, '--outDir', types]
  await promisify(execFile)(process.execPath, args, { cwd: ROOT })
  const kept = await keep(join(types, 'index.d.ts'))
  for (const name of await readdir(types, { recursive: true })) {
    const path = join(types, name)
    if (name.endsWith('.d.ts') && !kept.has(path)) await rm(path)
  }
  await removeEmptyFolders(types)
}

/** A declaration and all that it imports; each names the others by `.js`, which every consumer resolves. */
async function keep(path: string, kept = new Set<string>()): Promise<Set<string>> {
  if (kept.has(path)) return kept
  kept.add(path)
  const text = await readFile(path, 'utf8')
  const imports = /((?:from|import\() ?['"]\.[^'"]+)\.ts(?=['"])/g
  await writeFile(path, text.replace(imports, '$1.js'))
  for (const [, specifier = ''] of text.matchAll(/(?:from|import\() ?['"](\.[^'"]+)\.ts['"]/g)) {
    await keep(resolve(dirname(path), `${specifier}.d.ts`), kept)
  }
  return kept
}

async function removeEmptyFolders(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeEmptyFolders(join(directory, entry.name))
  }
  if ((await readdir(directory)).length === 0) await rm(directory, { recursive: true })
}

async function copyDocuments(directory: string): Promise<void> {
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE']) {
    await copyFile(join(ROOT, name), join(directory, name))
  }
}

/** Without dependencies: all of them are in the bundles. */
async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  const { name, version, description, license, engines } = manifest
  const released = {
    name,
    version,
    description,
    license,
    keywords: ['mail', 'email', 'smtp', 'testing', 'development', 'inbox'],
    type: 'module',
    engines,
    bin: { mailcatch: 'cli.js' },
    exports: {
      '.': { types: './types/index.d.ts', default: './index.js' },
      './package.json': './package.json',
    },
    files: ['*.js', 'web', 'types', 'NOTICES.md', 'CHANGELOG.md'],
  }
  await writeFile(join(directory, 'package.json'), `${JSON.stringify(released, null, 2)}\n`)
}

const isMain = process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href
if (isMain) {
  const began = performance.now()
  await buildPackage(join(ROOT, 'dist'))
  process.stdout.write(`built dist/ in ${Math.round(performance.now() - began)} ms\n`)
}
