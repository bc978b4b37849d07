import { once, setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Cli, makeHome } from '../../helpers/cli.ts'
import { descriptorsOf } from '../../helpers/process-figures.ts'
import { randomFrom } from '../../helpers/random.ts'
import { cast, type Stage, warmUp } from './actors.ts'

const REPORTS = new URL('./reports-on-signal.js', import.meta.url).href

/** What a sample says of the server's process. */
export type Sample = {
  /** Milliseconds since the start. */
  readonly at: number
  /** Octets, after a collection. */
  readonly rss: number
  readonly heap: number
  readonly descriptors: number
  /** Milliseconds that the event loop was held since the sample before. */
  readonly held: { readonly median: number; readonly p99: number; readonly longest: number }
  /** What was done since the start, by name. */
  readonly done: Readonly<Record<string, number>>
}

export type Soaked = {
  readonly samples: readonly Sample[]
  /** Descriptors when all clients had gone, before and after. */
  readonly idle: { readonly before: number; readonly after: number }
  /** What went wrong. */
  readonly faults: readonly string[]
}

/**
 * Plays mixed load against a server of its own for some milliseconds, and samples the server meanwhile. `program` is
 * what runs it, the sources by default.
 */
export async function playSoak({
  duration,
  interval,
  seed,
  program,
  onSample = () => {},
}: {
  readonly duration: number
  readonly interval: number
  readonly seed: number
  readonly program?: readonly string[]
  readonly onSample?: (sample: Sample) => void
}): Promise<Soaked> {
  const home = makeHome()
  const free = ['--smtp-port=0', '--pop3-port=0', '--imap-port=0', '--http-port=0']
  const cli = new Cli(['--json', ...free, '--max-messages=2000', '--quiet'], {
    home: home.path,
    // Not the hook of a test: its own look at each connection would be measured too.
    env: { NODE_OPTIONS: `--import=${REPORTS}` },
    ...(program && { program }),
  })
  const faults: string[] = []
  try {
    const { pid, url, ports } = await cli.ready()
    const { smtp, pop3, imap } = ports
    if (pop3 === null || imap === null) throw new Error('a port is not open')
    const over = new AbortController()
    setMaxListeners(100, over.signal)
    const done: Record<string, number> = {}
    const stage: Stage = {
      ...{ url, ports: { smtp, pop3, imap }, random: randomFrom(seed), signal: over.signal },
      count: what => {
        done[what] = (done[what] ?? 0) + 1
      },
    }
    await warmUp(stage)
    const start = performance.now()
    const sample = async (): Promise<Sample> => {
      const said = cli.stderr.length
      cli.child.kill('SIGUSR2')
      for (;;) {
        const [, text] = /^soak (\{.*\})\n/m.exec(cli.stderr.slice(said)) ?? []
        if (text) {
          const at = performance.now() - start
          return { ...JSON.parse(text), at, descriptors: descriptorsOf(pid), done: { ...done } }
        }
        await once(cli.child, 'said')
      }
    }
    const before = (await sample()).descriptors
    const actors = cast.flatMap(([actor, many]) =>
      Array.from({ length: many }, async () => {
        while (!over.signal.aborted) {
          await actor(stage).catch(error => {
            if (!over.signal.aborted) faults.push(`${actor.name}: ${error?.stack ?? error}`)
            return setTimeout(1_000)
          })
        }
      }),
    )
    const samples: Sample[] = []
    while (performance.now() - start < duration) {
      await setTimeout(interval)
      const next = await sample()
      samples.push(next)
      onSample(next)
    }
    over.abort()
    await Promise.all(actors)
    // What clients have left behind is closed when the server has heard of it.
    let after = descriptorsOf(pid)
    for (let tries = 0; tries < 100 && after > before; tries++) {
      await setTimeout(100)
      after = descriptorsOf(pid)
    }
    const { code } = await cli.end()
    if (code !== 0) faults.push(`it ended with ${code}`)
    const said = cli.stderr.replace(/^soak .*\n/gm, '').trim()
    if (said) faults.push(`it said: ${said}`)
    return { samples, idle: { before, after }, faults }
  } finally {
    cli.child.kill('SIGKILL')
    home.remove()
  }
}
