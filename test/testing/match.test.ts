import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFound, isWhole, type Match, toMatcher, toQuery } from '../../server/testing/match.ts'
import { openTestClient } from '../helpers/test-client.ts'

test('says a match in the words of the API', () => {
  const said: readonly (readonly [Match | undefined, object])[] = [
    [undefined, {}],
    ['Welcome', { subject: 'Welcome' }],
    ['/not an expression/', { subject: '\\/not an expression/' }],
    [/a\/b/gi, { subject: '/a\\/b/i' }],
    [/^a.b$/ms, { subject: '/(?sm)^a.b$/' }],
    [{ to: ['a@b.test', /^b@/], subject: undefined as never }, { to: ['a@b.test', '/^b@/'] }],
    [
      { header: { 'X-App': /v\d/ }, q: '/x/' },
      { header: { 'X-App': '/v\\d/' }, q: '/x/' },
    ],
    [
      { not: { tag: 'a' }, any: [{ from: /x/ }] },
      { not: { tag: 'a' }, any: [{ from: '/x/' }] },
    ],
    [
      { receivedAfter: new Date(0), minSize: 1, hasAttachment: false },
      { receivedAfter: '1970-01-01T00:00:00.000Z', minSize: 1, hasAttachment: false },
    ],
  ]
  for (const [match, matcher] of said) assert.deepEqual(toMatcher(match), matcher)
})

test('and as parameters', () => {
  const match = { to: ['a@b.test', 'c d'], header: { 'X-A': ['1', '2'] }, any: [{ subject: 'x' }] }
  const query = toQuery({ ...toMatcher(match), limit: 1 })
  assert.equal(query, 'to=a%40b.test&to=c+d&limit=1&header.X-A=1&header.X-A=2')
})

test('finds as the server finds', async t => {
  const { mailcatch, send } = await openTestClient(t)
  const subject = 'Grüße: 50% off (today) / Ｗｅｌｃｏｍｅ'
  await send('Ann.Lee@b.test', { subject })
  const [mail] = await mailcatch.all()
  assert.ok(mail)
  const patterns = [
    'grüße',
    'GRÜSSE',
    'off (today)',
    'welcome',
    '50% off',
    '/ ',
    '/Grü/',
    '.*',
    'nothing',
    /^Grü/,
    /^grü/i,
    /OFF/,
    /off/g,
    /today\) \/ /,
    /^.{5}:/s,
    /nothing/,
  ]
  for (const pattern of patterns) {
    const there = (await mailcatch.all(pattern)).length > 0
    assert.equal(isFound(mail.subject, pattern), there, `${pattern}`)
  }
  for (const pattern of [
    'ann.lee@b.test',
    '*@b.test',
    'ann*',
    'ann',
    '*.lee@*',
    'ann?lee@b.test',
    /lee/,
    /^lee/,
  ]) {
    const there = (await mailcatch.all({ rcpt: pattern })).length > 0
    assert.equal(isWhole('Ann.Lee@b.test', pattern), there, `${pattern}`)
  }
  const sticky = /a/gy
  assert.deepEqual([isFound('a', sticky), isFound('a', sticky)], [true, true])
})
