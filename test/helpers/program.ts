import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { refuseOutgoing, watchedEnvironment } from './watched.ts'

export type Ran = { readonly stdout: string; readonly stderr: string; readonly bytes: Buffer }

export type RunOptions = {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string | Uint8Array
  /** Exit codes that are no failure. */
  readonly accepts?: readonly number[]
  /** Milliseconds after which it is ended, which is a failure. */
  readonly timeout?: number
}

/** Skips the test, saying so, where a program is not installed. */
export function isMissing(t: TestContext, ...programs: readonly string[]): boolean {
  const missing = programs.filter(program => !isInstalled(program))
  if (missing.length > 0) t.skip(`not installed: ${missing.join(', ')}`)
  return missing.length > 0
}

const isInstalled = (program: string): boolean =>
  spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' }).status === 0

/** Runs a program to its end. What it said is in the error when it fails, takes too long, or tries to go out. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = {}, input = '', accepts = [0], timeout = 60_000 }: RunOptions = {},
): Promise<Ran> {
  const child = spawn(command, args, {
    cwd,
    env: { ...watchedEnvironment(), PATH: process.env.PATH, LANG: 'C.UTF-8', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  })
  let isTooLate = false
  const timer = setTimeout(() => {
    isTooLate = true
    process.kill(-(child.pid as number), 'SIGKILL')
  }, timeout)
  // It may end without reading everything.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  try {
    const [bytes, errors, [code, signal]] = await Promise.all([
      buffer(child.stdout),
      buffer(child.stderr),
      once(child, 'close'),
    ])
    const ran = { stdout: bytes.toString(), stderr: errors.toString(), bytes }
    if (isTooLate || !accepts.includes(code)) {
      const end = isTooLate ? `was ended after ${timeout} ms` : `ended with ${code ?? signal}`
      const shown = [command, ...args].join(' ')
      throw new Error(`${shown}\n${end}\n--- stdout\n${ran.stdout}\n--- stderr\n${ran.stderr}`)
    }
    refuseOutgoing(ran.stderr)
    return ran
  } finally {
    clearTimeout(timer)
  }
}

/** Waits for the end of its input, which is ours too, and then ends what it has started. */
const TIE = `signal=$1; shift; "$@" 0</dev/null & child=$!; exec 1>&- 2>&-; read -r _; kill -s "$signal" $child; wait $child`

/** A program that ends with us, however we end. */
export type Tied = {
  /** Its standard output and error, and whatever other pipes were asked for. */
  readonly streams: ChildProcess['stdio']
  /** Ends it by its signal, and waits until it has. */
  end(): Promise<void>
}

/** Starts a program that runs until it is told to end, or until this process is gone. */
export function startTied(
  command: string,
  args: readonly string[],
  {
    env = process.env,
    signal = 'TERM',
    pipes = 3,
  }: {
    readonly env?: NodeJS.ProcessEnv
    readonly signal?: 'TERM' | 'KILL'
    readonly pipes?: number
  } = {},
): Tied {
  const child = spawn('sh', ['-c', TIE, 'sh', signal, command, ...args], {
    env,
    stdio: Array.from({ length: pipes }, () => 'pipe' as const),
  })
  const exited = once(child, 'exit')
  child.stdin?.on('error', () => {})
  return {
    streams: child.stdio,
    async end() {
      child.stdin?.end()
      await exited
    },
  }
}

/** Milliseconds that a program may take to say what is waited for. */
const PATIENCE = 30_000

/** Resolves with the first match of what a stream says from now on; rejects with all of it where that never comes. */
export function says(stream: Readable, pattern: RegExp): Promise<RegExpExecArray> {
  let text = ''
  return new Promise((resolve, reject) => {
    const fail = (how: string) => reject(new Error(`it ${how} without saying ${pattern}: ${text}`))
    const timer = setTimeout(fail, PATIENCE, 'went on')
    stream.setEncoding('utf8')
    stream.on('data', chunk => {
      text += chunk
      const match = pattern.exec(text)
      if (!match) return
      clearTimeout(timer)
      resolve(match)
    })
    stream.on('end', () => {
      clearTimeout(timer)
      fail('ended')
    })
  })
}
