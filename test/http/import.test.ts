import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import { importedDocument } from '../../server/http/documents.ts'
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

test('Recipients that have no room in the query stand in front of the message', async t => {
  const limits = { maxMessages: 10, maxBytes: 1_000_000, maxAge: null, maxMessageSize: 1_000 }
  const { ask, store } = await startHttp(t, { limits })
  const post = (query: string, body: string, headers: Record<string, string> = rfc822) =>
    ask(`/v1/messages?${query}`, { method: 'POST', headers, body })
  const lines = 'a@example.com\r\nß@example.com\n'
  const octets = Buffer.byteLength(lines)
  const message = `${mail('Hi')}${'x'.repeat(2_000)}`.slice(0, 1_000)
  for (const headers of [rfc822, { ...rfc822, 'transfer-encoding': 'chunked' }]) {
    const query = `mailFrom=app@example.com&rcptOctets=${octets}`
    const { status, json } = await post(query, `${lines}${message}`, headers)
    assert.equal(status, 201)
    const { id } = json as { id: number }
    assert.deepEqual(store.entry(id)?.message.rcptTo, ['a@example.com', 'ß@example.com'])
    assert.equal(store.entry(id)?.message.mailFrom, 'app@example.com')
    assert.equal((await ask(`/v1/messages/${id}/raw`)).text, message)
    assert.equal((await post(query, `${lines}${message}x`, headers)).status, 413)
  }
  assert.equal((await post(`rcptOctets=${octets}&empty=1`, lines)).status, 201)
  assert.equal(store.total, 3)
  // Escaped, they have no room in line 1 of the raw file.
  const many = Array.from({ length: 1_000 }, (_, at) => `${at}${'é'.repeat(190)}\n`).join('')
  assert.equal((await post(`rcptOctets=${Buffer.byteLength(many)}`, `${many}x`)).status, 413)
  for (const [query, body, headers] of [
    [`rcptOctets=${octets}`, lines, rfc822],
    [`rcptOctets=${octets + 1}`, lines, rfc822],
    ['rcptOctets=4', 'a b\nx', rfc822],
    ['rcptOctets=4', 'a\0b\nx', rfc822],
    ['rcptOctets=4002', `${'a@\n'.repeat(1_334)}x`, rfc822],
    ['rcptOctets=400001', lines, rfc822],
    ['rcptOctets=0', lines, rfc822],
    ['rcptOctets=1', '\nx', rfc822],
    ['rcptOctets=2&rcpt=a@b', 'a\nx', rfc822],
    ['rcptOctets=2', '{}', { 'content-type': 'application/json' }],
    ['rcptOctets=2', 'a\nFrom a', { 'content-type': 'application/mbox' }],
  ] as const) {
    const { status, json } = await post(query, body, headers)
    assert.equal(status, 400, query)
    if (body !== lines) assert.equal((json as Problem).parameter, 'rcptOctets', query)
  }
  assert.equal(store.total, 3)
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

test('A mail to thousands is taken, and can be read; more envelope than there is room for is refused', async t => {
  const { ask, store } = await startHttp(t)
  const to = Array.from({ length: 10_000 }, (_, index) => `${index}@example.com`.padStart(80, 'u'))
  const body = `To: ${to.join(',\r\n ')}\r\n\r\nhi\r\n`
  for (const type of ['message/rfc822', 'application/mbox']) {
    const isMbox = type === 'application/mbox'
    const headers = { 'content-type': type }
    const sent = isMbox ? `${fromLine}${body}` : body
    assert.equal((await ask('/v1/messages', { method: 'POST', headers, body: sent })).status, 201)
    const reply = await ask('/v1/messages/latest')
    assert.equal(reply.status, 200)
    const { envelope } = reply.json as MessageDetail
    assert.deepEqual(envelope.rcptTo, to.slice(0, 1_000))
  }
  const reply = await ask('/v1/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // Over 1 MiB once each ü is escaped, in less than a mail may have.
    body: JSON.stringify({
      from: 'a@b.c',
      to: to.map(each => `${'ü'.repeat(200)}${each}`).slice(0, 1_000),
    }),
  })
  assert.equal(reply.status, 413)
  assert.equal((reply.json as Problem).detail, 'an envelope has at most 1048576 octets')
  assert.equal(store.total, 2)
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

const mbox = { 'content-type': 'application/mbox' }
const fromLine = 'From app@example.com Sat Jan  3 01:05:34 2026\n'

test('An mbox is taken message by message, and the answer counts them', async t => {
  const { ask, store } = await startHttp(t)
  const big = `Subject: Big\n\n${'x'.repeat(1_000_000)}`
  const body = [
    `${fromLine}Subject: One\nFrom: a@example.com\nTo: b@example.com\n\n>From here\n\n`,
    `${fromLine}${big}\n\n`,
    `${fromLine}Subject: Two\n\n\n`,
  ].join('')
  const reply = await ask('/v1/messages', { method: 'POST', headers: mbox, body })
  assert.equal(reply.status, 201)
  const reason = 'a message has at most 1000000 octets'
  assert.deepEqual(reply.json, {
    imported: 2,
    ids: '1:2',
    failed: [{ message: 2, reason }],
    failures: 1,
  })
  assert.equal(
    (await ask('/v1/messages/1/raw')).text,
    'Subject: One\nFrom: a@example.com\nTo: b@example.com\n\nFrom here\n',
  )
  assert.deepEqual(store.entry(1)?.message.rcptTo, ['b@example.com'])
  assert.equal(store.entry(2)?.message.subject, 'Two')
  importedDocument.parse(reply.json)
})

test('What is no mbox, or is larger than the store may become, is refused', async t => {
  const limits = { maxMessages: 10, maxBytes: 2_000, maxAge: null, maxMessageSize: 1_000 }
  const { ask, store } = await startHttp(t, { limits })
  const post = (body: string) => ask('/v1/messages', { method: 'POST', headers: mbox, body })
  assert.equal((await post(mail('Hi'))).status, 400)
  assert.equal((await post('')).status, 400)
  assert.equal((await post(`${fromLine}${mail('Hi')}`.padEnd(2_001, 'x'))).status, 413)
  assert.equal(store.total, 0)
  assert.equal((await post(`${fromLine}${mail('Hi')}`)).status, 201)
  assert.equal(store.total, 1)
})

test('An mbox that ends early leaves the messages that were complete', async t => {
  const { port, store } = await startHttp(t)
  const arrived = new Promise<void>(resolve => {
    store.subscribe(({ changes }) => {
      if (changes.some(change => change.type === 'message.added')) resolve()
    })
  })
  const sent = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/messages',
    headers: { ...mbox, 'content-length': 100_000 },
  })
  sent.on('error', () => {})
  sent.write(`${fromLine}${mail('Whole')}\n${fromLine}${mail('Half')}`)
  await arrived
  sent.destroy()
  assert.equal(store.total, 1)
  assert.equal(store.latest()?.message.subject, 'Whole')
})
