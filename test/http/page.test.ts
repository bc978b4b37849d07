import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { startHttp } from '../helpers/http-server.ts'

const script = `export const text = '${'x'.repeat(5_000)}'\n`

/** A build such as Vite makes one. */
async function build(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'mailcatch-page-'))
  t.after(() => rm(root, { recursive: true }))
  const directory = join(root, 'web')
  await mkdir(join(directory, 'assets'), { recursive: true })
  await writeFile(join(root, 'secret.js'), 'secret')
  await writeFile(join(directory, 'assets', 'index-abc.js'), script)
  await writeFile(join(directory, 'assets', 'index-abc.css'), 'body{}')
  await writeFile(join(directory, 'assets', 'notes.txt'), 'not served')
  await symlink(join(root, 'secret.js'), join(directory, 'assets', 'link.js'))
  await writeFile(
    join(directory, 'index.html'),
    '<!doctype html><link rel="stylesheet" href="/assets/index-abc.css"><script type="module" src="/assets/index-abc.js"></script>',
  )
  return directory
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types mailcatch-worker"

test('The page stands at its own addresses, and nowhere else', async t => {
  const { ask } = await startHttp(t, { webDirectory: await build(t) })
  for (const path of [
    '/',
    '/?q=x',
    '/connect',
    '/m/42',
    '/m/42/text',
    '/m/42/source',
    '/m/42/headers',
  ]) {
    const { status, headers, text } = await ask(path)
    assert.equal(status, 200, path)
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
    assert.equal(headers['content-security-policy'], policy)
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(headers['cache-control'], 'no-store')
    assert.match(text, /src="\/assets\/index-abc\.js"/)
    assert.equal((await ask(path, { method: 'HEAD' })).text, '')
  }
  for (const path of [
    '/index.html',
    '/m/',
    '/m/0',
    '/m/x',
    '/m/42/',
    '/m/42/nothing',
    '/m/99999999999',
    '/connect/',
    '/assets',
    '/assets/',
    '/web',
    '/robots.txt',
  ]) {
    assert.equal((await ask(path)).status, 404, path)
  }
  assert.equal((await ask('/', { method: 'POST' })).status, 404)
})

test('Files come by their exact names, hashed ones for ever', async t => {
  const { ask } = await startHttp(t, { webDirectory: await build(t) })
  const plain = await ask('/assets/index-abc.js')
  assert.equal(plain.text, script)
  assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8')
  assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(plain.headers['content-encoding'], undefined)
  const zipped = await ask('/assets/index-abc.js', { headers: { 'accept-encoding': 'br, gzip' } })
  assert.equal(zipped.headers['content-encoding'], 'gzip')
  assert.match(String(zipped.headers.vary), /Accept-Encoding/)
  assert.equal(gunzipSync(zipped.bytes).toString(), script)
  assert.equal(
    (await ask('/assets/index-abc.css')).headers['content-type'],
    'text/css; charset=utf-8',
  )
  for (const path of [
    '/assets/nothing.js',
    '/assets/notes.txt',
    '/assets/link.js',
    '/assets/../index.html',
    '/assets/..%2findex.html',
    '/assets/..%2f..%2fsecret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/assets/..%5c..%5csecret.js',
    '/assets/%2fetc%2fpasswd',
    '/assets//index-abc.js',
    '/assets/INDEX-ABC.JS',
    '/assets/index-abc.js%00',
    '/assets/__proto__',
    '/assets/constructor',
  ]) {
    assert.equal((await ask(path)).status, 404, path)
  }
})

test('With a password, no shared cache keeps a file, and none at all a session', async t => {
  const auth = { user: 'ann', password: 'secret' }
  const { ask } = await startHttp(t, { webDirectory: await build(t), auth })
  const headers = { authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}` }
  const file = await ask('/assets/index-abc.js', { headers })
  assert.equal(file.text, script)
  assert.equal(file.headers['cache-control'], 'private, max-age=31536000, immutable')
  assert.equal(file.headers['set-cookie'], undefined)
  for (const path of ['/', '/v1/cursor']) {
    const answer = await ask(path, { headers })
    assert.equal(answer.headers['cache-control'], 'no-store', path)
    assert.match(String(answer.headers['set-cookie']), /^mailcatch_/, path)
  }
})

test('Below a base path its links lead there', async t => {
  const { ask } = await startHttp(t, { webDirectory: await build(t), basePath: '/team/' })
  const { text } = await ask('/team/m/42')
  assert.match(text, /href="\/team\/assets\/index-abc\.css"/)
  assert.match(text, /src="\/team\/assets\/index-abc\.js"/)
  assert.equal((await ask('/team/assets/index-abc.js')).status, 200)
  assert.equal((await ask('/assets/index-abc.js')).status, 404)
})

test('Without a build the page says how to make one', async t => {
  const { ask } = await startHttp(t, { webDirectory: join(tmpdir(), 'mailcatch-nothing-here') })
  const { status, text } = await ask('/')
  assert.equal(status, 503)
  assert.match(text, /npm run build/)
  assert.equal((await ask('/assets/index-abc.js')).status, 404)
})
