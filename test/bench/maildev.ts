import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePorts } from '../helpers/free-port.ts'
import { inFolder, type Running } from './processes.ts'

/** What the comparisons are with. Its own mailparser asks for a package that not every registry has. */
const manifest = {
  private: true,
  dependencies: { maildev: '3.0.0' },
  overrides: { mailparser: '3.9.31' },
}

const run = async (command: string, args: readonly string[], cwd: string): Promise<void> => {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${code}`)
}

let installed: Promise<string> | undefined

/** The folder of MailDev 3, installed from npm once per run. */
export const installMailDev = (): Promise<string> => {
  installed ??= inFolder(async path => {
    await writeFile(join(path, 'package.json'), JSON.stringify(manifest))
    await run('npm', ['install', '--no-audit', '--no-fund', '--silent'], path)
    return path
  })
  return installed
}

/** MailDev with its store in memory, as its command starts it. */
export const startMailDev = async (): Promise<Pick<Running, 'smtp' | 'url' | 'stop'>> => {
  const folder = await installMailDev()
  const { smtp, web } = await freePorts('smtp', 'web')
  const url = `http://127.0.0.1:${web}/`
  const child = spawn(
    process.execPath,
    [
      ...[join(folder, 'node_modules/maildev/dist/bin/maildev.js'), '--silent'],
      ...['--smtp', `${smtp}`, '--ip', '127.0.0.1', '--web', `${web}`, '--web-ip', '127.0.0.1'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const end = performance.now() + 30_000
  while (
    !(await fetch(`${url}api/config`).then(
      reply => reply.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || performance.now() > end) throw new Error('MailDev did not start')
    await setTimeout(50)
  }
  return {
    smtp,
    url,
    async stop() {
      const exit = once(child, 'exit')
      child.kill()
      await exit
    },
  }
}
