import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { searchLanguage } from '../../server/http/docs/search-language.ts'
import { matcherQuery } from '../../server/http/matcher.ts'
import { operationId } from '../../server/http/openapi.ts'
import { routes } from '../../server/http/routes.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const credentials = { user: 'ann', password: 'secret' }
const basic = { authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}` }

/** What a page says at an element whose text has no elements in it. */
const decode = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

const commandLine = (page: string, id: string): string => {
  const match = new RegExp(`<pre id="${id}"[^>]*>([^<]*)</pre>`).exec(page)
  assert.ok(match?.[1], id)
  return decode(match[1])
}

test('The reference has every call, key and schema, and every link in it leads somewhere', async t => {
  const { ask } = await startHttp(t)
  const { status, headers, text } = await ask('/v1/docs')
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'text/html; charset=utf-8')
  const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  assert.equal(new Set(ids).size, ids.length)
  for (const [, anchor] of text.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g))
    assert.ok(ids.includes(anchor), anchor)
  for (const route of routes) assert.ok(ids.includes(operationId(route)), route.path)
  for (const key of Object.keys(matcherQuery))
    assert.match(text, new RegExp(`<dt><code>${key}</code>`))
  const api = (await ask('/v1/openapi.json')).json as { components: { schemas: object } }
  for (const name of Object.keys(api.components.schemas)) {
    assert.match(name, /^[A-Z]\w+$/)
    assert.ok(ids.includes(name), name)
  }
  assert.doesNotMatch(text, /undefined|\[object|>null<|&amp;(?:lt|gt|quot|amp|#39);/)
})

test('The reference loads nothing, runs nothing, and has the one style sheet that its policy names', async t => {
  const { ask } = await startHttp(t)
  const { headers, text } = await ask('/v1/docs')
  const styles = [...text.matchAll(/<style>([^<]*)<\/style>/g)].map(([, style]) => style ?? '')
  assert.equal(styles.length, 1)
  const hash = createHash('sha256')
    .update(styles[0] ?? '')
    .digest('base64')
  assert.equal(
    headers['content-security-policy'],
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
  assert.doesNotMatch(
    text,
    /<(?:script|link|img|iframe|form|object|embed)\b| on\w+=| style=|url\(|@import/i,
  )
})

test('A link of another site may lead to the reference, with a password only', async t => {
  const { ask } = await startHttp(t, { auth: credentials })
  const followed = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  assert.equal((await ask('/v1/docs', { headers: { ...followed, ...basic } })).status, 200)
  assert.equal((await ask('/v1/docs', { headers: followed })).status, 401)
  const framed = { ...followed, ...basic, 'sec-fetch-dest': 'iframe' }
  assert.equal((await ask('/v1/docs', { headers: framed })).status, 403)
})

test('Its addresses are those that it was asked by, below the base path', async t => {
  const { ask } = await startHttp(t, { basePath: '/team/mail/' })
  const { text } = await ask('/team/mail/v1/docs', { headers: { host: '[::1]:8025' } })
  assert.match(text, /<a href="\/team\/mail\/">Inbox<\/a>/)
  assert.match(text, /href="\/team\/mail\/v1\/openapi\.json"/)
  assert.equal(commandLine(text, 'getLivez-example'), "curl -s 'http://[::1]:8025/team/mail/livez'")
  assert.equal((await ask('/v1/docs')).status, 404)
})

test('Every example of the search language is understood', async t => {
  const { ask } = await startHttp(t)
  for (const [example] of searchLanguage) {
    const reply = await ask(`/v1/messages?q=${encodeURIComponent(example)}`)
    assert.equal(reply.status, 200, `${example}: ${reply.text}`)
  }
})

/** A shell in which curl fails on an answer that is an error. */
async function openShell(t: TestContext) {
  const home = await mkdtemp(join(tmpdir(), 'mailcatch-curl-'))
  t.after(() => rm(home, { recursive: true }))
  await writeFile(join(home, '.curlrc'), 'fail-with-body\nshow-error\nnoproxy = "*"\n')
  const env = { PATH: process.env.PATH, CURL_HOME: home, MAILCATCH_AUTH: 'ann:secret' }
  return (command: string): ChildProcess =>
    spawn('sh', ['-c', `exec ${command}`], { env, cwd: home })
}

const noCurl = spawnSync('curl', ['--version']).status === 0 ? false : 'there is no curl'

for (const [name, options] of [
  ['as it is', {}],
  ['below a base path, with a password', { basePath: '/team/', auth: credentials }],
] as const) {
  test(`Every example works ${name}`, { skip: noCurl }, async t => {
    const { ask, port, store } = await startHttp(t, options)
    const shell = await openShell(t)
    const run = async (command: string): Promise<string> => {
      const curl = shell(command)
      let out = ''
      curl.stderr?.on('data', data => (out += data))
      curl.stdout?.on('data', data => {
        out += data
        // The stream of events has no end of its own.
        if (command.includes('event-stream') && out.includes('data: {')) curl.kill()
      })
      const [code, signal] = await once(curl, 'close')
      assert.ok(code === 0 || signal === 'SIGTERM', `${command}\n${out}`)
      return out
    }
    const page = async () => {
      const reply = await ask(`${'basePath' in options ? options.basePath : '/'}v1/docs`, {
        headers: { ...basic, host: `127.0.0.1:${port}` },
      })
      assert.equal(reply.status, 200)
      return reply.text
    }
    await put(store, mail('An older one'))
    for (const route of routes) {
      // As the page itself says to a reader, who may have deleted it with the last example.
      await run(commandLine(await page(), 'postV1Messages-example'))
      const id = operationId(route)
      const out = await run(commandLine(await page(), `${id}-example`))
      assert.notEqual(out, '', id)
      if (route.method === 'patch') assert.match(out, /"changed":[1-9]/)
      if (id === 'deleteV1MessagesId') assert.match(out, /"deleted":1/)
      if (id === 'getV1Messages') assert.match(out, /"subject":"Welcome"/)
    }
    assert.match(await run(commandLine(await page(), 'Search-example')), /"subject":"Welcome"/)
  })
}
