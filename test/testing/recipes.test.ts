import assert from 'node:assert/strict'
import { chmodSync, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { launchOptions, noBrowser } from '../helpers/browser.ts'
import { type Consumer, DIST, makeConsumer, ours } from '../helpers/consumer.ts'
import { freePorts } from '../helpers/free-port.ts'
import { TOOLS } from '../helpers/npm-tools.ts'
import { isMissing, type Ran, run, says, startTied, type Tied } from '../helpers/program.ts'
import { snippet, snippets } from '../helpers/snippets.ts'

/** The recipes of the README as they are written there, but for the ports, on the built package and a sample app. */

let consumer: Consumer
/** Port by port of the README. */
const ports: Record<string, string> = {}
const running: Tied[] = []

before(async () => {
  consumer = makeConsumer(ours('@playwright/test', 'playwright', 'playwright-core', 'nodemailer'))
  const mailcatch = startTied(
    process.execPath,
    [join(DIST, 'cli.js'), '--memory', '--no-starttls', '--json'],
    {
      env: {
        ...process.env,
        ...Object.fromEntries(
          ['SMTP', 'HTTP', 'POP3', 'IMAP'].map(name => [`MAILCATCH_${name}_PORT`, '0']),
        ),
      },
    },
  )
  running.push(mailcatch)
  const ready = await says(mailcatch.streams[1] as Readable, /"smtp":(\d+)[\s\S]*"http":(\d+)/)
  const [, smtp = '', http = ''] = ready
  const app = startTied(process.execPath, [join(consumer.folder, 'sign-up-app.mjs')], {
    env: { ...process.env, PORT: '0', SMTP_URL: `smtp://127.0.0.1:${smtp}` },
  })
  running.push(app)
  const [, port = ''] = await says(app.streams[1] as Readable, /127\.0\.0\.1:(\d+)/)
  Object.assign(ports, { smtp, http, app: port })
})
after(async () => {
  for (const program of running.toReversed()) await program.end()
  consumer.remove()
})

/** Writes a recipe of the README down, for the Mailcatch and the app that run here. */
function recipe(name: string): void {
  const code = snippet(name, {
    'localhost:8025': `localhost:${ports.http}`,
    'localhost:3000': `localhost:${ports.app}`,
  })
  consumer.write(name, code)
}

const inFolder = (
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> =>
  run(command, args, {
    cwd: consumer.folder,
    env: {
      HOME: consumer.folder,
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
      ...env,
    },
    timeout: 90_000,
  })

test('every recipe has a test that runs it', () => {
  const elsewhere = /^(?:vitest|jest|cypress|sign-up\.test\.(?:ts|cjs))/
  assert.deepEqual(
    [...snippets().keys()].filter(name => !elsewhere.test(name)).toSorted(),
    [
      '.github/workflows/test.yml',
      'playwright.config.ts',
      'sign-up.sh',
      'sign-up.spec.ts',
      'sign-up.test.js',
      'sign-up.php',
      'sign_up_test.go',
      'sign_up_test.rb',
      'test_sign_up.py',
    ].toSorted(),
  )
})

test('node:test', async () => {
  consumer.write('sign-up.test.js', snippet('sign-up.test.js'))
  const { stdout } = await inFolder(process.execPath, ['--test', 'sign-up.test.js'])
  assert.match(stdout, /^# pass 1$/m)
})

test('bash and curl', async t => {
  if (isMissing(t, 'bash', 'curl', 'jq')) return
  recipe('sign-up.sh')
  await inFolder('bash', ['sign-up.sh'])
})

test('pytest', async t => {
  const command = existsSync('/usr/bin/pytest-3') ? '/usr/bin/pytest-3' : 'pytest'
  if (isMissing(t, command)) return
  recipe('test_sign_up.py')
  const { stdout } = await inFolder(command, ['-q', '-p', 'no:cacheprovider', 'test_sign_up.py'])
  assert.match(stdout, /^1 passed/m)
})

test('PHP', async t => {
  if (isMissing(t, 'php')) return
  recipe('sign-up.php')
  const { stdout } = await inFolder('php', ['sign-up.php'])
  assert.equal(stdout, '')
})

test('Ruby', async t => {
  if (isMissing(t, 'ruby')) return
  recipe('sign_up_test.rb')
  const { stdout } = await inFolder('ruby', ['sign_up_test.rb'])
  assert.match(stdout, /1 runs, \d+ assertions, 0 failures, 0 errors/)
})

test('Go', async t => {
  if (isMissing(t, 'go')) return
  recipe('sign_up_test.go')
  consumer.write('go.mod', 'module signup\n\ngo 1.20\n')
  const env = { GOCACHE: join(TOOLS, 'go'), GOPROXY: 'off', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' }
  const { stdout } = await inFolder('go', ['test', '-vet=off', '-gcflags=all=-N -l', '.'], env)
  assert.match(stdout, /^ok\s+signup/m)
})

test('Playwright, which starts Mailcatch and the app', {
  skip: noBrowser,
  timeout: 90_000,
}, async () => {
  const { http, smtp, app } = await freePorts('http', 'smtp', 'app')
  const changes = { ':8025': `:${http}`, ':1025': `:${smtp}`, ':3000': `:${app}` }
  consumer.write('readme.config.ts', snippet('playwright.config.ts', changes))
  consumer.write('sign-up.spec.ts', snippet('sign-up.spec.ts'))
  consumer.write(
    'package.json',
    '{ "type": "module", "scripts": { "start": "node sign-up-app.mjs" } }',
  )
  // The browser is Debian's, and everything else is said in the README.
  consumer.write(
    'playwright.config.ts',
    `import config from './readme.config'
config.use.launchOptions = ${JSON.stringify(launchOptions)}
export default config
`,
  )
  const cli = join(consumer.folder, 'node_modules', '@playwright', 'test', 'cli.js')
  const { stdout } = await inFolder(process.execPath, [cli, 'test', 'sign-up.spec.ts'], {
    MAILCATCH_HTTP_PORT: `${http}`,
    MAILCATCH_SMTP_PORT: `${smtp}`,
    MAILCATCH_POP3_PORT: '0',
    MAILCATCH_IMAP_PORT: '0',
    PORT: `${app}`,
  })
  assert.match(stdout, /2 passed/)
})

type Workflow = {
  jobs: { test: { steps: { run?: string; uses?: string; env?: Record<string, string> }[] } }
}

test('GitHub Actions: the steps, in a shell', async t => {
  if (isMissing(t, 'ruby', 'bash', 'curl')) return
  const { http, smtp } = await freePorts('http', 'smtp')
  const changes = { 'localhost:8025': `127.0.0.1:${http}`, 'localhost:1025': `127.0.0.1:${smtp}` }
  consumer.write('test.yml', snippet('.github/workflows/test.yml', changes))
  const read = 'puts YAML.load_file(ARGV[0]).to_json'
  const { stdout } = await inFolder('ruby', ['-ryaml', '-rjson', '-e', read, 'test.yml'])
  const { steps } = (JSON.parse(stdout) as Workflow).jobs.test
  assert.deepEqual(
    steps.flatMap(({ uses }) => uses ?? []),
    ['actions/checkout@v4', 'actions/setup-node@v4'],
  )
  consumer.write('package.json', '{ "type": "module", "scripts": { "test": "node ci.mjs" } }')
  consumer.write(
    'ci.mjs',
    `import { startMailcatch } from 'mailcatch/testing'
import { createApp } from './app.js'
const mailcatch = await startMailcatch()
const inbox = await mailcatch.inbox()
await createApp({ smtp: process.env.SMTP_URL }).signUp(inbox.address())
console.log('code:', (await inbox.waitFor('Welcome')).code(), mailcatch.url)
`,
  )
  // As npx runs it, without npm in between, which would not hand on the signal that ends it.
  chmodSync(consumer.write('bin/npx', '#!/bin/sh\nexec "$@"\n'), 0o755)
  const path = ['bin', 'node_modules/.bin'].map(name => join(consumer.folder, name))
  const script = steps
    .flatMap(({ run: line, env = {} }) =>
      line && line !== 'npm ci' ? [`${assigned(env)} ${line}`] : [],
    )
    .join('\n')
  const ran = await inFolder('bash', ['-c', `set -e\n${script}\nkill $!\nwait`], {
    PATH: [...path, process.env.PATH].join(delimiter),
    MAILCATCH_HTTP_PORT: `${http}`,
    MAILCATCH_SMTP_PORT: `${smtp}`,
    MAILCATCH_POP3_PORT: '0',
    MAILCATCH_IMAP_PORT: '0',
  })
  assert.match(ran.stdout, new RegExp(`^code: \\d{6} http://127\\.0\\.0\\.1:${http}/$`, 'm'))
})

const assigned = (env: Record<string, string>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
