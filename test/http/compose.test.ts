import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageDetail, Problem } from '../../server/http/resources.ts'
import { startHttp } from '../helpers/http-server.ts'

test('JSON is made into a message', async t => {
  const { send, ask } = await startHttp(t)
  const reply = await send('POST', '/v1/messages', {
    from: 'App <app@example.com>',
    to: ['Ann <ann@example.com>', { name: 'Bob, jr.', address: 'bob@example.com' }],
    cc: 'boss@example.com',
    bcc: 'hidden@example.com',
    replyTo: { address: 'noreply@example.com' },
    subject: 'Grüße',
    text: 'Hello',
    html: '<p>Hello <img src="cid:logo"></p>',
    headers: { 'X-Tags': 'signup' },
    attachments: [
      { filename: 'list.csv', content: 'a,b\n', contentType: 'text/csv' },
      { filename: 'logo.png', content: 'iVBORw0KGgo=', encoding: 'base64', cid: 'logo' },
    ],
  })
  assert.equal(reply.status, 201, reply.text)
  const detail = (await ask('/v1/messages/1')).json as MessageDetail
  assert.deepEqual(detail.envelope, {
    mailFrom: 'app@example.com',
    rcptTo: ['ann@example.com', 'bob@example.com', 'boss@example.com', 'hidden@example.com'],
  })
  assert.deepEqual(detail.to[1], { name: 'Bob, jr.', address: 'bob@example.com' })
  assert.equal(detail.subject, 'Grüße')
  assert.equal(detail.text?.trim(), 'Hello')
  assert.match(detail.html ?? '', /cid:logo/)
  assert.deepEqual(detail.tags, ['signup'])
  assert.deepEqual(detail.attachments.map(({ name, size, cid }) => [name, size, cid]).sort(), [
    ['list.csv', 4, null],
    ['logo.png', 8, 'logo'],
  ])
  const { text } = await ask('/v1/messages/1/raw')
  assert.doesNotMatch(text, /hidden@example\.com/)
  assert.doesNotMatch(text, /[^\r]\n/)
  assert.equal(
    (await send('POST', '/v1/messages?rcpt=x@example.com', { from: 'a@example.com' })).status,
    201,
  )
})

test('Nothing in it can reach a file, an address or another field', async t => {
  const { send, ask } = await startHttp(t)
  const base = { from: 'a@example.com', to: 'b@example.com' }
  for (const [body, parameter] of [
    [{ ...base, text: { path: '/etc/passwd' } }, 'text'],
    [{ ...base, html: { href: 'http://169.254.169.254/' } }, 'html'],
    [{ ...base, attachments: [{ filename: 'x', path: '/etc/passwd' }] }, 'attachments.0.content'],
    [
      { ...base, attachments: [{ filename: 'x', content: '', path: '/etc/passwd' }] },
      'attachments.0.path',
    ],
    [
      { ...base, attachments: [{ filename: 'x', content: { path: '/etc/passwd' } }] },
      'attachments.0.content',
    ],
    [{ ...base, raw: { path: '/etc/passwd' } }, 'raw'],
    [{ ...base, envelope: { to: 'x' } }, 'envelope'],
    [{ ...base, subject: 'a\r\nBcc: evil@example.com' }, 'subject'],
    [{ ...base, headers: { 'X-A\r\nX-B': '1' } }, 'headers.X-A\r\nX-B'],
    [{ ...base, headers: { 'X-A': '1\r\nX-B: 2' } }, 'headers.X-A'],
    [{ ...base, headers: { 'X-A': { prepared: true, value: 'x' } } }, 'headers.X-A'],
    [{ ...base, from: 'a@example.com\r\nX-B: 2' }, 'from'],
    [{ to: 'b@example.com' }, 'from'],
    [
      { ...base, attachments: [{ filename: 'x\r\nX-B: 2', content: '' }] },
      'attachments.0.filename',
    ],
  ] as const) {
    const reply = await send('POST', '/v1/messages', body)
    assert.equal(reply.status, 400, JSON.stringify(body))
    assert.equal((reply.json as Problem).parameter, parameter, reply.text)
  }
  // A data URI in the HTML stays what it is: nothing is fetched or turned into an attachment.
  const html = '<img src="data:image/png;base64,iVBORw0KGgo="><img src="/etc/passwd">'
  assert.equal((await send('POST', '/v1/messages', { ...base, html })).status, 201)
  const detail = (await ask('/v1/messages/latest')).json as MessageDetail
  assert.equal(detail.html?.trim(), html)
  assert.deepEqual(detail.attachments, [])
})
