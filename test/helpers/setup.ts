import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPackage } from '../../server/build.ts'

/**
 * `npm test` runs this first. It installs what the tests use beyond npm's packages, where that is Debian and we may,
 * and only what is missing; a test whose program is missing skips itself and says so. Then it builds dist/.
 */

const NEEDED: readonly { readonly debian: string; readonly isThere: () => boolean }[] = [
  { debian: 'chromium', isThere: () => isOnPath('chromium') },
  { debian: 'swaks', isThere: () => isOnPath('swaks') },
  { debian: 'curl', isThere: () => isOnPath('curl') },
  { debian: 'python3', isThere: () => isOnPath('python3') },
  { debian: 'strace', isThere: () => isOnPath('strace') },
  { debian: 'fonts-noto-cjk', isThere: () => existsSync('/usr/share/fonts/opentype/noto') },
  {
    debian: 'fonts-noto-color-emoji',
    isThere: () => existsSync('/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'),
  },
]

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(directory => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

const say = (line: string) => process.stdout.write(`setup: ${line}\n`)

function aptGet(...args: string[]): void {
  execFileSync('apt-get', ['-qq', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

function installMissing(): void {
  const missing = NEEDED.filter(({ isThere }) => !isThere()).map(({ debian }) => debian)
  if (missing.length === 0) return
  const names = missing.join(' ')
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !isOnPath('apt-get')) {
    say(`missing: ${names} (Debian's names); the tests that need them will skip`)
    return
  }
  say(`installing ${names}`)
  try {
    aptGet('update')
    aptGet('install', '-y', '--no-install-recommends', ...missing)
  } catch (error) {
    say(`could not install them (${(error as Error).message}); the tests that need them will skip`)
  }
}

installMissing()
await buildPackage(fileURLToPath(new URL('../../dist', import.meta.url)))
say('built dist/')
