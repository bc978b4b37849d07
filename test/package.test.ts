import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createTransport } from 'nodemailer'
import { publint } from 'publint'
import { buildPackage } from '../server/build.ts'
import { watchedEnvironment } from './helpers/watched.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

const folder = mkdtempSync(join(tmpdir(), 'mailcatch-package-'))
const built = join(folder, 'dist')
const consumer = join(folder, 'consumer')
const installed = join(consumer, 'node_modules', 'mailcatch')
let tarball = ''

/** A home and a cache of its own: nothing can come from what this machine has fetched before. */
const environment = {
  ...watchedEnvironment(),
  PATH: process.env.PATH,
  HOME: folder,
  MAILCATCH_IMAP_PORT: '0',
  npm_config_cache: join(folder, 'cache'),
  npm_config_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
}

const npm = (args: readonly string[], cwd: string) => run('npm', args, { cwd, env: environment })

before(async () => {
  await buildPackage(built)
  const { stdout } = await npm(['pack', built, '--json'], folder)
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  tarball = join(folder, filename)
  await mkdir(consumer)
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module", "private": true }')
  await npm(['install', tarball], consumer)
})

after(() => rmSync(folder, { recursive: true, force: true }))

const read = (path: string) => readFileSync(join(installed, path), 'utf8')
const files = () => readdirSync(installed, { recursive: true, encoding: 'utf8' })

test('is one package of at most 2 MB, which brings nothing along', () => {
  assert.ok(statSync(tarball).size < 2 * 2 ** 20, `${statSync(tarball).size} octets`)
  const folders = readdirSync(join(consumer, 'node_modules')).filter(name => !name.startsWith('.'))
  assert.deepEqual(folders, ['mailcatch'])
  const manifest = JSON.parse(read('package.json'))
  for (const key of Object.keys(manifest))
    assert.doesNotMatch(key, /^(?!peer).*dependencies|scripts/i)
  const { peerDependencies, peerDependenciesMeta } = manifest
  assert.deepEqual(Object.keys(peerDependencies), Object.keys(peerDependenciesMeta))
  for (const peer of Object.values(peerDependenciesMeta)) assert.deepEqual(peer, { optional: true })
  const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  assert.deepEqual([manifest.name, manifest.version], [root.name, root.version])
})

test('has its documents, and nothing of this machine', () => {
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'NOTICES.md', 'web/index.html']) {
    assert.ok(files().includes(name), name)
  }
  for (const name of files().filter(path => /\.(?:js|ts|md|html|css|json)$/.test(path))) {
    assert.equal(read(name).includes(ROOT), false, `${name} holds ${ROOT}`)
  }
})

test('names the licences of what is bundled, and of nothing else', () => {
  const notices = read('NOTICES.md')
  for (const name of ['hono', 'smtp-server', 'mailparser', 'ws', 'preact', 'lowdb', 'zod']) {
    assert.match(notices, new RegExp(`^## ${name} \\d`, 'm'))
  }
  for (const name of ['vite', 'typescript', 'rolldown', 'tsx']) {
    assert.doesNotMatch(notices, new RegExp(`^## ${name} \\d`, 'm'))
  }
  assert.match(notices, /Permission is hereby granted/)
  assert.match(notices, /^## caniemail\.json$[\s\S]*Copyright \(c\) 2019 HTeuMeuLeu/m)
})

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: built, strict: true, pack: false })
  assert.deepEqual(messages, [])
})

test('its types name no package but the test runner that they are for', () => {
  const declarations = files().filter(name => /\.d\.c?ts$/.test(name))
  assert.ok(declarations.length > 0)
  const runners = { playwright: '@playwright/test', vitest: 'vitest' }
  for (const name of declarations) {
    const runner = Object.entries(runners).find(([folder]) =>
      name.startsWith(join('types', 'testing', folder)),
    )
    const code = read(name).replace(/^ *\/?\*.*$/gm, '')
    const imports = code.matchAll(/(?:\bfrom |\bimport\(|\bimport )['"]([^'"]+)['"]/g)
    for (const [, specifier = ''] of imports) {
      if (specifier !== runner?.[1]) assert.match(specifier, /^(?:\.|node:)/, name)
    }
  }
})

/** Type checks a file of the consumer's, who has nothing else installed. */
async function typeCheck(name: string, source: string): Promise<void> {
  writeFileSync(join(consumer, name), source)
  const options = {
    target: 'ES2022',
    lib: ['ES2022', 'ESNext.Disposable'],
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
  }
  const config = { compilerOptions: options, files: [name] }
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(config))
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  await run(process.execPath, [compiler, '-p', consumer]).catch(({ stdout }) => assert.fail(stdout))
}

