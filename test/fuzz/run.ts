import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { chosenSeed } from '../helpers/random.ts'
import { campaign, type Report } from './campaign.ts'
import { Executor } from './executor.ts'
import { REGRESSIONS } from './regressions.ts'
import { TARGETS, type TargetFile, targetsIn } from './target.ts'

/**
 * `npm run fuzz [-- TARGET …] [--executions N] [--seed N] [--minutes M] [--only NUMBER]`: throws broken input at everything
 * that reads strangers' octets, prints a table, and exits 1 where something failed. `--minutes` is for each target, and
 * `--only` repeats one execution. Failing inputs stay in `test/fuzz/regressions/`, where `npm test` finds them.
 */

const DEFAULT_EXECUTIONS = 1_000_000
const MOST_AT_ONCE = 2

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    executions: { type: 'string' },
    seed: { type: 'string' },
    minutes: { type: 'string' },
    only: { type: 'string' },
  },
})

const number = (name: 'executions' | 'seed' | 'minutes' | 'only', otherwise: number): number => {
  const text = values[name]
  if (text === undefined) return otherwise
  if (!/^\d{1,12}(?:\.\d+)?$/.test(text)) throw new Error(`--${name} is no number: ${text}`)
  return Number(text)
}

const seed = number('seed', chosenSeed())
const only = number('only', -1)
const executions = only >= 0 ? 1 : number('executions', DEFAULT_EXECUTIONS)
const minutes = number('minutes', Number.POSITIVE_INFINITY)

const all = targetsIn(TARGETS)
const unknown = positionals.find(name => !all.some(target => target.name === name))
if (unknown !== undefined) {
  throw new Error(`no target ${unknown}; there are ${all.map(({ name }) => name).join(', ')}`)
}
const waiting = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name))

const tell = (line: string): void => console.log(`${new Date().toISOString()} ${line}`)

async function fuzz(target: TargetFile): Promise<Report> {
  const executor = new Executor()
  try {
    const until = Math.min(Date.now() + minutes * 60_000, Number.MAX_SAFE_INTEGER)
    const from = Math.max(0, only)
    return await campaign(executor, target, {
      seed,
      from,
      executions,
      until,
      regressions: REGRESSIONS,
      tell,
    })
  } finally {
    await executor.close()
  }
}

const reports: Report[] = []

async function work(): Promise<void> {
  for (let target = waiting.shift(); target; target = waiting.shift()) {
    const report = await fuzz(target)
    reports.push(report)
    tell(`${report.target}: ${report.executions} executions in ${report.seconds.toFixed(0)} s`)
  }
}

console.log(`seed ${seed}, Node ${process.version}`)
await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, cpus().length) }, work))

console.log(
  '\n| target | executions | a second | a CPU second | slowest, ms (number) | peak heap, MB | faults | failures |',
)
console.log('|---|---|---|---|---|---|---|---|')
for (const report of reports.sort((a, b) => a.target.localeCompare(b.target))) {
  const rate = Math.round(report.executions / Math.max(report.seconds, 0.001))
  const failures = report.found.reduce((sum, { times }) => sum + times, 0)
  const slowest = `${report.slowest.toFixed(1)} (${report.slowestNumber})`
  const heap = Math.round(report.heap / 1024 / 1024)
  const busy = Math.round(report.executions / Math.max(report.cpu, 0.001))
  const figures = [report.executions, rate, busy, slowest, heap, report.found.length, failures]
  const row = [report.target, ...figures]
  console.log(`| ${row.join(' | ')} |`)
}
for (const { target, found } of reports) {
  for (const { number, where, kept, times } of found) {
    console.log(`${target} ${number}: ${where}, ${times} ×, kept in ${kept}`)
  }
}
if (reports.some(({ found }) => found.length > 0)) process.exitCode = 1
