import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { routes } from '../../server/http/routes.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

/** Path traversal by message id or part number, and by the names of the page's files. */

/** None of them is an id, nor the number of a part. */
const noIds = [
  ...['..%2f', '%2e%2e%2f1', '..%2f..%2f..%2f..%2fetc%2fpasswd', '..%5c..%5cwin.ini', '1%2f..%2f2'],
  ...['%00', '1%00', '1%0d%0aX-Evil:1', '__proto__', 'constructor', 'toString', 'hasOwnProperty'],
  ...[
    '-1',
    '0',
    '+1',
    '01',
    '1e0',
    '0x1',
    '%201',
    '1%20',
    '1.',
    '.1',
    '1,2',
    '1:2',
    '%D9%A1',
    'NaN',
  ],
  ...['Infinity', 'null', '*', 'LATEST', '99999999999', '9'.repeat(400), '%ff%fe'],
]

type Given = { readonly id: string; readonly part: string; readonly inbox: string }

/** The path of a route, with these values in it. */
const pathOf = (path: string, given: Given): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) =>
    path.startsWith('/v1/inboxes') ? given.inbox : given[name as keyof Given],
  )

test('path traversal by message id: no route takes what is no id, and nothing is lost', async t => {
  const { ask, send, store, logged } = await startHttp(t)
  await put(store, mail('One', '<p>x</p>', 'Content-Type: text/html'))
  const { id: inbox } = (await send('POST', '/v1/inboxes', {})).json as { id: string }
  const known: Given = { id: '1', part: '1', inbox }
  const withValues = routes.filter(({ path }) => path.includes('{'))
  assert.ok(withValues.length >= 14, `${withValues.length}`)
  for (const { method, path } of withValues) {
    const body = method === 'patch' ? { unread: false } : undefined
    for (const name of path.match(/(?<=\{)\w+(?=\})/g) ?? []) {
      const place = path.startsWith('/v1/inboxes') ? 'inbox' : (name as keyof Given)
      for (const value of noIds) {
        const target = pathOf(path, { ...known, [place]: value })
        const query = path.endsWith('/select') ? '?css=p' : ''
        const reply = await send(method.toUpperCase(), `${target}${query}`, body)
        assert.match(`${reply.status}`, /^40[04]$/, `${method} ${target}: ${reply.text}`)
        assert.equal(reply.headers['content-type'], 'application/problem+json', target)
        assert.equal(reply.headers['x-evil'], undefined)
      }
    }
  }
  // The control: with an id the same routes answer; what removes comes last.
  const inOrder = [...withValues].sort((one, other) => order(one.method) - order(other.method))
  for (const { method, path } of inOrder) {
    const query = path.endsWith('/select') ? '?css=p' : ''
    const body = method === 'patch' ? { unread: false } : undefined
    const reply = await send(method.toUpperCase(), `${pathOf(path, known)}${query}`, body)
    const isNone = path.endsWith('attachments.zip')
    assert.equal(reply.status < 300, !isNone, `${method} ${path}: ${reply.text}`)
  }
  assert.equal((await ask('/v1/stats')).status, 200)
  assert.deepEqual(logged, [])
})

const order = (method: string): number => (method === 'delete' ? 1 : 0)

test('path traversal by message id in a query: each is refused, and named', async t => {
  const { ask, send, store } = await startHttp(t)
  await put(store, mail('One'))
  // Position 0 is before the first message, and `1,2` a set.
  const values = noIds.filter(value => !/^(?:0|1[,:]2)$/.test(value))
  for (const [target, name] of [
    ['/v1/messages?limit=1&before=', 'before'],
    ['/v1/messages?since=', 'since'],
    ['/v1/messages?upto=', 'upto'],
    ['/v1/messages.zip?ids=', 'ids'],
    ['/v1/messages.zip?all=true&except=', 'except'],
    ['/v1/messages/1/html?part=', 'part'],
    ['/v1/wait?timeout=1&since=', 'since'],
  ] as const) {
    for (const value of values) {
      if (name === 'part' && value === '99999999999') continue // a number, if one of no part
      const reply = await ask(`${target}${value}`)
      assert.match(`${reply.status}`, /^40[04]$/, `${target}${value}: ${reply.text}`)
    }
  }
  for (const value of values) {
    const reply = await send('DELETE', `/v1/messages?ids=${value}`)
    assert.equal(reply.status, 400, value)
  }
  assert.equal(store.total, 1)
})

const secret = 'the secret of another folder'

/** Ways to a file beside the folder that is served. */
const detours = [
  ...['/assets/../secret.txt', '/assets/..%2fsecret.txt', '/assets/%2e%2e/secret.txt'],
  ...['/assets/%2e%2e%2fsecret.txt', '/assets/..%5csecret.txt', '/assets/....//secret.txt'],
  ...['/assets//../secret.txt', '/assets/%252e%252e%252fsecret.txt', '/assets/./../secret.txt'],
  ...['/assets/app.js/../../secret.txt', '/assets/app.js%00/../../secret.txt', '/secret.txt'],
  ...[
    '/%2e%2e/secret.txt',
    '/assets/link.js',
    '/assets/..;/secret.txt',
    '/assets/%c0%ae%c0%ae/secret.txt',
  ],
]

/** A built page, with a secret beside its assets and a link that leads there. */
function makeSite(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailcatch-site-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<title>Mailcatch</title>')
  writeFileSync(join(folder, 'assets', 'app.js'), 'let mailcatch')
  writeFileSync(join(folder, 'secret.txt'), secret)
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'assets', 'link.js'))
  return folder
}

/** The target as it stands, which a client that knows URLs would make plain before. */
async function getRaw(port: number, path: string): Promise<{ status: number; text: string }> {
  const sent = request({ port, host: '127.0.0.1', path, agent: false }).end()
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode as number, text }
}

test('path traversal out of the files of the page: each name is looked up, and none is a path', async t => {
  const folder = makeSite(t)
  const { port } = await startHttp(t, { webDirectory: folder })
  for (const path of detours) {
    const { status, text } = await getRaw(port, path)
    assert.equal(status, 404, path)
    assert.equal(text.includes(secret), false, path)
  }
  assert.deepEqual(await getRaw(port, '/assets/app.js'), { status: 200, text: 'let mailcatch' })

  // The control: a server that makes paths of names.
  const naive = createServer((incoming, answer) => {
    try {
      answer.end(readFileSync(join(folder, decodeURIComponent(incoming.url ?? ''))))
    } catch {
      answer.writeHead(404).end()
    }
  }).listen(0, '127.0.0.1')
  await once(naive, 'listening')
  t.after(() => naive.close())
  const { port: naivePort } = naive.address() as AddressInfo
  let leaks = 0
  for (const path of detours) if ((await getRaw(naivePort, path)).text === secret) leaks++
  assert.ok(leaks >= 7, `${leaks}`)
})
