import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { chosenSeed } from '../helpers/random.ts'
import { mailsOfTest } from './stress/one-test.ts'
import { playStress } from './stress/play.ts'

/**
 * `npm run stress [-- RUNS]`: tests that send, wait, extract and assert absence side by side on one server. Prints a line
 * for each run; exits with 1 where a test did not pass.
 */
const processes = 8
const tests = 250
/** Milliseconds of one run. */
const limit = 15 * 60_000
const mostRuns = 100

const [wanted = '1'] = process.argv.slice(2)
const runs = Number(wanted)
if (!Number.isInteger(runs) || runs < 1 || runs > mostRuns) {
  throw new Error(`how many runs, 1 to ${mostRuns}, not ${wanted}`)
}

const root = new URL('../..', import.meta.url)
execFileSync(process.execPath, ['--import', 'tsx', 'server/build.ts'], {
  cwd: root,
  stdio: 'inherit',
})
const seed = chosenSeed()
const all = processes * tests
console.log(`MAILCATCH_SEED=${seed}, Node ${process.version}, ${process.platform}`)
console.log(`${processes} processes × ${tests} tests, ${all * mailsOfTest} mails`)
let flakes = 0
for (let run = 1; run <= runs; run++) {
  const stressed = await playStress({ processes, tests, seed: seed + run * processes, limit })
  const { passed, rounds, seconds, slowestWait, arrived, kept } = stressed
  const missing = all - passed
  flakes += Math.max(missing, stressed.flakes.length)
  const figures = [
    `run ${run}: ${passed} of ${all} tests`,
    `${stressed.flakes.length} flakes`,
    `${seconds.toFixed(0)} s`,
    `slowest wait ${slowestWait.toFixed(0)} ms`,
    `${arrived} mails came, ${kept} are kept`,
    `${rounds} lists and deletions beside`,
    `load ${loadavg()[0]?.toFixed(1)}`,
  ]
  console.log(figures.join(', '))
  for (const flake of stressed.flakes.slice(0, 10)) console.log(`  ${flake}`)
}
console.log(flakes === 0 ? `0 flakes in ${runs} runs` : `FLAKY: ${flakes} in ${runs} runs`)
process.exitCode = flakes === 0 ? 0 : 1
