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
import { type InputOptions, type OutputOptions, rolldown } from 'rolldown'
import { build as buildWithVite } from 'vite'
import { collectNotices } from './notices.ts'
import {
  commonJsTypes,
  main,
  moduleTypes,
  packageExports,
  peers,
  testingCommonJs,
  testingModules,
} from './package-entries.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

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
  const common = {
    cwd: ROOT,
    platform: 'node',
    transform: { target: 'node20.19', define: { MAILCATCH_VERSION: JSON.stringify(version) } },
    onLog: (level, log, handle) => handle(level === 'warn' ? 'error' : level, log),
  } satisfies InputOptions
  // Its errors are read in the tests of others, with the names and lines that are in its files.
  const testing = { ...common, external: Object.keys(peers), plugins: [MAIN_ENTRY] }
  const used = await Promise.all([
    bundle(
      // ws tries these two and does without.
      { ...common, input: { ...main }, external: ['bufferutil', 'utf-8-validate'] },
      { dir: directory, format: 'esm', minify: true, ...namesOf('', 'js') },
    ),
    bundle(
      { ...testing, input: { ...testingModules } },
      { dir: directory, format: 'esm', ...namesOf('testing/', 'js') },
    ),
    bundle(
      { ...testing, input: { ...testingCommonJs } },
      { dir: directory, format: 'cjs', ...namesOf('testing/', 'cjs') },
    ),
  ])
  return used.flat()
}

const namesOf = (folder: string, extension: string) => ({
  entryFileNames: `[name].${extension}`,
  chunkFileNames: `${folder}[name]-[hash].${extension}`,
})

/** What the testing library loads by `import()` is the main entry of the package, and not a second one. */
const MAIN_ENTRY = {
  name: 'main-entry',
  resolveId: (id: string) => (id === '../index.ts' ? { id: '../index.js', external: true } : null),
}

async function bundle(input: InputOptions, output: OutputOptions): Promise<readonly string[]> {
  const made = await rolldown(input)
  const { output: files } = await made.write(output)
  await made.close()
  return files.flatMap(file => (file.type === 'chunk' ? file.moduleIds : []))
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

/** Declarations of what the entries export, and of nothing that these do not name. */
async function declareTypes(directory: string): Promise<void> {
  const types = join(directory, 'types')
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const project = join(ROOT, 'server', 'tsconfig.json')
  const args = [compiler, '-p', project, '--outDir', types]
  await promisify(execFile)(process.execPath, args, { cwd: ROOT })
  const kept = new Set<string>()
  for (const path of moduleTypes) await keep(join(directory, path), kept)
  const required = new Set<string>()
  for (const path of commonJsTypes) await keep(join(directory, path), required)
  await Promise.all([...required].map(copyForCommonJs))
  for (const name of await readdir(types, { recursive: true })) {
    const path = join(types, name)
    if (name.endsWith('.d.ts') && !kept.has(path)) await rm(path)
  }
  await removeEmptyFolders(types)
}

/** A declaration and all that it imports; each names the others by `.js`, which every consumer resolves. */
async function keep(path: string, kept: Set<string>): Promise<void> {
  if (kept.has(path)) return
  kept.add(path)
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(/((?:from|import\() ?['"]\.[^'"]+)\.ts(?=['"])/g, '$1.js'))
  const imports = text.matchAll(/(?:from|import\() ?['"](\.[^'"]+)\.[jt]s['"]/g)
  for (const [, specifier = ''] of imports) {
    await keep(resolve(dirname(path), `${specifier}.d.ts`), kept)
  }
}

/** The same declarations for who loads CommonJS: TypeScript goes by the names of files. */
async function copyForCommonJs(path: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  const specifiers = /((?:from|import\() ?['"]\.[^'"]+)\.js(?=['"])/g
  await writeFile(path.replace(/ts$/, 'cts'), text.replace(specifiers, '$1.cjs'))
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

/** Without dependencies: all of them are in the bundles, but for the test runners of who has them. */
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
    exports: packageExports,
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(peers).map(peer => [peer, { optional: true }]),
    ),
    files: ['*.js', 'testing', 'web', 'types', 'NOTICES.md', 'CHANGELOG.md'],
  }
  await writeFile(join(directory, 'package.json'), `${JSON.stringify(released, null, 2)}\n`)
}

const isMain = process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href
if (isMain) {
  const began = performance.now()
  await buildPackage(join(ROOT, 'dist'))
  process.stdout.write(`built dist/ in ${Math.round(performance.now() - began)} ms\n`)
}
