import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { MessageList } from '../../server/http/resources.ts'
import { Cli, makeHome } from '../helpers/cli.ts'
import { mail } from '../helpers/http-server.ts'
import { MAILCATCH, noTerminal, openTerminal } from '../helpers/terminal.ts'

const home = makeHome()
const running: Cli[] = []
after(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all(running.map(({ exited }) => exited))
  home.remove()
})

function start(args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore'): Cli {
  const cli = new Cli(args, { home: home.path, stdin })
  running.push(cli)
  return cli
}

async function run(...args: string[]) {
  const cli = start(args)
  const { code } = await cli.exited
  return { code, stdout: cli.stdout, stderr: cli.stderr }
}

const write = (name: string, text: string): string => {
  const path = join(home.path, name)
  writeFileSync(path, text)
  return path
}

const lastLine = (text: string) => JSON.parse(text.trim().split('\n').at(-1) ?? '')

test('a person reads one line, a program a JSON object', async () => {
  const source = write('one.eml', mail('one'))
  const data = join(home.path, 'lines')
  const first = await run('import', source, '--data', data)
  assert.deepEqual(first, { code: 0, stdout: `imported 1 message into ${data}\n`, stderr: '' })
  const second = await run('import', source, '--data', data, '--json')
  assert.deepEqual(lastLine(second.stdout), {
    type: 'imported',
    into: data,
    imported: 0,
    present: 1,
    failed: 0,
    complete: true,
  })
  const quiet = await run('export', join(home.path, 'lines-out'), '--data', data, '--quiet')
  assert.deepEqual(quiet, { code: 0, stdout: '', stderr: '' })
})

test('exit codes: 1 not everything was done, 2 wrong usage, 3 somebody else has the directory', async () => {
  const data = join(home.path, 'codes')
  const large = write('large.eml', mail('large', 'x'.repeat(5_000)))
  const tooLarge = await run('import', large, '--data', data, '--max-message-size', '1k', '--json')
  assert.equal(tooLarge.code, 1)
  assert.equal(JSON.parse(tooLarge.stdout.split('\n')[0] ?? '').code, 'MAILCATCH_TOO_BIG')
  assert.equal(lastLine(tooLarge.stdout).failed, 1)
  const nowhere = await run('import', 'nowhere.eml', '--data', data)
  assert.deepEqual(
    [nowhere.code, nowhere.stderr],
    [1, 'error: nowhere.eml: there is no such file\n'],
  )
  for (const args of [
    ['improt'],
    ['import'],
    ['export', '--data', data],
    ['export', '--smtp-port'],
  ]) {
    const { code, stdout } = await run(...args, '--json')
    assert.equal(code, 2)
    assert.equal(JSON.parse(stdout).code, 'MAILCATCH_USAGE')
  }
  const holder = start(['import', '-', '--data', data], 'pipe')
  holder.child.stdin?.write(`From a\n${mail('one')}\nFrom b\n`)
  await until(() => numbersIn(data) === 1, holder)
  const locked = await run('export', 'out', '--data', data)
  assert.equal(locked.code, 3)
  assert.match(locked.stderr, /codes is in use by pid \d+ since/)
  holder.child.stdin?.end(mail('piped'))
  assert.equal((await holder.exited).code, 0)
})

/** Waits for something that a running command does. */
async function until(check: () => boolean, { child }: Cli): Promise<void> {
  while (!check()) {
    assert.equal(child.exitCode, null, 'it ended before that')
    await setTimeout(5)
  }
}

test('a signal ends it in order', async () => {
  const data = join(home.path, 'signals')
  const stopped = start(['import', '-', '--data', data, '--json'], 'pipe')
  stopped.child.stdin?.write(`From a\n${mail('whole')}\nFrom b\n${mail('half')}`)
  await until(() => numbersIn(data) === 1, stopped)
  assert.deepEqual(await stopped.end('SIGINT'), { code: 1, signal: null })
  const { imported, complete } = lastLine(stopped.stdout)
  assert.deepEqual([imported, complete], [1, false])
})

