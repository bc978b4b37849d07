import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExpectAnswer } from '../../../server/http/resources.ts'
import { expectAnswer } from '../../../server/http/wait/documents.ts'
import { startWaiting } from '../../helpers/waiting.ts'

async function start(t: Parameters<typeof startWaiting>[0]) {
  const server = await startWaiting(t)
  const expect = async (assertions: object[], more: object = {}): Promise<ExpectAnswer> => {
    const reply = await server.send('POST', '/v1/expect', { expect: assertions, ...more })
    assert.equal(reply.status, 200, reply.text)
    return expectAnswer.parse(reply.json) as ExpectAnswer
  }
  return { ...server, expect }
}

const to = (address: string) => ({ to: address })
const ann = to('ann@example.com')

test('all of several assertions, each answered in its place', async t => {
  const { expect, arrive, waiting, send } = await start(t)
  const asked = expect([
    { match: ann, has: { subject: 'sign in' }, code: true },
    { match: ann, link: true },
    { match: to('bob@example.com'), min: 2 },
  ])
  await waiting(1)
  await arrive(
    'ann@example.com',
    'Sign in',
    'Your verification code is 483920. Confirm: https://app.example.com/confirm?t=1',
  )
  await arrive('bob@example.com', 'One')
  await arrive('bob@example.com', 'Two')
  const { ok, results, cursor } = await asked
  assert.deepEqual([ok, cursor, results.map(result => result.ok)], [true, 3, [true, true, true]])
  assert.equal(results[0]?.code, '483920')
  assert.equal(results[1]?.link?.href, 'https://app.example.com/confirm?t=1')
  assert.deepEqual(
    results[2]?.messages.map(({ id }) => id),
    [2, 3],
  )
  const none = await send('POST', '/v1/expect', {
    expect: [{ match: to('zoe@example.com'), none: true }],
  })
  assert.equal((none.json as ExpectAnswer).ok, true)
})

test('how many: exactly, at least, at most, none', async t => {
  const { expect, arrive } = await start(t)
  for (const subject of ['One', 'Two', 'Three']) await arrive('ann@example.com', subject)
  const cases: [assertion: object, status: number | null][] = [
    [{}, null],
    [{ count: 3 }, null],
    [{ count: 2 }, 409],
    [{ count: 4 }, 404],
    [{ min: 3 }, null],
    [{ min: 4 }, 404],
    [{ max: 3 }, null],
    [{ max: 2 }, 409],
    [{ min: 1, max: 3 }, null],
    [{ none: true }, 409],
    [{ count: 0 }, 409],
  ]
  const { results, ok } = await expect(
    cases.map(([assertion]) => ({ match: ann, ...assertion })),
    { timeout: 0.2 },
  )
  assert.equal(ok, false)
  assert.deepEqual(
    results.map(({ problem }) => problem?.status ?? null),
    cases.map(([, status]) => status),
  )
  const all = await expect([
    { match: ann, count: 3 },
    { match: { ...ann, since: 2 }, count: 1 },
  ])
  assert.equal(all.ok, true)
  assert.deepEqual((await expect([{ match: ann, count: 1 }], { since: 2 })).ok, true)
  assert.deepEqual((await expect([{ match: ann, none: true }], { since: 'now' })).ok, true)
})

test('what a mail must be besides does not choose it, and fails with what it is instead', async t => {
  const { expect, arrive } = await start(t)
  await arrive('ann@example.com', 'Wellcome', 'Your verification code is 483920.')
  const { results } = await expect(
    [
      { match: ann, has: { subject: 'welcome' } },
      { match: ann, code: '483921' },
      { match: ann, code: '483920' },
      { match: ann, link: { text: 'confirm' } },
    ],
    { timeout: '100ms' },
  )
  assert.deepEqual(
    results.map(({ ok }) => ok),
    [false, false, true, false],
  )
  assert.deepEqual(results[0]?.problem?.failed, {
    condition: 'subject',
    wanted: 'welcome',
    nearest: 'Wellcome',
  })
  assert.equal(results[0]?.messages[0]?.id, 1)
  assert.equal(results[1]?.problem?.detail, 'Message 1 has the code 483920, not 483921.')
  assert.equal(results[3]?.problem?.status, 404)
})

test('what cannot be meant is refused as a whole', async t => {
  const { send } = await start(t)
  for (const assertions of [
    [],
    [{ match: ann, count: 1, none: true }],
    [{ match: ann, count: 1, min: 1 }],
    [{ match: ann, min: 2, max: 1 }],
    [{ match: ann, min: 2, code: true }],
    [{ match: { subject: '/(/' } }],
    [{ match: ann, has: { subject: '/(/' } }],
    [{ math: ann }],
  ]) {
    const reply = await send('POST', '/v1/expect', { expect: assertions })
    assert.equal(reply.status, 400, JSON.stringify(assertions))
  }
})
