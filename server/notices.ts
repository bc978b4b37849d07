import { readdir, readFile } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'

type Package = {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly text: string
}

/**
 * The licence notices of exactly those packages whose files went into the bundles, in Markdown, and of data of others that
 * lies among our files. Rejects where a package, or such data, says nothing of its licence.
 *
 * @param modules paths of the bundled files, as the bundler tells them
 */
export async function collectNotices(modules: readonly string[]): Promise<string> {
  const directories = new Set(modules.map(packageDirectory).filter(path => path !== null))
  const packages = await Promise.all([...directories].map(readPackage))
  const byName = packages.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const sections = byName.map(
    ({ name, version, license, text }) =>
      `## ${name} ${version}\n\n${license}\n\n\`\`\`\`text\n${text.trim()}\n\`\`\`\`\n`,
  )
  sections.push(...(await Promise.all(modules.filter(isForeignData).map(dataSection))))
  return `# Notices\n\nMailcatch contains parts of these packages, under their own licences.\n\n${sections.join('\n')}`
}

/** A table in our own tree is somebody’s: its notice lies beside it. */
const isForeignData = (path: string): boolean =>
  path.endsWith('.json') && packageDirectory(path) === null

async function dataSection(path: string): Promise<string> {
  const text = await readFile(path.replace(/\.json$/, '.licence.txt'), 'utf8')
  return `## ${basename(path)}\n\n\`\`\`\`text\n${text.trim()}\n\`\`\`\`\n`
}

/** The folder of the package that a file belongs to, null for our own files and the bundler's. */
function packageDirectory(path: string): string | null {
  const marker = `${sep}node_modules${sep}`
  const start = path.lastIndexOf(marker)
  if (start < 0 || path.startsWith('\0')) return null
  const [first = '', second = ''] = path.slice(start + marker.length).split(sep)
  const name = first.startsWith('@') ? join(first, second) : first
  return path.slice(0, start + marker.length) + name
}

async function readPackage(directory: string): Promise<Package> {
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    name: string
    version: string
    license?: string
    author?: string | { name?: string }
  }
  const { name, version, license } = manifest
  if (!license) throw new Error(`${name} names no licence`)
  const author = typeof manifest.author === 'string' ? manifest.author : manifest.author?.name
  const text = await readLicense(directory)
  return { name, version, license, text: text ?? `${license}. Copyright: ${author ?? name}` }
}

async function readLicense(directory: string): Promise<string | null> {
  const names = (await readdir(directory)).filter(name =>
    /^(?:licen[cs]e|copying|notice)/i.test(name),
  )
  if (names.length === 0) return null
  const texts = names.toSorted().map(name => readFile(join(directory, name), 'utf8'))
  return (await Promise.all(texts)).join(`\n\n`)
}
