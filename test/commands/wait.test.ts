import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { CommandError } from '../../server/commands/command-error.ts'
import { UsageError } from '../../server/options.ts'
import { Cli, makeHome } from '../helpers/cli.ts'
import { runWait } from '../helpers/commands.ts'
import { startWaiting } from '../helpers/waiting.ts'

const home = makeHome()
after(() => home.remove())

const signIn = 'Your verification code is 483920. Confirm: https://app.example.com/confirm?t=1'

test('the number of a message, its code, its link, or everything as JSON', async t => {
  const { port, arrive, waiting } = await startWaiting(t)
  const url = `http://127.0.0.1:${port}/`
  const said = async (options: Parameters<typeof runWait>[1], ...words: string[]) =>
    (await runWait(words, { url, ...options })).out.toString()
  const coming = said({ to: 'ann@example.com' })
  await waiting(1)
  await arrive('ann@example.com', 'Sign in', signIn)
  assert.equal(await coming, '1\n')
  await arrive('ann@example.com', 'Hello')
  assert.equal(await said({ to: 'ann@example.com', count: 2 }), '1\n2\n')
  assert.equal(await said({ to: 'ann@example.com', since: '1' }), '2\n')
  assert.equal(await said({}, 'subject:sign'), '1\n')
  assert.equal(await said({ address: 'ann@example.com', code: true }), '483920\n')
  const link = 'https://app.example.com/confirm?t=1'
  assert.equal(await said({ address: 'ann@example.com', link: true }), `${link}\n`)
  assert.equal(await said({ address: 'ann@example.com', linkText: '/confirm/' }), `${link}\n`)
  assert.equal(await said({ to: 'zoe@example.com', none: true }), 'no message\n')
  const line = JSON.parse(await said({ code: true, json: true }))
  assert.deepEqual([line.type, line.code, line.id], ['code', '483920', 1])
  assert.equal(JSON.parse(await said({ to: 'ann@example.com', json: true })).subject, 'Hello')
})

test('exit codes: 4 timed out, 5 ambiguous or there though it should not be, 1 refused', async t => {
  const { port, arrive } = await startWaiting(t)
  const url = `http://127.0.0.1:${port}/`
  const two = 'Your verification code is 111111.\r\n\r\nYour verification code is 222222.'
  await arrive('ann@example.com', 'Sign in', two)
  const fails = async (options: Parameters<typeof runWait>[1]) => {
    const error = await runWait([], { url, timeout: 1, ...options }).then(
      () => assert.fail('nothing failed'),
      (error: unknown) => error,
    )
    assert.ok(error instanceof CommandError, String(error))
    return [error.exitCode, error.code, error.message]
  }
  assert.deepEqual(await fails({ to: 'amn@example.com' }), [
    4,
    'MAILCATCH_TIMED_OUT',
    'No message matched within 0.001 s. There is 1 message in all. Message 1 fails at to: wanted is “amn@example.com”, and the nearest is “ann@example.com”.',
  ])
  assert.deepEqual((await fails({ code: true })).slice(0, 2), [5, 'MAILCATCH_OTHERWISE'])
  assert.deepEqual((await fails({ none: true })).slice(0, 2), [5, 'MAILCATCH_OTHERWISE'])
  assert.deepEqual((await fails({ inbox: 'nothing' })).slice(0, 2), [1, 'MAILCATCH_REFUSED'])
})

test('what contradicts itself, or cannot be read, is wrong usage', async t => {
  const { port } = await startWaiting(t)
  const url = `http://127.0.0.1:${port}/`
  for (const options of [
    { code: true, link: true },
    { none: true, code: true },
    { code: true, count: 2 },
    { code: true, linkText: 'x' },
    { timeout: 121_000 },
    { timeout: null },
    { since: 'yesterday' },
  ]) {
    await assert.rejects(runWait([], { url, ...options }), UsageError, JSON.stringify(options))
  }
})

test('the command itself, against the port that it is told', async t => {
  const { port, arrive } = await startWaiting(t)
  await arrive('ann@example.com', 'Sign in', signIn)
  const run = async (...args: string[]) => {
    const cli = new Cli(['wait', '--http-port', `${port}`, ...args], { home: home.path })
    const { code } = await cli.exited
    return { code, stdout: cli.stdout, stderr: cli.stderr }
  }
  const [found, late] = await Promise.all([
    run('--to', 'ann@example.com', '--timeout', '10s', '--code'),
    run('--to', 'bob@example.com', '--timeout', '1ms', '--json'),
  ])
  assert.deepEqual(found, { code: 0, stdout: '483920\n', stderr: '' })
  assert.equal(late.code, 4)
  assert.equal(JSON.parse(late.stdout).code, 'MAILCATCH_TIMED_OUT')
})
