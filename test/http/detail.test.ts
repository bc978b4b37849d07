import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { messageDetail } from '../../server/http/documents.ts'
import type { MessageDetail, Problem } from '../../server/http/resources.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const html = [
  'From: App <app@example.com>',
  'To: Ann <ann@example.com>, bob@example.com',
  'Cc: boss@example.com',
  'Reply-To: noreply@example.com',
  'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
  'Date: Fri, 02 Jan 2026 03:04:05 +0100',
  'Message-ID: <1@example.com>',
  'X-Twice: one',
  'X-Twice: two',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Hello <img src="https://example.com/pixel.png"></p>',
  '--b',
  'Content-Type: text/csv; name="list.csv"',
  'Content-Disposition: attachment; filename="list.csv"',
  'Content-Transfer-Encoding: base64',
  '',
  'YSxiCg==',
  '--b--',
  '',
].join('\r\n')

test('A message has everything that is known of it', async t => {
  const { send, store } = await startHttp(t)
  const id = await put(store, html, {
    helo: 'app.local',
    peer: { address: '127.0.0.1', port: 4711 },
    tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
    authUser: 'app',
    dsn: { ret: 'HDRS' },
  })
  const reply = await send('GET', `/v1/messages/${id}`)
  assert.equal(reply.status, 200)
  const { receivedAt: _receivedAt, ...detail } = messageDetail.parse(reply.json) as MessageDetail
  assert.deepEqual(detail, {
    id,
    from: [{ name: 'App', address: 'app@example.com' }],
    to: [
      { name: 'Ann', address: 'ann@example.com' },
      { name: '', address: 'bob@example.com' },
    ],
    cc: [{ name: '', address: 'boss@example.com' }],
    bcc: [],
    replyTo: [{ name: '', address: 'noreply@example.com' }],
    rcptTo: ['ann@example.com'],
    envelope: { mailFrom: 'app@example.com', rcptTo: ['ann@example.com'] },
    subject: 'Grüße',
    date: '2026-01-02T02:04:05.000Z',
    messageId: '<1@example.com>',
    preview: 'Hello',
    size: Buffer.byteLength(html),
    unread: true,
    flagged: false,
    tags: [],
    flags: [],
    parsed: true,
    text: null,
    html: detail.html,
    links: [{ href: 'https://example.com/pixel.png', text: '', kind: 'image', part: '1' }],
    textOfHtml: 'Hello',
    codes: [],
    attachments: [
      {
        part: '2',
        name: 'list.csv',
        contentType: 'text/csv',
        size: 4,
        sha256: createHash('sha256').update('a,b\n').digest('hex'),
        cid: null,
        inline: false,
      },
    ],
    headers: detail.headers,
    warnings: [],
    remoteReferences: 1,
    reception: {
      listener: 'smtp',
      helo: 'app.local',
      peer: { address: '127.0.0.1', port: 4711 },
      tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
      authUser: 'app',
      dsn: { ret: 'HDRS' },
    },
  })
  assert.match(detail.html ?? '', /^<p>Hello <img src="https:\/\/example\.com\/pixel\.png"><\/p>/)
  assert.deepEqual(
    detail.headers.filter(({ name }) => name === 'X-Twice'),
    [
      { name: 'X-Twice', value: 'one' },
      { name: 'X-Twice', value: 'two' },
    ],
  )
  assert.deepEqual(detail.headers[4], { name: 'Subject', value: 'Grüße' })
})

test('Reading changes nothing', async t => {
  const { send, ask, store } = await startHttp(t)
  const id = await put(store, html)
  await send('GET', `/v1/messages/${id}`)
  const { feed } = store
  for (const path of ['', '/raw', '/text', '/html', '/parts/2']) {
    assert.equal((await send('GET', `/v1/messages/${id}${path}`)).status, 200, path)
    const head = await ask(`/v1/messages/${id}${path}`, { method: 'HEAD' })
    assert.equal(head.status, 200, path)
    assert.equal(head.text, '')
  }
  assert.equal(store.feed, feed)
  assert.equal(store.unread, 1)
})

test('latest is the newest that the matcher lets through', async t => {
  const { send, store } = await startHttp(t)
  const subject = async (query: string) =>
    ((await send('GET', `/v1/messages/latest${query}`)).json as MessageDetail).subject
  assert.equal((await send('GET', '/v1/messages/latest')).status, 404)
  for (const each of ['Reset one', 'Reset two', 'Welcome']) await put(store, mail(each))
  assert.equal(await subject(''), 'Welcome')
  assert.equal(await subject('?subject=reset'), 'Reset two')
  assert.equal(await subject('?subject=reset&upto=1'), 'Reset one')
  assert.equal((await send('GET', '/v1/messages/latest/text?subject=welcome')).text.trim(), 'Hello')
  assert.equal((await send('GET', '/v1/messages/latest?subject=nothing')).status, 404)
  assert.equal((await send('GET', '/v1/messages/latest?nonsense=1')).status, 400)
})

test('An id that is none, or is not there, or has a matcher, is refused', async t => {
  const { send, store } = await startHttp(t)
  await put(store, mail('One'))
  for (const path of ['', '/raw', '/text', '/html', '/parts/1']) {
    assert.equal((await send('GET', `/v1/messages/2${path}`)).status, 404)
    for (const id of [
      '0',
      '01',
      '-1',
      '1.0',
      '1e0',
      'x',
      '__proto__',
      '99999999999',
      '%31x',
      '1%2f..',
    ]) {
      const reply = await send('GET', `/v1/messages/${id}${path}`)
      assert.equal(reply.status, 400, id)
      assert.equal((reply.json as Problem).parameter, 'id')
    }
  }
  const both = await send('GET', '/v1/messages/1?subject=One')
  assert.equal(both.status, 400)
  assert.equal((both.json as Problem).parameter, 'subject')
})
