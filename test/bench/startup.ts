import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { cli, inFolder, startMailcatch } from './processes.ts'

const runs = 9

const row = (name: string, values: number[]): string[] => {
  const sorted = values.sort((a, b) => a - b)
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] as number).toFixed(0)
  return [name, at(0), at(0.5), at(1)]
}

/** Milliseconds from the start of the process to all ports open; empty Node as control. */
export async function* startup(): AsyncGenerator<string[]> {
  yield ['start', 'min ms', 'median ms', 'max ms']
  yield ['---', '--:', '--:', '--:']
  const empty: number[] = []
  const first: number[] = []
  const again: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    execFileSync(process.execPath, ['--eval', ''])
    empty.push(performance.now() - start)
    await inFolder(async home => {
      const env = { HOME: home, XDG_CONFIG_HOME: join(home, 'config') }
      for (const times of [first, again]) {
        const mailcatch = await startMailcatch(join(home, 'data'), undefined, env)
        times.push(mailcatch.startup)
        await mailcatch.stop()
      }
    })
  }
  yield row('an empty Node process, start to end', empty)
  yield row('process to ports open, the very first time', first)
  yield row('process to ports open', again)

  yield await inFolder(async folder => {
    const name = execFileSync('npm', [
      'pack',
      dirname(cli),
      '--silent',
      '--pack-destination',
      folder,
    ])
    const tarball = join(folder, String(name).trim())
    const npx: number[] = []
    for (let run = 0; run < 3; run++) {
      await inFolder(async home => {
        const env = {
          HOME: home,
          npm_config_cache: join(home, 'cache'),
          npm_config_offline: 'true',
        }
        // A path that npx takes for a package, and not for a command, is relative.
        const command = ['npx', '--yes', `./${basename(tarball)}`]
        const mailcatch = await startMailcatch(join(home, 'data'), command, env, folder)
        npx.push(mailcatch.startup)
        await mailcatch.stop()
      })
    }
    return row(
      `npx of the tarball (${(statSync(tarball).size / 1e6).toFixed(2)} MB), cold cache`,
      npx,
    )
  })
}
