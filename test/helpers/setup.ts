import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPackage } from '../../server/build.ts'
import { folderOf, isInstalled, type NpmTool, npmTools } from './npm-tools.ts'

/**
 * `npm test` runs this first. It installs what the tests use beyond our own packages, from Debian where that is Debian and
 * we may, and from npm, and only what is missing; a test whose program is missing skips itself and says so. Then it builds
 * dist/.
 */

const NEEDED: readonly { readonly debian: string; readonly isThere: () => boolean }[] = [
  { debian: 'chromium', isThere: () => isOnPath('chromium') },
  { debian: 'swaks', isThere: () => isOnPath('swaks') },
  { debian: 'curl', isThere: () => isOnPath('curl') },
  { debian: 'python3', isThere: () => isOnPath('python3') },
  { debian: 'strace', isThere: () => isOnPath('strace') },
  { debian: 'tmux', isThere: () => isOnPath('tmux') },
  // Languages of the recipes in the README.
  { debian: 'python3-pytest', isThere: () => isOnPath('pytest') || isOnPath('pytest-3') },
  { debian: 'php-cli', isThere: () => isOnPath('php') },
  { debian: 'ruby', isThere: () => isOnPath('ruby') },
  // The reference that Mailcatch is held against.
  { debian: 'dovecot-imapd', isThere: () => existsSync('/usr/lib/dovecot/imap') },
  { debian: 'dovecot-pop3d', isThere: () => existsSync('/usr/lib/dovecot/pop3') },
  // Mail clients.
  { debian: 'fetchmail', isThere: () => isOnPath('fetchmail') },
  { debian: 'getmail6', isThere: () => isOnPath('getmail') },
  { debian: 'mpop', isThere: () => isOnPath('mpop') },
  { debian: 'mutt', isThere: () => isOnPath('mutt') },
  { debian: 'neomutt', isThere: () => isOnPath('neomutt') },
  { debian: 'isync', isThere: () => isOnPath('mbsync') },
  { debian: 'offlineimap3', isThere: () => isOnPath('offlineimap') },
  { debian: 'imapfilter', isThere: () => isOnPath('imapfilter') },
  { debian: 'thunderbird', isThere: () => isOnPath('thunderbird') },
  { debian: 'xvfb', isThere: () => isOnPath('Xvfb') },
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

const POLICY = '/usr/sbin/policy-rc.d'

/** Debian starts a service when it is installed, unless this file says that it may not (invoke-rc.d(8)). */
function withoutStartingServices(install: () => void): void {
  if (existsSync(POLICY)) {
    install()
    return
  }
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' })
  try {
    install()
  } finally {
    rmSync(POLICY)
  }
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
    withoutStartingServices(() => aptGet('install', '-y', '--no-install-recommends', ...missing))
  } catch (error) {
    say(`could not install them (${(error as Error).message}); the tests that need them will skip`)
  }
}

/** None of their scripts are run, and nothing of ours is changed. */
function installTools(): void {
  for (const tool of Object.keys(npmTools) as NpmTool[]) {
    if (isInstalled(tool)) continue
    const folder = folderOf(tool)
    const { packages } = npmTools[tool]
    say(`installing ${packages.join(' ')}`)
    mkdirSync(folder, { recursive: true })
    const quiet = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
    try {
      execFileSync('npm', ['install', ...quiet, '--prefix', folder, ...packages], {
        stdio: ['ignore', 'ignore', 'inherit'],
        timeout: 120_000,
      })
    } catch (error) {
      say(
        `could not install them (${(error as Error).message}); the tests that need them will skip`,
      )
    }
  }
}

installMissing()
installTools()
await buildPackage(fileURLToPath(new URL('../../dist', import.meta.url)))
say('built dist/')
