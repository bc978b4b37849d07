import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The package as it was built last. `npm test` builds it first. */
export const DIST = join(ROOT, 'dist')

export type Consumer = {
  readonly folder: string
  /** Writes a file of it; answers its path. */
  write(name: string, text: string): string
  remove(): void
}

/**
 * A folder with a sample app (of test/fixtures/testing), that has the built package installed, and by name what else its
 * programs use: from our own node_modules, or from another folder.
 */
export function makeConsumer(packages: Readonly<Record<string, string>> = {}): Consumer {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mailcatch-consumer-'))
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  // Not linked: test runners treat what is not in node_modules as the tests' own.
  cpSync(DIST, join(modules, 'mailcatch'), { recursive: true })
  symlinkSync('../mailcatch/cli.js', join(modules, '.bin', 'mailcatch'))
  const shop = fileURLToPath(new URL('../fixtures/testing', import.meta.url))
  for (const name of readdirSync(shop)) cpSync(join(shop, name), join(folder, name))
  for (const [name, from] of Object.entries(packages)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(from, name), join(modules, name))
  }
  const write = (name: string, text: string): string => {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  write('package.json', '{ "type": "module", "private": true }')
  return { folder, write, remove: () => rmSync(folder, { recursive: true }) }
}

/** Packages of our own node_modules, for {@link makeConsumer}. */
export const ours = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map(name => [name, join(ROOT, 'node_modules')]))
