import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refuseOutgoing, watchedEnvironment } from './watched.ts'

const SOURCE = fileURLToPath(new URL('../../server/cli.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')

export type Ready = {
  readonly type: 'ready'
  readonly pid: number
  readonly url: string
  readonly data: string | null
  readonly ports: {
    readonly smtp: number
    readonly smtps: number | null
    readonly pop3: number
    readonly pop3s: number | null
    readonly imap: number
    readonly imaps: number | null
    readonly http: number
    readonly https: number | null
  }
}

/** The command, run as a person would, but for its home: a new folder, which `remove` takes away again. */
export class Cli {
  readonly child: ChildProcess
  /** Rejects where it tried to go out; so a test that waits for nothing fails too. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>
  stdout = ''
  stderr = ''

  constructor(
    args: readonly string[],
    {
      home,
      env = {},
      cwd = home,
      stdin = 'ignore',
      under = [],
      program = [process.execPath, '--import', TSX, SOURCE],
    }: {
      home: string
      env?: NodeJS.ProcessEnv
      cwd?: string
      stdin?: 'ignore' | 'pipe'
      /** A command that runs the command. */
      under?: readonly string[]
      /** What is run; the sources unless given. */
      program?: readonly string[]
    },
  ) {
    const [first = '', ...rest] = [...under, ...program, ...args]
    this.child = spawn(first, rest, {
      cwd,
      // Tests run side by side: whatever port a test does not name is any free one.
      env: {
        ...watchedEnvironment(),
        PATH: process.env.PATH,
        HOME: home,
        MAILCATCH_IMAP_PORT: '0',
        ...env,
      },
      stdio: [stdin, 'pipe', 'pipe'],
    })
    this.child.stdout?.setEncoding('utf8').on('data', text => {
      this.stdout += text
      this.child.emit('said')
    })
    this.child.stderr?.setEncoding('utf8').on('data', text => {
      this.stderr += text
      this.child.emit('said')
    })
    // 'close', not 'exit': only then all that it said has come.
    this.exited = once(this.child, 'close').then(([code, signal]) => {
      refuseOutgoing(this.stderr)
      return { code, signal }
    })
  }

  /** Resolves with the first match of what it says on standard output, or rejects when it ends before. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout)
      if (match) return match
      const ended = await Promise.race([
        once(this.child, 'said').then(() => false),
        this.exited.then(() => true),
      ])
      if (ended && !pattern.test(this.stdout)) {
        throw new Error(`it ended without saying ${pattern}:\n${this.stdout}\n${this.stderr}`)
      }
    }
  }

  /** The `ready` line of `--json`. */
  async ready(): Promise<Ready> {
    const [line] = await this.says(/^\{"type":"ready".*\}$/m)
    return JSON.parse(line) as Ready
  }

  /** Asks it to end, and waits until it has. */
  async end(signal: NodeJS.Signals = 'SIGTERM') {
    this.child.kill(signal)
    return this.exited
  }
}

/** A new folder to be at home in, removed by `remove`. */
export function makeHome(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'mailcatch-home-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
