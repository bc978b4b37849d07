import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeConsumer, ours } from '../../helpers/consumer.ts'
import { isToolMissing, modulesOf } from '../../helpers/npm-tools.ts'
import { run } from '../../helpers/program.ts'
import { snippet } from '../../helpers/snippets.ts'

/** Jest itself, on the README's files and some that fail. */

type Case = { readonly title: string; readonly status: string; readonly failureMessages: string[] }

const failing = `const { connect, startMailcatch } = require('mailcatch/testing')
const { workerInbox } = require('mailcatch/jest')
const { createApp } = require('./app.cjs')

test('is the one server of all, which the library connects to as well', async () => {
  const client = await connect(process.env.MAILCATCH_URL)
  const inbox = await client.inbox()
  await createApp({ smtp: inbox.smtp.url }).signUp('ann@b.test')
  expect(await inbox.last()).toHaveLink('Verify')
})

test('cannot start a server in here, and says what to do', async () => {
  const { MAILCATCH_URL } = process.env
  delete process.env.MAILCATCH_URL
  await expect(startMailcatch()).rejects.toThrow(/cannot start in a test of Jest/)
  process.env.MAILCATCH_URL = MAILCATCH_URL
})

test('fails', async () => {
  const inbox = await workerInbox()
  await createApp({ smtp: inbox.smtp.url }).signUp('ann@b.test')
  await expect(inbox).toHaveMail('Invoice', { timeout: 50 })
})
`

test('the README, in several workers on one shared server; its snapshot holds', async t => {
  if (isToolMissing(t, 'jest')) return
  const consumer = makeConsumer(ours('nodemailer'))
  t.after(() => consumer.remove())
  consumer.write('jest.config.js', snippet('jest.config.js'))
  consumer.write('sign-up.test.cjs', snippet('sign-up.test.cjs'))
  consumer.write('failing.test.cjs', failing)
  const cli = join(modulesOf('jest'), 'jest', 'bin', 'jest.js')
  const play = async (...args: string[]): Promise<readonly Case[]> => {
    const all = [cli, '--json', '--no-watchman', '--cacheDirectory=.jest', ...args]
    const { stdout } = await run(process.execPath, all, {
      cwd: consumer.folder,
      env: { HOME: consumer.folder, NO_COLOR: '1' },
      accepts: [0, 1],
    })
    const { testResults } = JSON.parse(stdout) as { testResults: { assertionResults: Case[] }[] }
    return testResults.flatMap(({ assertionResults }) => assertionResults)
  }
  const cases = await play('--maxWorkers=2')
  const statuses = cases.map(({ title, status }) => `${title}: ${status}`)
  assert.deepEqual(
    statuses.toSorted(),
    [
      'a new user is mailed a code: passed',
      'cannot start a server in here, and says what to do: passed',
      'fails: failed',
      'is the one server of all, which the library connects to as well: passed',
    ],
    JSON.stringify(cases, null, 2),
  )
  const [said = ''] = cases.find(({ title }) => title === 'fails')?.failureMessages ?? []
  assert.match(
    said,
    /No mail came within 50 ms that has[\s\S]+wanted "Invoice", but it has "Welcome/,
  )
  assert.match(said, /failing\.test\.cjs:22:/)
  const path = join(consumer.folder, '__snapshots__', 'sign-up.test.cjs.snap')
  assert.match(readFileSync(path, 'utf8'), /token=<uuid>/)
  const again = await play('--ci', '--runInBand', 'sign-up')
  assert.deepEqual(
    again.map(({ failureMessages }) => failureMessages),
    [[]],
  )
})
