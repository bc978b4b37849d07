import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { chosenSeed } from '../helpers/random.ts'
import { cli } from './processes.ts'
import { growth, isFlat } from './soak/flat.ts'
import { playSoak, type Sample } from './soak/play.ts'

/**
 * `npm run soak [-- MINUTES]`: mixed load, 30 minutes unless told otherwise, and what it does to memory, descriptors and
 * event loop of the server: a row for each tenth of the time. Exits with 1 where something went wrong or is not flat.
 */
const [wanted = '30'] = process.argv.slice(2)
const minutes = Number(wanted)
if (!(minutes >= 1 && minutes <= 24 * 60)) throw new Error(`how many minutes, not ${wanted}`)

execFileSync(process.execPath, ['--import', 'tsx', 'server/build.ts'], {
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  stdio: 'inherit',
})

const MB = 1024 ** 2
/** What may be more at the end for no reason: octets, descriptors, milliseconds. */
const room = { rss: 10 * MB, heap: 5 * MB, descriptors: 5, held: 5 }
const seed = chosenSeed()
const duration = minutes * 60_000
console.log(
  `MAILCATCH_SEED=${seed}, ${minutes} minutes, Node ${process.version}, ${process.platform}`,
)

const middle = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

const row = (samples: readonly Sample[]): string => {
  const last = samples.at(-1)
  const open = samples.map(({ descriptors }) => descriptors)
  return [
    ((last?.at ?? 0) / 60_000).toFixed(1),
    last?.done.mails ?? 0,
    (middle(samples.map(({ rss }) => rss)) / MB).toFixed(0),
    (middle(samples.map(({ heap }) => heap)) / MB).toFixed(1),
    `${Math.min(...open)}–${Math.max(...open)}`,
    middle(samples.map(({ held }) => held.median)).toFixed(1),
    middle(samples.map(({ held }) => held.p99)).toFixed(1),
    Math.max(...samples.map(({ held }) => held.longest)).toFixed(0),
  ].join(' | ')
}

console.log(
  '| minutes | mails | RSS, MB | heap, MB | descriptors | loop held p50, ms | p99 | longest |',
)
console.log('|--:|--:|--:|--:|--:|--:|--:|--:|')
let tenth: Sample[] = []
let tenths = 0
const { samples, idle, faults } = await playSoak({
  ...{
    duration,
    interval: Math.min(10_000, duration / 60),
    seed,
    program: [process.execPath, cli],
  },
  onSample: sample => {
    tenth.push(sample)
    if (sample.at < ((tenths + 1) * duration) / 10) return
    console.log(`| ${row(tenth)} |`)
    tenths += 1
    tenth = []
  },
})

console.log(
  Object.entries(samples.at(-1)?.done ?? {})
    .map(([what, times]) => `${times} ${what}`)
    .join(', '),
)
const kinds: readonly (readonly [
  what: string,
  figures: readonly number[],
  room: number,
  unit: number,
])[] = [
  ['RSS, MB', samples.map(({ rss }) => rss), room.rss, MB],
  ['heap, MB', samples.map(({ heap }) => heap), room.heap, MB],
  ['descriptors', samples.map(({ descriptors }) => descriptors), room.descriptors, 1],
  ['loop held p99, ms', samples.map(({ held }) => held.p99), room.held, 1],
]
let isSound = faults.length === 0 && idle.after <= idle.before
for (const [what, figures, least, unit] of kinds) {
  const flat = isFlat(figures, least)
  isSound &&= flat
  const grown = (growth(figures) / unit).toFixed(1)
  console.log(
    `${what}: ${flat ? 'flat' : 'NOT FLAT'}, ${grown} more in the last third than in the one before`,
  )
}
console.log(`descriptors without clients: ${idle.before} before, ${idle.after} after`)
for (const fault of faults.slice(0, 20)) console.log(`FAULT ${fault}`)
process.exitCode = isSound ? 0 : 1
