import type { Executor, Failure } from './executor.ts'
import type { Made } from './orders.ts'
import { keep } from './regressions.ts'
import { shrink } from './shrink.ts'
import type { TargetFile } from './target.ts'

/** What came of many executions of one target. */
export type Report = {
  readonly target: string
  readonly executions: number
  readonly seconds: number
  /** Seconds of the processor. */
  readonly cpu: number
  /** ms, and the number of that execution. */
  readonly slowest: number
  readonly slowestNumber: number
  /** Octets. */
  readonly heap: number
  readonly found: readonly Found[]
}

/** A fault: where it is, and the first execution that met it. */
export type Found = {
  readonly where: string
  readonly number: number
  readonly message: string
  /** Path of the input below the folder of regressions. */
  readonly kept: string
  /** Executions that met it. */
  times: number
}

export type Plan = {
  readonly seed: number
  readonly from?: number
  readonly executions: number
  /** Time (ms since the epoch) at which it ends, however many are done. */
  readonly until?: number
  /** Where failing inputs are kept. */
  readonly regressions: URL
  /** ms for making one failing input smaller. */
  readonly shrinking?: number
  readonly tell?: (line: string) => void
}

/** A target that hangs again and again would never end. */
const MOST_DEATHS = 5
const MOST_FAULTS = 10
const MOST_FAILURES = 5000
const SHRINKING_MS = 30_000

/** Executes a target so many times, over every failure, and keeps one input of each fault. */
export async function campaign(
  executor: Executor,
  { name, module }: TargetFile,
  { seed, from = 0, executions, until = Number.MAX_SAFE_INTEGER, ...plan }: Plan,
): Promise<Report> {
  const faults = new Map<string, Found>()
  const start = performance.now()
  let [next, slowest, slowestNumber, heap, cpu] = [from, 0, 0, 0, 0]
  let [deaths, failures, aside] = [0, 0, 0]
  const isEnough = () =>
    deaths >= MOST_DEATHS || faults.size >= MOST_FAULTS || failures >= MOST_FAILURES

  while (next < from + executions && Date.now() < until && !isEnough()) {
    const order = { what: 'run', module, seed, from: next, to: from + executions, until } as const
    const outcome = await executor.order(order)
    const progress = executor.progress()
    heap = Math.max(heap, progress.heap)
    cpu += progress.cpu
    if (progress.slowest > slowest)
      [slowest, slowestNumber] = [progress.slowest, progress.slowestNumber]
    if (outcome.what === 'made') throw new Error('an input was made where executions were ordered')
    if (outcome.what === 'held') {
      if (outcome.next === next) break
      next = outcome.next
      continue
    }
    next = outcome.number + 1
    failures += 1
    if (outcome.what !== 'threw') deaths += 1
    const known = faults.get(outcome.where)
    if (known) known.times += 1
    else {
      const began = performance.now()
      const found = await keepFailure(outcome)
      aside += performance.now() - began
      if (found) faults.set(outcome.where, found)
    }
  }
  const seconds = (performance.now() - start - aside) / 1000
  const found = [...faults.values()]
  const times = { seconds, cpu, slowest, slowestNumber }
  return { target: name, executions: next - from, ...times, heap, found }

  async function keepFailure({
    what,
    number,
    message,
    where,
  }: Failure): Promise<Found | undefined> {
    const made = await executor.make(module, seed, number)
    const again = await executor.check(module, made)
    // A machine that was busy with something else for five seconds is no hang.
    if (what === 'hung' && again?.what !== 'hung') {
      plan.tell?.(`${name} ${number}: ${message}, but not again`)
      return undefined
    }
    const small = again?.where === where ? await smaller(made, where) : made
    const kept = keep(plan.regressions, name, small)
    const note = again ? '' : '\n(not alone: it takes what was executed before it)'
    plan.tell?.(`${name} ${number} (seed ${seed}): ${message}${note}\nkept in ${kept}`)
    return { where, number, message: message + note, kept, times: 1 }
  }

  async function smaller(made: Made, where: string): Promise<Made> {
    // The slice that is repeated has its place in the octets.
    if (made.repeat) return made
    const end = Date.now() + (plan.shrinking ?? SHRINKING_MS)
    const stillFails = async (input: Uint8Array) =>
      (await executor.check(module, { input, repeat: null }))?.where === where
    return { input: await shrink(made.input, stillFails, end), repeat: null }
  }
}
