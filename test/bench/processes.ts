import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mix } from './mails.ts'

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The bundle that is released: the benchmarks measure what people run. */
export const cli = file('../../dist/cli.js')

/** What a process says on its standard output, until it matches. */
const says = async (child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> => {
  if (!child.stdout) throw new Error('no output to read')
  let text = ''
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    const match = pattern.exec(text)
    if (!match) continue
    // What follows must be taken, or the process waits for us.
    child.stdout.resume()
    return match
  }
  throw new Error(`it ended without saying ${pattern}: ${text}`)
}

const stop = async (child: ChildProcess): Promise<void> => {
  const closed = once(child, 'exit')
  // The whole group: what was started through npx has npx between.
  process.kill(-(child.pid as number), 'SIGTERM')
  await closed
}

/** A server that runs for a benchmark. */
export type Running = {
  readonly smtp: number
  /** 0 where there is none. */
  readonly pop3: number
  /** 0 where there is none. */
  readonly imap: number
  readonly url: string
  /** Milliseconds from the start of the process until it said that its ports are open. */
  readonly startup: number
  /** Octets. */
  rss(): number
  stop(): Promise<void>
}

const running = (
  child: ChildProcess,
  ports: Pick<Running, 'smtp' | 'pop3' | 'imap'>,
  url: string,
  startup: number,
): Running => ({
  ...ports,
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
    detached: true,
  })
  const [port] = await says(child, /\d+/)
  return running(child, { smtp: Number(port), pop3: 0, imap: 0 }, '', performance.now() - start)
}

/** Mailcatch on free ports; `command` is what to run in front of the flags. */
export const startMailcatch = async (
  data: string,
  command: readonly string[] = [process.execPath, cli],
  env: NodeJS.ProcessEnv = {},
  cwd = process.cwd(),
): Promise<Running> => {
  const [program = '', ...first] = command
  const free = ['--smtp-port', '0', '--pop3-port', '0', '--imap-port', '0', '--http-port', '0']
  const flags = [...free, '--data', data]
  const start = performance.now()
  const child = spawn(program, [...first, ...flags, '--max-messages', '1000000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    cwd,
    detached: true,
  })
  const pattern = /Inbox (\S+)\s+SMTP localhost:(\d+)\s+POP3 localhost:(\d+)\s+IMAP localhost:(\d+)/
  const [, url = '', smtp, pop3, imap] = await says(child, pattern)
  const ports = { smtp: Number(smtp), pop3: Number(pop3), imap: Number(imap) }
  return running(child, ports, url, performance.now() - start)
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
  const [seconds] = await says(child, /[\d.]+/)
  return Number(seconds)
}

const folders: string[] = []

/**
 * Work in a folder of its own. It stays until `removeFolders`: right after thousands of files were deleted, ext4 takes
 * ten times as long to make new ones, and one run would be charged with the clearing up of the other.
 */
export const inFolder = async <T>(work: (path: string) => Promise<T>): Promise<T> => {
  const path = await mkdtemp(join(tmpdir(), 'mailcatch-bench-'))
  folders.push(path)
  return work(path)
}

export const removeFolders = async (): Promise<void> => {
  for (const path of folders.splice(0)) await rm(path, { recursive: true, force: true })
}