test('its types are enough for a consumer', () =>
  typeCheck(
    'consumer.ts',
    `import { type Mailcatch, type Options, startMailcatch, UsageError } from 'mailcatch'
const options: Partial<Options> = { maxMessages: 10, auth: { user: 'a', password: 'b' } }
await using mail: Mailcatch = await startMailcatch(options)
const port: number | null = mail.ports.smtp
const url: string | null = mail.url
export const known = [port, url, UsageError.name]
// @ts-expect-error: there is no such option
await startMailcatch({ smptPort: 1 })
// @ts-expect-error: what only the command line needs
mail.store
`,
  ))

const TESTING = `import { connect, type Inbox, MailTimeoutError, startMailcatch } from 'mailcatch/testing'
await using mailcatch = await startMailcatch({ maxMessages: 10, timeout: 500 })
await connect('http://localhost:8025', { timeout: 5_000 })
await using inbox: Inbox = await mailcatch.inbox('sign up', { ttl: 60, route: { tags: ['a'] } })
const mail = await inbox.waitFor({ subject: /^Welcome/i, to: ['a@b.test', '*@b.test'] }, { timeout: 1 })
const next = await inbox.next('Welcome')
const texts: string[] = [mail.code(), mail.link('Verify'), mail.text, inbox.address('x'), inbox.smtp.url]
const bytes: Uint8Array = await mail.attachment(/pdf$/).bytes()
const header: string | undefined = mail.headers.get('x-app')
const first = (await mail.$('td.total'))?.attributes.class
await inbox.none({ any: [{ q: 'is:unread' }], not: { from: 'a@b.test' } }, { since: mail, settle: 10 })
export const known = [texts, bytes, header, first, next.envelope.rcptTo, MailTimeoutError.name]
// @ts-expect-error: there is no such key
await inbox.waitFor({ subjct: 'x' })
// @ts-expect-error: not for users
inbox.reading
`

test('the types of its testing library are enough, as a module and as CommonJS', async () => {
  await typeCheck('testing.ts', TESTING)
  const inFunction = TESTING.replace(/^(import .*\n)([\s\S]*)$/, '$1async function all() {\n$2}')
  await typeCheck('testing.cts', inFunction.replace('export const known', 'const known'))
  await typeCheck(
    'smtp-tester.ts',
    `import { init, type MailServer } from 'mailcatch/smtp-tester'
const server: MailServer = init(4025)
const { email } = await server.captureOne('a@b.test', { wait: 100 })
export const body: string | undefined = email.body
`,
  )
})

test('its testing library runs without any other package, as a module and as CommonJS', async () => {
  const program = `const { startMailcatch } = await load('mailcatch/testing')
const { init } = await load('mailcatch/smtp-tester')
const mailcatch = await startMailcatch()
const inbox = await mailcatch.inbox()
const body = JSON.stringify({ from: 'a@a.test', to: inbox.address(), subject: 'x', text: 'Your code is 482913' })
const headers = { 'content-type': 'application/json' }
await fetch(mailcatch.url + 'v1/messages', { method: 'POST', headers, body })
console.log((await inbox.waitFor('x')).code(), typeof init)
await mailcatch.close()
`
  writeFileSync(join(consumer, 'esm.js'), `const load = name => import(name)\n${program}`)
  const wrapped = `const load = async name => require(name)\n;(async () => {${program}})()`
  writeFileSync(join(consumer, 'required.cjs'), wrapped)
  for (const name of ['esm.js', 'required.cjs']) {
    const options = { cwd: consumer, env: environment }
    const { stdout } = await run(process.execPath, [name], options)
    assert.equal(stdout.trim(), '482913 function')
  }
})

type Ready = { url: string; ports: { smtp: number } }

