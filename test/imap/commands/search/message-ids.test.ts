import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageIds } from '../../../../server/imap/commands/search/message-ids.ts'

test('message ids in one form each', () => {
  assert.deepEqual(messageIds('<1@x.org>'), ['1@x.org'])
  assert.deepEqual(messageIds(' <a@x> (comment) <b@y>,<c@z>'), ['a@x', 'b@y', 'c@z'])
  // RFC 5256 §3
  assert.deepEqual(messageIds('<"01KF8JCEOCBS0045PS"@xxx.yyy.com>'), [
    '01KF8JCEOCBS0045PS@xxx.yyy.com',
  ])
  assert.deepEqual(messageIds('<"a \\"b\\\\"@x>'), ['a "b\\@x'])
  assert.deepEqual(messageIds('<a @\t x.org >'), ['a@x.org'])
  assert.deepEqual(messageIds('<Case@X>'), ['Case@X'])
})

test('what is no id', () => {
  for (const text of ['', 'a@x', '<>', '<@>', '<@x>', '<a@>', '<ax>', '<a@x', 'a@x>', '"<a@x"']) {
    assert.deepEqual(messageIds(text), [], text)
  }
  assert.deepEqual(messageIds('Your message of <date> <a@x> from ann@y'), ['a@x'])
})

test('the nearest ancestors of very many, in no time', () => {
  const all = Array.from({ length: 5_000 }, (_, at) => `${at}@x`)
  const ids = messageIds(all.map(id => `<${id}>`).join(' '))
  assert.deepEqual(ids, all.slice(-1_000))
  const start = performance.now()
  for (const piece of ['<', '<"', '"\\', '<a@', '<"\\"', '>', '\\<'])
    messageIds(piece.repeat(500_000))
  assert.ok(performance.now() - start < 1_000)
})
