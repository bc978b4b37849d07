import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Mix } from './mails.ts'

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The bundle that is released: the benchmarks measure what people run. */
export const cli = file('../../dist/cli.js')

const firstLine = async (child: ChildProcess): Promise<string> => {
  if (!child.stdout) throw new Error('no output to read')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return line
}

const stop = async (child: ChildProcess): Promise<void> => {
  const closed = once(child, 'exit')
  child.kill('SIGTERM')
  await closed
}

/** A server that runs for a benchmark. */
export type Running = {
  readonly smtp: number
  readonly url: string
  /** Milliseconds from the start of the process until it said that its ports are open. */
  readonly startup: number
  /** Octets. */
  rss(): number
  stop(): Promise<void>
}

const running = (child: ChildProcess, smtp: number, url: string, startup: number): Running => ({
  smtp,
  url,
  startup,
  rss: () => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024
  },
  stop: () => stop(child),
})

export const startBare = async (): Promise<Running> => {
  const start = performance.now()
  const child = spawn(process.execPath, ['--import', 'tsx', file('bare-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = Number(await firstLine(child))
  return running(child, port, '', performance.now() - start)
}

/** Mailcatch on free ports; `command` is what to run in front of the flags. */
export const startMailcatch = async (
  data: string,
  command: readonly string[] = [process.execPath, cli],
  env: NodeJS.ProcessEnv = {},
  cwd = process.cwd(),
): Promise<Running> => {
  const [program = '', ...first] = command
  const flags = ['--json', '--smtp-port', '0', '--http-port', '0', '--data', data]
  const start = performance.now()
  const child = spawn(program, [...first, ...flags, '--max-messages', '1000000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    cwd,
  })
  const line = await firstLine(child)
  const startup = performance.now() - start
  // What follows on its output must be taken, or it waits for us.
  child.stdout?.resume()
  const { ports, url } = JSON.parse(line) as { ports: { smtp: number }; url: string }
  return running(child, ports.smtp, url, startup)
}

/** Sends a load from a process of its own; resolves with the seconds it took. */
export const load = async (
  port: number,
  connections: number,
  count: number,
  mix: Mix,
): Promise<number> => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', file('load.ts'), `${port}`, `${connections}`, `${count}`, mix],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const { seconds } = JSON.parse(await firstLine(child)) as { seconds: number }
  return seconds
}

/** A folder that goes with the work in it. */
export const inFolder = async <T>(work: (path: string) => Promise<T>): Promise<T> => {
  const path = await mkdtemp(join(tmpdir(), 'mailcatch-bench-'))
  try {
    return await work(path)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}
