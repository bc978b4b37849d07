import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cli, makeHome } from '../../helpers/cli.ts'
import { corpusFolder } from '../../helpers/corpus.ts'
import { type Address, getText, roundTrip } from '../../helpers/round-trip.ts'
import { tried } from './tried.ts'

/**
 * Runs the program in each configuration that there is, with mail that asks for the world, everything that can be
 * asked of it, and all its commands; prints what the kernel counted meanwhile.
 */
const login = { user: 'ann', password: 'secret' }
const configurations: readonly (readonly [args: readonly string[], login?: Address['login']])[] = [
  [[]],
  [['--smtps-port=0', '--pop3s-port=0', '--imaps-port=0', '--https-port=0', '--fsync']],
  [['--host=0.0.0.0', '--auth=ann:secret', '--no-starttls', '--memory', '--quiet'], login],
  [['--host=::', '--no-auth', '--allow-remote', '--allow-host=mail.example.com', '--verbose']],
  [['--allow-origin=https://app.example.com', '--max-age=1d', '--keep-flagged', '--no-delete']],
]
const free = ['--smtp-port=0', '--pop3-port=0', '--imap-port=0', '--http-port=0']

/** Those that ask for the world; the heavy ones are tried elsewhere. */
const mails = ['hostile', 'templates']
  .flatMap(folder => readdirSync(join(corpusFolder, folder)).map(name => join(folder, name)))
  .filter(name => name.endsWith('.eml'))
  .map(name => readFileSync(join(corpusFolder, name)))
  .filter(({ length }) => length < 100_000)

/** Everything that can be asked of a message. */
const ways = [
  '',
  '/raw',
  '/text',
  '/html',
  '/html?remote=1',
  '/parts',
  '/checks',
  '/attachments.zip',
]

const readEverything = async (address: Address): Promise<number> => {
  let answers = 0
  for (const mail of mails) {
    const answer = await fetch(`${address.url}v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: new Uint8Array(mail),
    })
    assert.equal(answer.status, 201)
    const { id } = (await answer.json()) as { id: number }
    const statuses = await Promise.all(
      ways.map(async way => {
        const each = await fetch(`${address.url}v1/messages/${id}${way}`)
        await each.arrayBuffer()
        return each.status
      }),
    )
    assert.ok(
      statuses.every(status => status === 200 || status === 404),
      `${id}: ${statuses}`,
    )
    answers += statuses.length
  }
  for (const path of ['?q=http', '.zip?all=true', '?q=body:https']) {
    await getText(address, `v1/messages${path}`)
    answers += 1
  }
  return answers
}

/** The commands, those side by side that may be. */
const stages = (url: string, home: string) => [
  [
    ['list', '--url', url],
    ['show', '1', '--url', url],
    ['wait', '--url', url, '--timeout', '1s'],
    ['send', '--url', url, '--to', 'ann@example.com'],
    ['export', join(home, 'out'), '--url', url],
    ['--help'],
  ],
  [['import', join(home, 'out'), '--url', url]],
  [['clear', '--url', url]],
]

const runCommand = async (command: readonly string[], home: string): Promise<void> => {
  const cli = new Cli(command, { home })
  const { code } = await cli.exited
  assert.equal(code, 0, `${command.join(' ')}: ${cli.stderr}`)
  done.commands += 1
}

const done = { starts: 0, answers: 0, commands: 0 }
for (const [args, credentials] of configurations) {
  const home = makeHome()
  try {
    const cli = new Cli(['--json', ...free, ...args], { home: home.path })
    const ready = await cli.ready()
    const url = ready.url.replace('//[::]', '//127.0.0.1').replace('//0.0.0.0', '//127.0.0.1')
    const address = { url, ports: ready.ports, ...(credentials && { login: credentials }) }
    await roundTrip(address)
    if (done.starts === 0) {
      done.answers = await readEverything(address)
      for (const stage of stages(url, home.path)) {
        await Promise.all(stage.map(command => runCommand(command, home.path)))
      }
    }
    const { code } = await cli.end()
    assert.equal(code, 0)
    if (done.starts === 0) await runCommand(['doctor'], home.path)
    done.starts += 1
  } finally {
    home.remove()
  }
}
console.log(JSON.stringify({ ...done, ...tried() }))
