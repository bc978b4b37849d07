import { openSync, writeSync } from 'node:fs'
import { randomFrom } from '../helpers/random.ts'
import { checkGrowth, GROWTH_EVERY } from './growth.ts'
import { type Answer, type Made, type Order, PROGRESS, PROGRESS_LENGTH } from './orders.ts'
import type { Target } from './target.ts'

// The process that executes: told by messages what to do, it writes into a file what it is at.

const HEAP_EVERY = 256
const CLOCK_EVERY = 64

const file = openSync(process.argv[2] ?? '', 'r+')
const progress = new Float64Array(PROGRESS_LENGTH)

const write = (): void => {
  writeSync(file, progress, 0, progress.byteLength, 0)
}

const beat = (isBusy: boolean): void => {
  progress[PROGRESS.beat] = (progress[PROGRESS.beat] ?? 0) + 1
  progress[PROGRESS.isBusy] = isBusy ? 1 : 0
  write()
}

const load = async (module: string): Promise<Target> => (await import(module)).target

/** An execution's input depends on the seed and its number alone: it can be had again without those before it. */
const make = (target: Target, seed: number, number: number): Made => {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  const random = randomFrom(mixed ^ (mixed >>> 13))
  const input = target.make(random)
  if (number % GROWTH_EVERY !== GROWTH_EVERY - 1 || input.length === 0)
    return { input, repeat: null }
  const start = random.integer(input.length)
  return { input, repeat: [start, Math.min(input.length, start + random.between(1, 40))] }
}

const threw = (number: number, error: unknown): Answer => {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const name = error instanceof Error ? error.name : 'thrown'
  const at = stack.split('\n').find(line => /\/(?:server|web|test)\/.*\.tsx?:/.test(line)) ?? ''
  const where = /(?:server|web|test)\/[^()]*:\d+(?=:\d+\)?$)/.exec(at.trim())?.[0] ?? ''
  return { what: 'threw', number, message: stack, where: `${name} ${where}` }
}

const check = async (target: Target, { input, repeat }: Made): Promise<void> => {
  if (repeat) await checkGrowth(target, input, repeat, () => beat(true))
  else await target.check(input)
}

async function run(order: Order & { what: 'run' }): Promise<Answer> {
  const target = await load(order.module)
  progress[PROGRESS.slowest] = 0
  progress[PROGRESS.cpu] = 0
  const before = process.cpuUsage()
  for (let number = order.from; number < order.to; number += 1) {
    if (number % CLOCK_EVERY === 0 && Date.now() > order.until)
      return { what: 'held', next: number }
    progress[PROGRESS.number] = number
    if (number % CLOCK_EVERY === 0) {
      const { user, system } = process.cpuUsage(before)
      progress[PROGRESS.cpu] = (user + system) / 1e6
    }
    beat(true)
    try {
      const { input, repeat } = make(target, order.seed, number)
      const start = performance.now()
      if (repeat) await check(target, { input, repeat })
      else {
        // Waiting costs as much as many an execution.
        const pending = target.check(input)
        if (pending) await pending
        const took = performance.now() - start
        if (took > (progress[PROGRESS.slowest] ?? 0)) {
          progress[PROGRESS.slowest] = took
          progress[PROGRESS.slowestNumber] = number
        }
      }
    } catch (error) {
      return threw(number, error)
    } finally {
      if (number % HEAP_EVERY === 0) {
        progress[PROGRESS.heap] = Math.max(
          progress[PROGRESS.heap] ?? 0,
          process.memoryUsage().heapUsed,
        )
      }
    }
  }
  return { what: 'held', next: order.to }
}

async function answer(order: Order): Promise<Answer> {
  if (order.what === 'run') return await run(order)
  const target = await load(order.module)
  beat(true)
  if (order.what === 'make') return { what: 'made', made: make(target, order.seed, order.number) }
  try {
    await check(target, order)
    return { what: 'held', next: 0 }
  } catch (error) {
    return threw(0, error)
  }
}

process.on('message', async (order: Order) => {
  const said = await answer(order)
  beat(false)
  process.send?.(said)
})
process.on('disconnect', () => process.exit())
