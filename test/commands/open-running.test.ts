import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CommandError } from '../../server/commands/command-error.ts'
import { openRunning } from '../../server/commands/open-running.ts'
import { startMailcatch } from '../../server/mailcatch.ts'
import { Cli, makeHome } from '../helpers/cli.ts'

const options = { url: null, data: '/nowhere', auth: null, httpPort: 1, basePath: '/' }

test('a Mailcatch is found by its URL, its data directory, or its web port', async t => {
  const data = await mkdtemp(join(tmpdir(), 'mailcatch-running-'))
  t.after(() => rm(data, { recursive: true }))
  await using onDisk = await startMailcatch({ data, memory: false })
  const auth = { user: 'ann', password: 'secret' }
  await using inMemory = await startMailcatch({ basePath: '/mail/', auth })
  const found = async (
    more: Partial<typeof options> | { url: string | null; auth: typeof auth },
  ) => {
    const client = await openRunning({ ...options, ...more })
    client.close()
    return client.name
  }
  assert.equal(await found({ url: onDisk.url, auth }), onDisk.url)
  assert.equal(await found({ data }), onDisk.url)
  const there = { httpPort: inMemory.ports.http ?? 0, basePath: '/mail/' }
  assert.equal(await found({ ...there, auth } as never), inMemory.url)
  const failsWith = (code: string) => (error: unknown) =>
    error instanceof CommandError && error.code === code
  await assert.rejects(found(there), failsWith('MAILCATCH_LOGIN'))
  await assert.rejects(found({}), failsWith('MAILCATCH_NO_ANSWER'))
  await assert.rejects(found({}), /no Mailcatch is running at http:\/\/localhost:1\/; start one/)
})

test('on the command line: a mail is sent, listed, shown and cleared', async t => {
  const home = makeHome()
  t.after(home.remove)
  const ports = ['--smtp-port', '0', '--pop3-port', '0', '--http-port', '0']
  const server = new Cli(['--json', ...ports], { home: home.path })
  await server.ready()
  const run = async (...args: string[]) => {
    const cli = new Cli(args, { home: home.path })
    const { code } = await cli.exited
    return [code, cli.stdout, cli.stderr] as const
  }
  const [sent] = await run('send', '--to', 'ann@example.com', '--subject', 'Hi')
  assert.equal(sent, 0)
  assert.match((await run('list'))[1], /^ 1 {2}.*ann@example\.com {2}Hi$/m)
  assert.match((await run('show', 'latest'))[1], /^Subject: {2}Hi$/m)
  assert.deepEqual((await run('show', '7')).slice(0, 2), [1, ''])
  assert.deepEqual((await run('show')).slice(0, 2), [2, ''])
  assert.match((await run('clear'))[1], /^deleted 1 message of/)
  await server.end()
  const [code, , error] = await run('list', '--http-port', '1')
  assert.equal(code, 1)
  assert.match(error, /no Mailcatch is running/)
})
