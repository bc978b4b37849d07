import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MessageList, MessageSummary } from '../../server/http/resources.ts'
import { matches, mayBringIn } from '../../web/query-match.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const csv =
  '--b\r\n\r\nHello\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--b--'

/** What the page can tell by itself. */
const decided = [
  'from:app@example.com',
  'from:<app@example.com>',
  'from:<pp@example.com>',
  'from:APP',
  'to:ann',
  'to:<Ann>',
  'rcpt:bob',
  'rcpt:<ann@example.com>',
  'subject:invoice',
  'subject:"your invoice"',
  'tag:shop',
  'tag:sho',
  'is:unread',
  'is:read',
  'is:flagged',
  'is:tagged',
  'has:attachment',
  '-has:attachment',
  'invoice',
  '-invoice is:unread',
  'is:unread -is:flagged',
  'rcpt:<ann@example.com> tag:shop has:attachment',
]
const undecided = [
  'hello',
  'body:hello',
  'from:*@example.com',
  'from:/app/',
  'is:unread OR is:read',
  '(is:unread)',
  'newer:1h',
  'has:inline',
  '"',
]

describe('what a row tells of a search', () => {
  it('is what the server says', async test => {
    const { ask, store } = await startHttp(test)
    await put(store, mail('Your invoice', 'Hello', 'X-Tags: shop'))
    await put(
      store,
      mail('Welcome', csv, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b'),
      { envelope: { mailFrom: '', rcptTo: ['bob@example.com', 'Ann@example.com'] } },
    )
    await put(
      store,
      mail('Invoice 2', csv, 'Content-Type: multipart/mixed; boundary=b', 'X-Tags: Shop'),
    )
    await store.update([2], { unread: false, flagged: true })
    const list = async (q: string): Promise<readonly MessageSummary[]> =>
      ((await ask(`/v1/messages?q=${encodeURIComponent(q)}`)).json as MessageList).messages
    // A search in texts has all of them parsed.
    await list('body:nothing')
    const rows = await list('larger:0')
    assert.equal(rows.length, 3)
    let told = 0
    for (const q of decided) {
      const found = new Set((await list(q)).map(({ id }) => id))
      for (const row of rows) {
        const told1 = matches(q, row)
        if (told1 === undefined) continue
        told += 1
        assert.equal(told1, found.has(row.id), `${q} in ${row.id}`)
      }
    }
    assert.ok(told > decided.length * 2, `${told}`)
  })

  it('is left to the server where the row has not all of it', async test => {
    const { ask, store } = await startHttp(test)
    await put(store, mail('One'))
    const { messages } = (await ask('/v1/messages')).json as MessageList
    const row = messages[0] ?? assert.fail()
    for (const q of undecided) assert.equal(matches(q, row), undefined, q)
    assert.equal(matches('has:attachment', { ...row, parsed: false }), undefined)
    // One that is false is enough.
    assert.equal(matches('hello is:read', row), false)
  })

  it('can change for a message that is there', () => {
    assert.equal(mayBringIn('tag:x', { tags: ['x'] }), true)
    assert.equal(mayBringIn('is:tagged', { tags: ['x'] }), true)
    assert.equal(mayBringIn('is:unread', { unread: true }), true)
    assert.equal(mayBringIn('is:flagged', { flagged: true }), true)
    assert.equal(mayBringIn('invoice', { tags: ['x'], unread: true }), false)
    assert.equal(mayBringIn('is:unread', { tags: ['x'] }), false)
  })
})
