import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { watchedEnvironment } from './watched.ts'

/** Why tests on a terminal skip themselves; false where they can run. */
export const noTerminal =
  spawnSync('script', ['--version']).status !== 0 && 'script(1), which makes a terminal, is missing'

/** The command from its sources, as a shell command line begins. */
export const MAILCATCH = [
  process.execPath,
  '--import',
  import.meta.resolve('tsx'),
  fileURLToPath(new URL('../../server/cli.ts', import.meta.url)),
].join(' ')

/** Runs a shell command line on a terminal of its own. */
export function openTerminal(line: string, home: string, env: NodeJS.ProcessEnv = {}) {
  const terminal = spawn('script', ['-qefc', line, '/dev/null'], {
    env: {
      ...watchedEnvironment(),
      PATH: process.env.PATH,
      HOME: home,
      TERM: 'xterm',
      SHELL: '/bin/sh',
      ...env,
    },
    cwd: home,
  })
  let screen = ''
  terminal.stdout.setEncoding('utf8').on('data', text => {
    screen += text
  })
  return {
    screen: () => screen,
    press: (keys: string) => terminal.stdin.write(keys),
    shows: async (pattern: RegExp) => {
      for (;;) {
        const match = pattern.exec(screen)
        if (match) return match
        await once(terminal.stdout, 'data')
      }
    },
    exited: once(terminal, 'close').then(([code]) => code as number),
  }
}
