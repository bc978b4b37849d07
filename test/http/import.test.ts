import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import type { MessageDetail, Problem } from '../../server/http/resources.ts'
import { mail, startHttp } from '../helpers/http-server.ts'

const rfc822 = { 'content-type': 'message/rfc822' }

test('A message is kept octet for octet; its header names the envelope', async t => {
  const { ask, store } = await startHttp(t)
  const source = `${mail('Hi', 'bare\nlf', 'Cc: boss@example.com, ann@example.com')}\xff`
  const body = Buffer.from(source, 'latin1')
  const reply = await ask('/v1/messages', { method: 'POST', headers: rfc822, body })
  assert.equal(reply.status, 201)
  assert.deepEqual(reply.json, { id: 1 })
  assert.equal(reply.headers.location, '/v1/messages/1')
  assert.deepEqual((await ask('/v1/messages/1/raw')).bytes, body)
  const { envelope, reception } = (await ask('/v1/messages/1')).json as MessageDetail
  assert.deepEqual(envelope, {
    mailFrom: 'app@example.com',
    rcptTo: ['ann@example.com', 'boss@example.com'],
  })
  assert.equal(reception.listener, 'http')
  assert.equal(reception.peer?.address, '127.0.0.1')
  assert.equal(store.total, 1)
})

test('The query may name the envelope', async t => {
  const { ask, store } = await startHttp(t)
  const post = (query: string) =>
    ask(`/v1/messages?${query}`, { method: 'POST', headers: rfc822, body: mail('Hi') })
  await post('mailFrom=bounce@example.com&rcpt=a@example.com&rcpt=b@example.com')
  await post('mailFrom=%3C%3E')
  assert.deepEqual(store.entry(1)?.message.rcptTo, ['a@example.com', 'b@example.com'])
  assert.equal(store.entry(1)?.message.mailFrom, 'bounce@example.com')
  assert.equal(store.entry(2)?.message.mailFrom, '')
  for (const query of ['rcpt=', 'rcpt=a%0d%0ab', 'mailFrom=a%20b', 'rcpt=%3Ca@b%3E', 'to=a@b']) {
    const reply = await post(query)
    assert.equal(reply.status, 400, query)
    assert.equal((reply.json as Problem).parameter, query.split('=')[0])
  }
})

test('Whatever comes in is stored, even without a header', async t => {
  const { ask, store } = await startHttp(t)
  for (const body of [
    '\r\n',
    'no header at all',
    Buffer.alloc(300_000, 'x'),
    'Subject: x\r\n\r\n',
  ]) {
    assert.equal((await ask('/v1/messages', { method: 'POST', headers: rfc822, body })).status, 201)
    assert.deepEqual((await ask('/v1/messages/latest/raw')).bytes, Buffer.from(body))
  }
  assert.equal(store.total, 4)
  assert.equal((await ask('/v1/messages', { method: 'POST', headers: rfc822 })).status, 400)
  const chunked = { ...rfc822, 'transfer-encoding': 'chunked' }
  assert.equal(
    (await ask('/v1/messages', { method: 'POST', headers: chunked, body: '' })).status,
    400,
  )
  assert.equal(store.total, 4)
})

test('A message of no octets is one where that is said', async t => {
  const { ask } = await startHttp(t)
  for (const headers of [rfc822, { ...rfc822, 'transfer-encoding': 'chunked' }]) {
    const reply = await ask('/v1/messages?empty=1', { method: 'POST', headers, body: '' })
    assert.equal(reply.status, 201)
    assert.equal((await ask('/v1/messages/latest/raw')).bytes.length, 0)
  }
  const type = { 'content-type': 'application/json' }
  const reply = await ask('/v1/messages?empty=1', { method: 'POST', headers: type, body: '' })
  assert.equal(reply.status, 400)
})

test('A message over the limit is refused, said at once or found out later', async t => {
  const { ask, store } = await startHttp(t)
  const most = Buffer.alloc(1_000_000, 'x')
  const post = (body: Buffer, headers: Record<string, string> = rfc822) =>
    ask('/v1/messages', { method: 'POST', headers, body })
  assert.equal((await post(most)).status, 201)
  const more = Buffer.concat([most, Buffer.from('x')])
  assert.equal((await post(more)).status, 413)
  assert.equal((await post(more, { ...rfc822, 'transfer-encoding': 'chunked' })).status, 413)
  assert.equal((await post(more, { 'content-type': 'application/json' })).status, 413)
  assert.equal(store.total, 1)
})

test('Half a message is no message', async t => {
  const { port, store, ask } = await startHttp(t)
  const sent = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/messages',
    headers: { ...rfc822, 'content-length': 1_000 },
  })
  sent.write(mail('Half'))
  sent.flushHeaders()
  await once(sent, 'socket')
  await once(sent.socket ?? assert.fail(), 'connect')
  sent.on('error', () => {})
  sent.destroy()
  assert.equal(
    (await ask('/v1/messages', { method: 'POST', headers: rfc822, body: mail('Whole') })).status,
    201,
  )
  assert.equal(store.total, 1)
  assert.equal(store.latest()?.message.subject, 'Whole')
})
