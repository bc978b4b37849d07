import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Stats } from '../../server/http/resources.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

test('The cursor is JSON, or a bare number for scripts', async t => {
  const { ask, store } = await startHttp(t)
  assert.deepEqual((await ask('/v1/cursor')).json, { cursor: 0 })
  await put(store, mail('One'))
  assert.deepEqual((await ask('/v1/cursor', { headers: { accept: '*/*' } })).json, { cursor: 1 })
  const plain = await ask('/v1/cursor', { headers: { accept: 'text/plain' } })
  assert.equal(plain.text, '1\n')
  assert.equal(plain.headers['content-type'], 'text/plain; charset=utf-8')
})

test('The counts, limits and ports', async t => {
  const { ask, store, port } = await startHttp(t, { allowDelete: false, allowRemote: true })
  await put(store, mail('One'))
  await put(store, mail('Two'))
  await store.update([1], { unread: false })
  const { uptime, ...stats } = (await ask('/v1/stats')).json as Stats
  assert.deepEqual(stats, {
    version: '1.2.3',
    total: 2,
    unread: 1,
    bytes: mail('One').length + mail('Two').length,
    cursor: 2,
    limits: {
      maxMessages: 10_000,
      maxBytes: 256 * 1024 * 1024,
      maxAge: null,
      maxMessageSize: 1_000_000,
    },
    ports: {
      smtp: 1025,
      smtps: null,
      pop3: 1110,
      pop3s: null,
      imap: 1143,
      imaps: null,
      http: port,
      https: null,
    },
    deleteAllowed: false,
    remoteAllowed: true,
  })
  assert.ok(uptime >= 0 && uptime < 60)
})

test('Supervisors and Prometheus get plain text', async t => {
  const { ask, store } = await startHttp(t)
  await put(store, mail('One'))
  for (const path of ['/livez', '/readyz']) {
    const reply = await ask(path)
    assert.equal(reply.text, 'ok\n')
    assert.equal((await ask(path, { method: 'HEAD' })).status, 200)
  }
  const { text, headers } = await ask('/metrics')
  assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  const lines = text.trimEnd().split('\n')
  for (const line of lines) {
    assert.match(
      line,
      /^(?:# HELP \w+ .+|# TYPE \w+ (?:counter|gauge)|\w+(?:\{version="[\w.]+"\})? [\d.]+)$/,
    )
  }
  assert.ok(lines.includes('mailcatch_messages 1'))
  assert.ok(lines.includes('mailcatch_messages_unread 1'))
  assert.ok(lines.includes('mailcatch_last_id 1'))
})
