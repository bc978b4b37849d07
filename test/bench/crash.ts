import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { playCorruption } from '../crash/corruption.ts'
import { mountSmall, playDiskFull, unmountable } from '../crash/disk-full.ts'
import { everyFault, playFaults } from '../crash/faults.ts'
import { type Kind, playHistories } from '../crash/histories.ts'
import { playKills } from '../crash/kill-loop.ts'
import { makeHome } from '../helpers/cli.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'

/**
 * `npm run bench:crash [-- NAME …]`: the proof of the store in full, with what `npm test` runs in short. Prints seeds and
 * counts; exits with 1 where anything was lost, doubled, altered or given twice.
 */

type Outcome = { readonly counts: string; readonly wrong: readonly string[] }

const kills =
  (kind: 'command' | 'child') =>
  async (seed: number): Promise<Outcome> => {
    const count = 100
    const least = 10_000
    const tell = (line: string) => process.stderr.write(`\r${line}   `)
    const killed = await playKills({ seed, kills: count, patience: 1_500, least: 200, kind, tell })
    process.stderr.write('\n')
    const { acknowledged, slowest } = killed
    const wrong = [...killed.wrong]
    if (acknowledged < least) wrong.push(`the load was too small: not ${least} acknowledged`)
    if (slowest > 2_000) wrong.push(`it took ${slowest} ms to open`)
    const opened = kind === 'child' ? `, opened in ${Math.ceil(slowest)} ms at most` : ''
    return { counts: `${count} kills, ${acknowledged} acknowledged${opened}`, wrong }
  }

const histories =
  (kind: Kind, count: number) =>
  async (seed: number): Promise<Outcome> => {
    const { wrong, acknowledged, crashes } = await playHistories(kind, { seed, count })
    return { counts: `${count} histories, ${crashes} crashes, ${acknowledged} acknowledged`, wrong }
  }

const faults = async (): Promise<Outcome> => {
  const wrong: string[] = []
  let counts = ''
  for (const fsync of [true, false]) {
    for (const lasts of [false, true]) {
      const played = await playFaults({ fsync, lasts, faults: () => everyFault })
      wrong.push(...played.wrong)
      counts += `${counts && ', '}${played.runs} runs over ${played.calls} calls`
    }
  }
  return { counts, wrong }
}

const diskFull = async (seed: number): Promise<Outcome> => {
  const reason = unmountable()
  if (reason) return { counts: `skipped: ${reason}`, wrong: [] }
  const rounds = 100
  const home = makeHome()
  const folder = join(home.path, 'small')
  mkdirSync(folder)
  const mounted = mountSmall(folder)
  try {
    const folders = { home: home.path, data: folder }
    const { accepted, refused, wrong } = await playDiskFull(randomFrom(seed), rounds, folders)
    return { counts: `${rounds} rounds, ${accepted} accepted, ${refused} refused`, wrong }
  } finally {
    mounted.remove()
    home.remove()
  }
}

const corruption = async (seed: number): Promise<Outcome> => {
  const { damages, files, wrong } = await playCorruption({ seed, cuts: 500, flips: 100 })
  return { counts: `${damages} damages of ${files} files`, wrong }
}

const proofs: Record<string, (seed: number) => Promise<Outcome>> = {
  'kill-command': kills('command'),
  'kill-clients': kills('child'),
  'power-loss': histories('power loss', 5_000),
  'killed-process': histories('kill', 5_000),
  'power-loss-without-fsync': histories('careless', 1_000),
  faults,
  'disk-full': diskFull,
  corruption,
}

const names = process.argv.slice(2)
const unknown = names.find(name => !(name in proofs))
if (unknown) throw new Error(`no proof ${unknown}; there are ${Object.keys(proofs).join(', ')}`)

const seed = chosenSeed()
console.log(`MAILCATCH_SEED=${seed}, Node ${process.version}, ${process.platform}`)
const violated: string[] = []
for (const [name, prove] of Object.entries(proofs)) {
  if (names.length > 0 && !names.includes(name)) continue
  const start = performance.now()
  const { counts, wrong } = await prove(seed)
  const seconds = Math.round((performance.now() - start) / 1_000)
  console.log(`${wrong.length === 0 ? 'holds  ' : 'BROKEN '} ${name}: ${counts} (${seconds} s)`)
  for (const line of wrong.slice(0, 10)) console.log(`  ${line}`)
  if (wrong.length > 0) violated.push(name)
}
console.log(
  violated.length === 0
    ? 'Nothing that was acknowledged was lost.'
    : `BROKEN: ${violated.join(', ')}`,
)
process.exitCode = violated.length === 0 ? 0 : 1
