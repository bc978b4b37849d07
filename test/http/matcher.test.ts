import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  isNarrow,
  matcherBody,
  matcherOfJson,
  matcherOfQuery,
  matcherQuery,
} from '../../server/http/matcher.ts'
import { HttpProblem } from '../../server/http/problem.ts'
import { readQuery } from '../../server/http/query.ts'

const fromQuery = (query: string) => matcherOfQuery(readQuery(matcherQuery, query), 41)
const fromJson = (json: unknown) => matcherOfJson(matcherBody.parse(json), 41)

test('A query is a matcher; a key given twice is both', () => {
  assert.deepEqual(fromQuery(''), {})
  assert.deepEqual(fromQuery('to=ann%40example.com&to=*%40example.com&subject=a+b'), {
    to: ['ann@example.com', '*@example.com'],
    subject: ['a b'],
  })
  assert.deepEqual(
    fromQuery(
      'unread=true&hasAttachment=false&minSize=0&maxSize=10&since=now&upto=99&inbox=x&q=a:b&receivedAfter=2026-01-02&receivedBefore=2026-01-02T03:04:05%2B01:00',
    ),
    {
      unread: true,
      hasAttachment: false,
      minSize: 0,
      maxSize: 10,
      since: 41,
      upto: 99,
      inbox: 'x',
      q: 'a:b',
      receivedAfter: Date.UTC(2026, 0, 2),
      receivedBefore: Date.UTC(2026, 0, 2, 2, 4, 5),
    },
  )
})

test('Header fields keep their names, whatever they are', () => {
  const { header } = fromQuery(
    'header.X-A=1&header.X-A=2&header.__proto__=3&header.constructor=a=b',
  )
  assert.deepEqual(Object.entries(header ?? {}), [
    ['X-A', ['1', '2']],
    ['__proto__', ['3']],
    ['constructor', ['a=b']],
  ])
  assert.throws(() => fromQuery('header.a:b=1'), HttpProblem)
})

test('JSON is the same matcher, with any and not', () => {
  assert.deepEqual(
    fromJson({
      to: 'ann@example.com',
      subject: ['a', 'b'],
      header: { 'X-A': '1', 'X-B': ['2', '3'] },
      since: 'now',
      receivedAfter: '2026-01-02',
      any: [{ text: 'x' }, { since: 'now', not: { unread: true } }],
      not: { any: [{ tag: 't' }] },
    }),
    {
      to: 'ann@example.com',
      subject: ['a', 'b'],
      header: { 'X-A': '1', 'X-B': ['2', '3'] },
      since: 41,
      receivedAfter: Date.UTC(2026, 0, 2),
      any: [{ text: 'x' }, { since: 41, not: { unread: true } }],
      not: { any: [{ tag: 't' }] },
    },
  )
  for (const wrong of [
    { nonsense: 1 },
    { subject: 1 },
    { subject: '' },
    { subject: [] },
    { since: '41' },
    { unread: 'true' },
    { any: {} },
    { any: [] },
    { not: [] },
    { not: { nonsense: 1 } },
    { header: { 'a b': 'x' } },
    { header: {} },
    { not: { header: {} } },
    [],
    null,
    'x',
  ]) {
    assert.equal(matcherBody.safeParse(wrong).success, false, JSON.stringify(wrong))
  }
})

test('A matcher that says only where, or nothing at all, is not narrow', () => {
  for (const wide of [
    {},
    { since: 1 },
    { upto: 9 },
    { any: [{}] },
    { any: [{ tag: 'x' }, {}] },
    { not: {} },
    { not: { upto: 9 } },
  ]) {
    assert.equal(isNarrow(wide), false, JSON.stringify(wide))
  }
  for (const narrow of [
    { unread: true },
    { any: [{ tag: 'x' }] },
    { not: { tag: 'x' } },
    { upto: 9, q: 'x' },
  ]) {
    assert.equal(isNarrow(narrow), true, JSON.stringify(narrow))
  }
})
