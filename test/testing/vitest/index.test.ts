import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Consumer, makeConsumer, ours } from '../../helpers/consumer.ts'
import { run } from '../../helpers/program.ts'
import { snippet } from '../../helpers/snippets.ts'

/** Vitest itself, on the README's files and some that fail. */

let consumer: Consumer
before(() => {
  consumer = makeConsumer(ours('vitest', 'vite', 'nodemailer'))
  consumer.write('vitest.config.ts', snippet('vitest.config.ts'))
})
after(() => consumer.remove())

type Case = { readonly title: string; readonly status: string; readonly failureMessages: string[] }

async function play(files: readonly string[], pool: string): Promise<readonly Case[]> {
  const cli = join(consumer.folder, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [cli, 'run', '--reporter=json', `--pool=${pool}`, ...files]
  const { stdout, stderr } = await run(process.execPath, args, {
    cwd: consumer.folder,
    env: { HOME: consumer.folder, NO_COLOR: '1' },
    accepts: [0, 1],
  })
  const { testResults } = JSON.parse(stdout) as { testResults: { assertionResults: Case[] }[] }
  assert.ok(testResults.length === files.length, stderr)
  return testResults.flatMap(({ assertionResults }) => assertionResults)
}

const failing = `import { workerInbox, mailcatch } from 'mailcatch/vitest'
import { expect, test } from 'vitest'
import { createApp } from './app.js'

test('is the one server of all', async () => {
  expect((await mailcatch()).url + 'v1/').toBe(new URL('v1/', process.env.MAILCATCH_URL).href)
  expect((await workerInbox()).name).toMatch(/^Vitest worker/)
})

test('fails', async () => {
  const inbox = await (await mailcatch()).inbox()
  await createApp({ smtp: inbox.smtp.url }).signUp('ann@b.test')
  const mail = await inbox.next()
  expect.soft(mail).toHaveSubject('Bye')
  expect.soft(mail).not.toHaveCode()
  await expect.soft(inbox).not.toHaveMail('Welcome')
  await expect(inbox).toHaveMail('Invoice', { timeout: 50 })
})
`

test('the README, on one shared server; its snapshot holds in a second run', async () => {
  consumer.write('sign-up.test.ts', snippet('sign-up.test.ts'))
  consumer.write('failing.test.js', failing)
  const cases = await play(['sign-up.test.ts', 'failing.test.js'], 'forks')
  const statuses = cases.map(({ title, status }) => `${title}: ${status}`)
  assert.deepEqual(statuses.toSorted(), [
    'a new user is mailed a code: passed',
    'fails: failed',
    'is the one server of all: passed',
  ])
  const said = cases.find(({ title }) => title === 'fails')?.failureMessages ?? []
  assert.equal(said.length, 4, said.join('\n'))
  assert.match(said[0] ?? '', /to have "Bye" in its subject\.\nIt is "Welcome to the shop"/)
  assert.match(said[1] ?? '', /not to have a code\.\nIt has \d{6}\./)
  assert.match(said[2] ?? '', /There should be no such mail, but there is mail \d+ "Welcome/)
  assert.match(said[3] ?? '', /No mail came within 50 ms that has[\s\S]+wanted "Invoice", but it/)
  assert.match(said[3] ?? '', /failing\.test\.js:17:/)

  const path = join(consumer.folder, '__snapshots__', 'sign-up.test.ts.snap')
  const snapshot = readFileSync(path, 'utf8')
  assert.match(snapshot, /Your code is <code>\.\n\nOr open https:.*\/verify\?token=<uuid>/)
  const [again] = await play(['sign-up.test.ts'], 'threads')
  assert.deepEqual(again?.failureMessages, [])
  assert.equal(readFileSync(path, 'utf8'), snapshot)
})
