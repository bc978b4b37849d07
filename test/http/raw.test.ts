import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { mail, put, startHttp } from '../helpers/http-server.ts'

test('The source comes octet for octet, as text or as a file', async t => {
  const { ask, store } = await startHttp(t)
  const octets = Buffer.concat([
    Buffer.from('Subject: x\n\nbare\nlf\rcr\0\xff', 'latin1'),
    randomBytes(200_000),
  ])
  const id = await put(store, octets)
  const shown = await ask(`/v1/messages/${id}/raw`)
  assert.deepEqual(shown.bytes, octets)
  assert.equal(shown.headers['content-type'], 'text/plain; charset=utf-8')
  assert.equal(shown.headers['content-length'], `${octets.length}`)
  assert.equal(shown.headers['content-disposition'], undefined)
  assert.match(String(shown.headers['content-security-policy']), /sandbox$/)
  assert.equal(shown.headers['cross-origin-opener-policy'], undefined)
  const file = await ask(`/v1/messages/${id}/raw?download=1`)
  assert.deepEqual(file.bytes, octets)
  assert.equal(file.headers['content-type'], 'message/rfc822')
  assert.equal(
    file.headers['content-disposition'],
    `attachment; filename="mail-${id}.eml"; filename*=UTF-8''mail-${id}.eml`,
  )
  const head = await ask(`/v1/messages/${id}/raw`, { method: 'HEAD' })
  assert.equal(head.headers['content-length'], `${octets.length}`)
  assert.equal(head.bytes.length, 0)
  const empty = await ask(`/v1/messages/${await put(store, 'X: y')}/raw`)
  assert.equal(empty.text, 'X: y')
})

test('As delivered it has what a server would have put in front', async t => {
  const { ask, store } = await startHttp(t)
  const source = mail('Hi')
  const id = await put(store, source, {
    envelope: { mailFrom: 'app@example.com', rcptTo: ['ann@example.com', 'bob@example.com'] },
    helo: 'app.local',
    peer: { address: '::1', port: 4711 },
    authUser: 'app',
    tls: { protocol: 'TLSv1.3', cipher: 'x' },
  })
  const reply = await ask(`/v1/messages/${id}/raw?as=delivered`)
  assert.equal(reply.headers['content-length'], `${reply.bytes.length}`)
  const front = reply.text.slice(0, -source.length)
  assert.equal(reply.text.slice(-source.length), source)
  assert.match(
    front,
    /^Return-Path: <app@example\.com>\r\nDelivered-To: ann@example\.com\r\nDelivered-To: bob@example\.com\r\nReceived: from app\.local \(\[IPv6:::1\]\)\r\n\tby localhost \(Mailcatch\) with ESMTPSA id 1;\r\n\t\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r\n$/,
  )
  for (const query of ['as=sent', 'download=true', 'download=2', 'as=delivered&as=delivered']) {
    assert.equal((await ask(`/v1/messages/${id}/raw?${query}`)).status, 400, query)
  }
})
