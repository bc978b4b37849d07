import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tableOf } from '../../server/commands/list.ts'
import type { MessageSummary } from '../../server/http/resources.ts'
import { UsageError } from '../../server/options.ts'
import { runList } from '../helpers/commands.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

test('the newest messages, all or those that match', async t => {
  const { port, store, inboxes } = await startHttp(t)
  const url = `http://127.0.0.1:${port}/`
  assert.equal((await runList([], { url })).out.toString(), 'no message\n')
  const wish = { name: 'x', timeToLive: 60_000, addresses: [], domains: [], tags: [] }
  const { id } = await inboxes.make({ ...wish, hasListener: false })
  for (let at = 1; at <= 1_200; at++) {
    await put(store, mail(`number ${at}`, 'x', `X-Tags: ${at % 2 ? 'odd' : 'even'}`), {
      ...(at === 7 && { inboxes: [id] }),
    })
  }
  await store.update([1_200], { unread: false })
  const ids = async (...[words, options]: Parameters<typeof runList>) => {
    const { out } = await runList(words, { url, json: true, ...options })
    const lines = out.toString().trim().split('\n')
    return lines.map(line => JSON.parse(line)).map(line => line.id as number)
  }
  assert.deepEqual(await ids([], { limit: 2 }), [1_200, 1_199])
  assert.equal((await ids([], { limit: 1_150 })).at(-1), 51)
  assert.equal((await ids([], { limit: 5_000 })).length, 1_200)
  assert.deepEqual(await ids([], { limit: 2, tag: 'odd' }), [1_199, 1_197])
  assert.deepEqual(await ids([], { inbox: id }), [7])
  assert.deepEqual(await ids([], { limit: 1, unread: true, from: 'app@example.com' }), [1_199])
  assert.deepEqual(await ids(['subject:"number', '300"', 'tag:even'], {}), [300])
  assert.deepEqual(await ids([], { limit: 1, to: 'ann@example.com', rcpt: 'ANN@*' }), [1_200])
  const { out } = await runList([], { url, limit: 3 })
  assert.match(out.toString(), /^and 1,197 messages more; --limit shows them$/m)
  await assert.rejects(runList(['from:(('], { url }), UsageError)
  await assert.rejects(runList([], { url, inbox: 'none' }), /There is no inbox none/)
})

const summary = (more: Partial<MessageSummary>): MessageSummary => ({
  ...{ id: 1, receivedAt: '2026-01-02T03:04:05.678Z', from: [], to: [], rcptTo: [] },
  ...{ subject: '', preview: '', size: 1, attachments: 0, unread: true, flagged: false },
  ...{ tags: [], parsed: true, warnings: 0 },
  ...more,
})

test('a table that fits the terminal, and that no mail can write over', () => {
  const ann = { name: 'Ann', address: 'ann@example.com' }
  const messages = [
    summary({ id: 12, from: [ann], rcptTo: ['bob@example.com'], subject: '日本語 '.repeat(20) }),
    summary({
      id: 3,
      from: [{ name: '\x1b[2J\u202eevil', address: 'x' }],
      to: [{ name: '', address: 'x'.repeat(99) }],
      subject: 'a\r\n\x07b',
    }),
  ]
  const lines = tableOf(messages, 2, 100).split('\n')
  assert.equal(lines.length, 3)
  assert.match(lines[0] ?? '', /^ID {2}RECEIVED {13}FROM +TO +SUBJECT$/)
  assert.match(
    lines[1] ?? '',
    /^12 {2}2026-01-0\d \d\d:\d4:05 {2}Ann +bob@example\.com +日本語 .*…$/,
  )
  assert.match(lines[2] ?? '', /^ 3 {2}.* {2}\\x1b\[2J\\u\{202e\}evil {2,}x{27}… {2}a \\x07b$/)
  for (const line of lines) assert.ok(line.length <= 100, line)
  const wide = summary({ from: [{ name: '山田太郎', address: 'x' }], subject: 'wide' })
  assert.match(tableOf([wide], 1, 100), / {2}山田太郎 {2}/)
  // For another program nothing is cut.
  assert.match(tableOf(messages, 2, null), /x{99}/)
})
