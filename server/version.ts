import { readFileSync } from 'node:fs'

/** Set by the build. */
declare const MAILCATCH_VERSION: string | undefined

/** Ours, as in package.json. */
export const version: string =
  typeof MAILCATCH_VERSION === 'string' ? MAILCATCH_VERSION : readVersion()

function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
