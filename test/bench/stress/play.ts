import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Stats } from '../../../server/http/resources.ts'
import { makeHome } from '../../helpers/cli.ts'
import { says, startTied, type Tied } from '../../helpers/program.ts'
import type { Told } from './told.ts'

export type StressOptions = {
  readonly processes: number
  /** Of each process. */
  readonly tests: number
  readonly seed: number
  /** Milliseconds that the tests may take; what has not run by then is a flake. */
  readonly limit: number
}

export type Stressed = {
  /** Tests that passed. */
  readonly passed: number
  /** Rounds that passed of those who list and delete meanwhile. */
  readonly rounds: number
  /** What went wrong, and where. */
  readonly flakes: readonly string[]
  readonly seconds: number
  /** Milliseconds, from the acknowledgement of the mail to the answer. */
  readonly slowestWait: number
  /** Messages that came, and that retention has kept. */
  readonly arrived: number
  readonly kept: number
}

const scriptOf = (name: string): string => fileURLToPath(new URL(`${name}.ts`, import.meta.url))
const dist = (path: string): URL => new URL(`../../../dist/${path}`, import.meta.url)

/**
 * Runs tests in processes of their own, all on one server with its usual retention, while one client lists and another
 * deletes its own. Everything that was started has ended when it resolves.
 */
export async function playStress(options: StressOptions): Promise<Stressed> {
  const { processes, tests, seed, limit } = options
  const home = makeHome()
  const started: Tied[] = []
  const start = (...args: readonly string[]): Tied => {
    const tied = startTied(process.execPath, args)
    started.push(tied)
    return tied
  }
  const startScript = (script: string, name: string, ...args: readonly string[]): Run =>
    follow(name, start('--import', 'tsx', scriptOf(script), ...args))
  try {
    const free = ['smtp', 'pop3', 'imap', 'http'].flatMap(each => [`--${each}-port`, '0'])
    const data = ['--data', `${home.path}/data`]
    const server = start(fileURLToPath(dist('cli.js')), ...free, ...data)
    const errors = text(server.streams[2] as Readable)
    const [, url = ''] = await says(server.streams[1] as Readable, /Inbox (\S+)/)
    const library = dist('testing/testing.js').href
    const others = [
      startScript('lister', 'lister', url),
      startScript('deleter', 'deleter', library, url),
    ]
    const begun = performance.now()
    const workers = Array.from({ length: processes }, (_, at) => {
      const name = `worker-${at}`
      return startScript('worker', name, library, url, name, `${tests}`, `${seed + at}`)
    })
    const timer = setTimeout(() => {
      for (const { end } of workers) void end()
    }, limit)
    await Promise.all(workers.map(({ ended }) => ended))
    clearTimeout(timer)
    const seconds = (performance.now() - begun) / 1_000
    const { total, cursor } = (await (await fetch(`${url}v1/stats`)).json()) as Stats
    await Promise.all(others.map(({ end }) => end()))
    await server.end()
    const said = await errors
    const runs = [...workers, ...others]
    return {
      passed: workers.reduce((sum, { passed }) => sum + passed, 0),
      rounds: others.reduce((sum, { passed }) => sum + passed, 0),
      flakes: [...runs.flatMap(({ flakes }) => flakes), ...(said ? [`server: ${said}`] : [])],
      seconds,
      slowestWait: Math.max(...workers.map(({ slowest }) => slowest)),
      arrived: cursor,
      kept: total,
    }
  } finally {
    for (const tied of started) await tied.end()
    home.remove()
  }
}

/** A process of the stress test, and what it has said so far. */
type Run = {
  passed: number
  slowest: number
  readonly flakes: string[]
  /** Resolves when it has said everything. */
  readonly ended: Promise<void>
  readonly end: () => Promise<void>
}

function follow(name: string, tied: Tied): Run {
  const said = text(tied.streams[2] as Readable)
  const run = { passed: 0, slowest: 0, flakes: [] as string[] }
  const listen = async () => {
    let isComplete = false
    for await (const line of createInterface(tied.streams[1] as Readable)) {
      const told = JSON.parse(line) as Told
      if ('slowest' in told) {
        isComplete = true
        run.slowest = told.slowest
      } else if (told.flake === undefined) run.passed++
      else run.flakes.push(`${name}, ${told.at}: ${told.flake}`)
    }
    const errors = await said
    if (!isComplete || errors) run.flakes.push(`${name} ended early, or said: ${errors}`)
  }
  const ended = listen()
  return Object.assign(run, {
    ended,
    end: async () => {
      await tied.end()
      await ended
    },
  })
}
