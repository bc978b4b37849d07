import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startMailcatch } from '../../../server/testing/index.ts'
import { makeCertificates } from '../../helpers/certificates.ts'
import { Cli, makeHome } from '../../helpers/cli.ts'
import { DIST } from '../../helpers/consumer.ts'
import { corpusFolder } from '../../helpers/corpus.ts'
import { roundTrip } from '../../helpers/round-trip.ts'
import {
  ALONE,
  type Configuration,
  configurationsWith,
  SETTINGS,
  type Stage,
  stagesAt,
} from './configurations.ts'
import { playTest, readEverything, shakeHands } from './everything.ts'
import { tried } from './tried.ts'

/**
 * Runs the program, as it is built, in each configuration that there is, with mail that asks for the world, everything that can be
 * asked of it, and all its commands; prints what the kernel counted meanwhile.
 */

/** Those that ask for the world; the heavy ones are tried elsewhere. */
const mails = ['hostile', 'templates']
  .flatMap(folder => readdirSync(join(corpusFolder, folder)).map(name => join(folder, name)))
  .filter(name => name.endsWith('.eml'))
  .map(name => readFileSync(join(corpusFolder, name)))
  .filter(({ length }) => length < 100_000)

const done = { starts: 0, answers: 0, handshakes: 0, tests: 0, commands: 0 }
const home = makeHome()
const program = [process.execPath, join(DIST, 'cli.js')]

/** A browser that opens nothing: it notes what it was to open. */
const opened = join(home.path, 'opened')
const programs = join(home.path, 'bin')
mkdirSync(programs)
writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\nprintf '%s' "$1" > '${opened}'\n`)
chmodSync(join(programs, 'xdg-open'), 0o755)
const env = { PATH: `${programs}:${process.env.PATH}` }

const runStage = async (stage: Stage): Promise<void> => {
  await Promise.all(
    stage.map(async ({ args, input }) => {
      const cli = new Cli(args, { home: home.path, program, stdin: 'pipe' })
      cli.child.stdin?.end(input ?? '')
      const { code } = await cli.exited
      assert.equal(code, 0, `${args.join(' ')}: ${cli.stderr}`)
      done.commands += 1
    }),
  )
}

const live = async ({ args, login }: Configuration, own: readonly Buffer[]): Promise<void> => {
  const cli = new Cli(args, { home: home.path, program, env })
  const ready = await cli.ready()
  const url = ready.url.replace('//[::]', '//127.0.0.1').replace('//0.0.0.0', '//127.0.0.1')
  const address = { url, ports: ready.ports, ...(login && { login }) }
  await roundTrip(address)
  done.answers += await readEverything(address, own)
  done.handshakes += await shakeHands(ready.ports)
  await playTest(address, !args.includes('--no-delete'))
  done.tests += 1
  if (done.starts === 0) for (const stage of stagesAt(url, home.path)) await runStage(stage)
  const { code } = await cli.end()
  assert.equal(code, 0)
  done.starts += 1
}

const certificates = await makeCertificates()
const settings = join(home.path, 'settings.json')
writeFileSync(settings, JSON.stringify(SETTINGS))
try {
  const files = { home: home.path, certificate: certificates.server, settings }
  const [first, ...others] = configurationsWith(files)
  await live(first as Configuration, mails)
  assert.ok(existsSync(opened), 'no browser was asked to open the inbox')
  for (const [at, configuration] of others.entries()) {
    // Each has a few of its own.
    await live(
      configuration,
      mails.filter((_, index) => index % 12 === at),
    )
  }
  await runStage(ALONE)
  const here = await startMailcatch()
  await playTest(
    {
      url: here.url,
      ports: { smtp: here.smtp.port, pop3: null, imap: null },
    },
    true,
  )
  await here.close()
  done.tests += 1
} finally {
  certificates.remove()
  home.remove()
}
console.log(JSON.stringify({ ...done, ...tried() }))
