import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  AmbiguousProblem,
  CodeAnswer,
  TimeoutProblem,
} from '../../../server/http/resources.ts'
import { ambiguousProblem, codeAnswer } from '../../../server/http/wait/documents.ts'
import { startWaiting } from '../../helpers/waiting.ts'

test('just the code as text, or more about it as JSON', async t => {
  const { ask, arrive, waiting } = await startWaiting(t)
  const asked = ask('/v1/code?address=ann@example.com')
  await waiting(1)
  await arrive('bob@example.com', 'Sign in', 'Your verification code is 111111.')
  await arrive('ann@example.com', 'Sign in', 'Your verification code is 483920.')
  const { status, headers, text } = await asked
  assert.deepEqual([status, text], [200, '483920'])
  assert.equal(headers['content-type'], 'text/plain; charset=utf-8')
  const reply = await ask('/v1/code?address=ann@example.com', {
    headers: { accept: 'application/json' },
  })
  const { code, id, candidates } = codeAnswer.parse(reply.json) as CodeAnswer
  assert.deepEqual([code, id, candidates.length], ['483920', 2, 1])
})

test('mails without a code are passed over, and told when the time is over', async t => {
  const { ask, arrive, waiting } = await startWaiting(t)
  const since = await arrive('ann@example.com', 'Sign in', 'Your verification code is 111111.')
  await arrive('ann@example.com', 'Hello', 'Welcome on board.')
  const none = await ask(`/v1/code?to=ann@example.com&since=${since}&timeout=0`)
  assert.equal(none.status, 404)
  const { arrived, detail } = none.json as TimeoutProblem
  assert.deepEqual(
    arrived.map(({ id, failed }) => [id, failed.condition]),
    [[2, 'code']],
  )
  assert.match(detail, /Message 2 fails at code: wanted is “a one-time code”, and there is none\.$/)
  const asked = ask(`/v1/code?to=ann@example.com&since=${since}`)
  await waiting(1)
  await arrive('ann@example.com', 'Sign in', 'Your verification code is 222222.')
  assert.equal((await asked).text, '222222')
})

test('where several codes are as likely none is guessed', async t => {
  const { ask, arrive } = await startWaiting(t)
  await arrive(
    'ann@example.com',
    'Codes',
    'Your verification code is 111111.\r\n\r\nYour verification code is 222222.',
  )
  const reply = await ask('/v1/code?to=ann@example.com')
  assert.equal(reply.status, 409)
  const { id, candidates, detail } = ambiguousProblem.parse(reply.json) as AmbiguousProblem
  assert.deepEqual([id, candidates.length], [1, 2])
  assert.match(detail, /^Message 1 has several codes: \d{6}, \d{6}\.$/)
})
