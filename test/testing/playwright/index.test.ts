import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launchOptions, noBrowser } from '../../helpers/browser.ts'
import { type Consumer, makeConsumer, ours } from '../../helpers/consumer.ts'
import { run } from '../../helpers/program.ts'

/** Playwright's own runner, on a web app that people sign up to. */

const FIXTURES = fileURLToPath(new URL('../../fixtures/testing/', import.meta.url))

type Attachment = { readonly name: string; readonly contentType: string; readonly body?: string }
type Result = {
  readonly status: string
  readonly errors: readonly { readonly message: string }[]
  readonly attachments: readonly Attachment[]
}
type Spec = {
  readonly title: string
  readonly tests: readonly { readonly results: readonly Result[] }[]
}
type Report = {
  readonly errors: readonly { readonly message: string }[]
  readonly suites: readonly { readonly specs: readonly Spec[] }[]
}

const CONFIG = `export default {
  testDir: '.',
  reporter: 'json',
  workers: 2,
  fullyParallel: true,
  use: { launchOptions: ${JSON.stringify(launchOptions)} },
}`

let consumer: Consumer
before(() => {
  consumer = makeConsumer(ours('@playwright/test', 'playwright', 'playwright-core', 'nodemailer'))
  for (const name of [
    'sign-up-app.mjs',
    'app-fixture.mjs',
    'failing.spec.mjs',
    'passing.spec.mjs',
  ]) {
    copyFileSync(join(FIXTURES, name), join(consumer.folder, name))
  }
  consumer.write('playwright.config.mjs', CONFIG)
})
after(() => consumer.remove())

/** Runs the tests of a file. Resolves with the result of each, by its title. */
async function play(file: string, expectedCode: 0 | 1): Promise<ReadonlyMap<string, Result>> {
  const cli = join(consumer.folder, 'node_modules', '@playwright', 'test', 'cli.js')
  const { stdout, stderr } = await run(process.execPath, [cli, 'test', file], {
    cwd: consumer.folder,
    env: { HOME: consumer.folder, NODE_OPTIONS: process.env.NODE_OPTIONS },
    accepts: [0, 1],
    timeout: 120_000,
  })
  const report = JSON.parse(stdout) as Report
  assert.deepEqual(report.errors, [], stderr)
  const specs = report.suites.flatMap(suite => suite.specs)
  const results = specs.map(({ title, tests }) => [title, tests[0]?.results[0] as Result] as const)
  const failed = results.filter(([, { status }]) => status !== 'passed')
  if (expectedCode === 0)
    assert.deepEqual(
      failed.map(([, { errors }]) => errors),
      [],
    )
  return new Map(results)
}

const options = { skip: noBrowser, timeout: 150_000 }

test('a sample app: code, link, pages, assertions, parallel inboxes', options, async () => {
  const results = await play('passing.spec.mjs', 0)
  assert.equal(results.size, 11)
})

test('failures tell what came, and the report has the mail', options, async () => {
  const results = await play('failing.spec.mjs', 1)
  const said = (title: string) => results.get(title)?.errors.map(({ message }) => message) ?? []
  for (const [title] of results)
    console.log(
      title,
      said(title).join('\n-----\n'),
      results.get(title)?.attachments.map(a => a.name),
    )
})