/** How many raw files a data directory has. */
function numbersIn(data: string): number {
  try {
    const names = readdirSync(join(data, 'raw'), { recursive: true, encoding: 'utf8' })
    return names.filter(name => name.endsWith('.eml')).length
  } catch {
    return 0
  }
}

const COUNT = 900
const mails = Array.from({ length: COUNT }, (_, at) => mail(`${at % 300}`, 'x'.repeat(at % 7)))

async function subjectsAt(url: string): Promise<string[]> {
  const answer = await fetch(`${url}v1/messages?limit=1000`)
  const { messages } = (await answer.json()) as MessageList
  return messages.toReversed().map(({ subject }) => subject)
}

const expected = mails.map((_, at) => `${at % 300}`)

test('killed again and again, an import into a directory comes to each mail once', async t => {
  const source = write('many.mbox', mails.map(text => `From a\n${text}\n`).join(''))
  const data = join(home.path, 'killed')
  const kills: number[] = []
  for (let at = 0; at < 4; at++) {
    const limit = numbersIn(data) + 20 + Math.floor(Math.random() * 150)
    const cli = start(['import', source, '--data', data])
    await until(() => numbersIn(data) >= limit, cli)
    cli.child.kill('SIGKILL')
    await cli.exited
    kills.push(numbersIn(data))
  }
  t.diagnostic(`killed at ${kills.join(', ')} of ${COUNT}`)
  const last = await run('import', source, '--data', data, '--json')
  const { imported, present } = lastLine(last.stdout)
  assert.equal(imported + present, COUNT)
  assert.ok(present >= 80)
  const server = start([
    '--json',
    '--smtp-port',
    '0',
    '--pop3-port',
    '0',
    '--http-port',
    '0',
    '--data',
    data,
  ])
  assert.deepEqual(await subjectsAt((await server.ready()).url), expected)
  await server.end()
})

test('killed again and again, client or server, an import over HTTP comes to each mail once', async t => {
  const source = write('many.mbox', mails.map(text => `From a\n${text}\n`).join(''))
  const data = join(home.path, 'killed-server')
  const args = [
    '--json',
    '--smtp-port',
    '0',
    '--pop3-port',
    '0',
    '--http-port',
    '0',
    '--data',
    data,
  ]
  let server = start(args)
  await server.ready()
  const kills: string[] = []
  for (const victim of ['client', 'server', 'client', 'server']) {
    const limit = numbersIn(data) + 20 + Math.floor(Math.random() * 150)
    const cli = start(['import', source, '--data', data])
    await until(() => numbersIn(data) >= limit, cli)
    const killed = victim === 'client' ? cli : server
    killed.child.kill('SIGKILL')
    await killed.exited
    const { code } = await cli.exited
    kills.push(`${victim} ${numbersIn(data)}`)
    if (victim === 'server') {
      assert.equal(code, 1)
      assert.match(cli.stderr, /no Mailcatch answers at/)
      server = start(args)
      await server.ready()
    }
  }
  t.diagnostic(`killed at ${kills.join(', ')} of ${COUNT}`)
  const { url } = await server.ready()
  const last = await run('import', source, '--url', url, '--json')
  const { imported, present } = lastLine(last.stdout)
  assert.equal(imported + present, COUNT)
  assert.deepEqual(await subjectsAt(url), expected)
  await server.end()
})

test('on a terminal a bar shows how far it is', { skip: noTerminal }, async () => {
  const source = write('many.mbox', mails.map(text => `From a\n${text}\n`).join(''))
  const terminal = openTerminal(`exec ${MAILCATCH} import ${source} --data bar`, home.path)
  assert.equal(await terminal.exited, 0)
  const screen = terminal.screen()
  assert.match(screen, /\rimporting \[=* *\] +\d+% {2}\d+ messages?\x1b\[K/)
  assert.match(screen, /\r\x1b\[Kimported 900 messages into .*bar\r\n$/)
})
