import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { launchOptions, noBrowser } from '../../helpers/browser.ts'
import { type Consumer, makeConsumer, ours } from '../../helpers/consumer.ts'
import { run } from '../../helpers/program.ts'

/** Playwright's own runner, on a web app that people sign up to. */

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
  consumer.write('playwright.config.mjs', CONFIG)
})
after(() => consumer.remove())

/** Runs the tests of a file. Resolves with the result of each, by its title. */
async function play(file: string, expectedCode: 0 | 1): Promise<ReadonlyMap<string, Result>> {
  const cli = join(consumer.folder, 'node_modules', '@playwright', 'test', 'cli.js')
  const { stdout, stderr } = await run(process.execPath, [cli, 'test', file], {
    cwd: consumer.folder,
    env: { HOME: consumer.folder },
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

test('failures tell what came, where, and the report has the mail', options, async () => {
  const results = await play('failing.spec.mjs', 1)
  const said = (title: string): string =>
    (results.get(title)?.errors ?? []).map(({ message }) => message).join('\n')
  assert.equal([...results.values()].filter(({ status }) => status === 'failed').length, 7)

  const inVain = said('waits in vain')
  assert.match(
    inVain,
    /^MailTimeoutError: No mail came within 300 ms that has\n {2}subject: "Your inv/,
  )
  assert.match(
    inVain,
    /1 other mail came:\n {2}mail \d+ "Welcome to the shop" from shop@example\.com/,
  )
  assert.match(inVain, /subject: wanted "Your invoice", but it has "Welcome to the shop"/)
  assert.match(inVain, /> 14 \| {3}await inbox\.waitFor/)
  assert.match(said('expects in vain'), /subject: "\/invoice\/i"[\s\S]+> 19 \|/)
  assert.match(said('expects none'), /There should be no such mail, but there is mail \d+ "Welcome/)
  assert.match(said('expects another count'), /There should be 1 such mail and no more, but there/)
  assert.match(
    said('clicks what is not there'),
    /no link with "Pay now"[\s\S]+"Help"[\s\S]+> 47 \|/,
  )
  const ofMail = results.get('expects something else of the mail')?.errors ?? []
  const reasons = [
    /have "Bye" in its subject\.\nIt is "Welcome to the shop"/,
    /have \/invoice \\d\+\/ in its text\.\nIt says: Your code is \d{6}/,
    /have the code "000000"\.\nIt has \d{6}\./,
    /have a link "Unsubscribe"\.\nIts links:\n {2}"Or open" http/,
    /have an attachment "\*\.pdf"\.\nIts attachments:\n {2}"terms\.txt" text\/plain, 9 octets/,
    /not to have "Welcome" in its subject/,
  ]
  assert.equal(ofMail.length, reasons.length)
  for (const [at, reason] of reasons.entries()) assert.match(ofMail[at]?.message ?? '', reason)

  const attached = (title: string): readonly Attachment[] => results.get(title)?.attachments ?? []
  const text = (end: string): string => {
    const found = attached('waits in vain').find(({ name }) => name.endsWith(end))
    return Buffer.from(found?.body ?? '', 'base64').toString('utf8')
  }
  assert.match(text('.eml'), /^From: Shop <shop@example\.com>\r\n[\s\S]+terms\.txt/)
  assert.match(
    text('.html'),
    /Content-Security-Policy" content="default-src 'none'[\s\S]+Verify e-mail/,
  )
  const { envelope } = JSON.parse(text('envelope.json'))
  assert.equal(envelope.mailFrom, 'shop@example.com')
  assert.match(envelope.rcptTo[0], /^waits-in-vain-\w+@inbox\.mailcatch\.test$/)
  assert.deepEqual(
    attached('has no mail').map(({ name }) => name),
    ['no mail', 'error-context'],
  )
})
