import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageParts, nestedMessage } from '../../server/http/documents.ts'
import type { MessageParts, Problem } from '../../server/http/resources.ts'
import { put, startHttp } from '../helpers/http-server.ts'

const message = [
  'From: app@example.com',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/html',
  '',
  '<img src="cid:a@x">',
  '--b',
  'Content-Type: message/rfc822',
  '',
  'Subject: Inner',
  'Content-Type: text/html',
  '',
  '<p>Inner</p><img src="https://a.example/x.png">',
  '--b--',
  '',
].join('\r\n')

test('The tree of parts has the form that is described', async t => {
  const { ask, store } = await startHttp(t)
  const id = await put(store, message)
  for (const name of [`${id}`, 'latest']) {
    const reply = await ask(`/v1/messages/${name}/parts`)
    assert.equal(reply.status, 200)
    const { root } = messageParts.parse(reply.json) as MessageParts
    assert.deepEqual(
      [root, ...root.parts, ...(root.parts[1]?.parts ?? [])].map(
        ({ part, contentType }) => `${part} ${contentType}`,
      ),
      [' multipart/mixed', '1 text/html', '2 message/rfc822', '2.1 text/html'],
    )
  }
  assert.equal((await ask('/v1/messages/77/parts')).status, 404)
  assert.equal((await ask(`/v1/messages/${id}/parts?q=x`)).status, 400)
})

test('A nested message is told of, and its HTML is isolated like any other', async t => {
  const { ask, store } = await startHttp(t)
  const id = await put(store, message)
  const nested = await ask(`/v1/messages/${id}/parts/2?as=message`)
  assert.equal(nested.status, 200)
  assert.deepEqual(nestedMessage.parse(nested.json), {
    from: [],
    to: [],
    cc: [],
    subject: 'Inner',
    date: null,
    text: null,
    html: true,
  })
  for (const path of [`/m/${id}/html?part=2`, `/v1/messages/${id}/html?part=2`]) {
    const { headers, text } = await ask(path)
    assert.match(text, /<p>Inner/)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /default-src 'none'.*img-src data:;.*sandbox allow-popups/)
    assert.doesNotMatch(policy, /allow-scripts|allow-same-origin/)
  }
  for (const path of [
    `/v1/messages/${id}/parts/1?as=message`,
    `/v1/messages/${id}/parts/9?as=message`,
    '/v1/messages/77/parts/2?as=message',
    `/m/${id}/html?part=1`,
  ]) {
    assert.equal((await ask(path)).status, 404, path)
  }
  const wrong = await ask(`/m/${id}/html?part=x`)
  assert.equal(wrong.status, 400)
  assert.equal((wrong.json as Problem).parameter, 'part')
})

test('A document that is shown as its negative has its pictures turned back', async t => {
  const { ask, store } = await startHttp(t)
  const id = await put(store, message)
  const plain = (await ask(`/m/${id}/html`)).text
  const dark = (await ask(`/m/${id}/html?scheme=forced-dark`)).text
  assert.doesNotMatch(plain, /invert/)
  assert.match(dark, /<base target="_blank"><style>img,.*invert\(1\)/)
  assert.equal((await ask(`/m/${id}/html?scheme=blue`)).status, 400)
})