/** Starts a command that says `ready`, hands its line over, ends it, and expects 0. */
async function whileRunning(
  command: string,
  args: readonly string[],
  use: (ready: Ready) => Promise<void>,
) {
  const always = ['--smtp-port', '0', '--pop3-port', '0', '--http-port', '0', '--memory', '--json']
  const child = spawn(command, [...args, ...always], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk
    if (text.includes('\n')) break
  }
  const ready = JSON.parse(text.split('\n')[0] ?? '') as Ready & { pid: number }
  try {
    await use(ready)
  } finally {
    process.kill(ready.pid, 'SIGTERM')
  }
  const [code] = await closed
  assert.equal(code, 0)
}

test('runs, takes a mail over TLS, parses it, finds it, shows the inbox', async () => {
  await whileRunning(join(consumer, 'node_modules', '.bin', 'mailcatch'), [], async ready => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: ready.ports.smtp,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
    })
    await transport.sendMail({
      from: 'app@a.test',
      to: 'ann@b.test',
      subject: 'Gr\u00fc\u00dfe',
      text: Buffer.from('caf\u00e9'),
      html: '<p>caf\u00e9</p>',
      attachments: [{ filename: 'a.txt', content: 'x' }],
    })
    const response = await fetch(`${ready.url}v1/messages/latest`)
    const message = (await response.json()) as Record<string, unknown>
    assert.deepEqual(
      [message.subject, message.parsed, message.html],
      ['Gr\u00fc\u00dfe', true, '<p>caf\u00e9</p>'],
    )
    assert.equal((message.attachments as unknown[]).length, 1)
    // Looked into by another worker.
    const search = new URL('v1/messages?q=body:/<p>caf.</ caf\u00e9', ready.url)
    const { total } = (await (await fetch(search)).json()) as { total: number }
    assert.equal(total, 1)
    // By a third one, with its table of mail clients.
    const checked = await fetch(`${ready.url}v1/messages/latest/checks`)
    const checks = (await checked.json()) as { state: string; groups: { data?: object }[] }
    assert.equal(checks.state, 'done')
    assert.ok(checks.groups.some(({ data }) => data))
    const page = await fetch(ready.url)
    assert.equal(page.status, 200)
    const script = /src="([^"]+\.js)"/.exec(await page.text())?.[1] ?? ''
    assert.equal((await fetch(new URL(script, ready.url))).status, 200)
  })
})

test('npx runs the tarball', async () => {
  await whileRunning('npx', ['--yes', `./${basename(tarball)}`], async ready => {
    assert.equal((await fetch(`${ready.url}readyz`)).status, 200)
  })
})

test('its commands import and export', async () => {
  const command = join(consumer, 'node_modules', '.bin', 'mailcatch')
  const source = join(folder, 'a.eml')
  writeFileSync(source, 'Subject: x\r\n\r\nFrom here on\r\n')
  const options = { cwd: folder, env: environment }
  for (const [args, said] of [
    [['import', source], /^imported 1 message into /],
    [['export', 'out', '--mbox', 'out.mbox'], /^exported 1 message to out and .*out\.mbox$/m],
    [['import', 'out.mbox', '--data', 'other'], /^imported 1 message into /],
    [['export', 'other-out', '--data', 'other'], /^exported 1 message to other-out$/m],
  ] as const) {
    const { stdout } = await run(command, args, options)
    assert.match(stdout, said)
  }
  for (const out of ['out', 'other-out']) {
    assert.deepEqual(readFileSync(join(folder, out, '1.eml')), readFileSync(source))
  }
})

test('starts within a program', async () => {
  const source = `import { startMailcatch } from 'mailcatch'
const mail = await startMailcatch()
const { version } = await (await fetch(mail.url + 'v1/stats')).json()
console.log(version)`
  writeFileSync(join(consumer, 'program.js'), source)
  const { stdout } = await run(process.execPath, ['program.js'], {
    cwd: consumer,
    env: environment,
  })
  assert.equal(stdout.trim(), JSON.parse(read('package.json')).version)
})

test('runs through a link to it, as npm makes them', async () => {
  const link = join(folder, 'linked')
  await symlink(join(installed, 'cli.js'), link)
  const { stdout } = await run(link, ['--version'], { env: environment })
  assert.equal(stdout.trim(), JSON.parse(read('package.json')).version)
})
