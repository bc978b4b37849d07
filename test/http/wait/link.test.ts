import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  AmbiguousProblem,
  LinkAnswer,
  TimeoutProblem,
} from '../../../server/http/resources.ts'
import { ambiguousProblem, linkAnswer } from '../../../server/http/wait/documents.ts'
import { startWaiting } from '../../helpers/waiting.ts'

const html = (body: string) => [body, 'MIME-Version: 1.0', 'Content-Type: text/html'] as const

test('what the mail asks to do, or the link that is named', async t => {
  const { ask, arrive } = await startWaiting(t)
  await arrive(
    'ann@example.com',
    'Confirm',
    ...html(`<a href="https://app.example.com/confirm?t=1&amp;u=2">Confirm your address</a>
<a href="https://app.example.com/help">Help centre</a>
<a href="https://app.example.com/unsubscribe/9">Unsubscribe</a>`),
  )
  const link = async (query: string) => (await ask(`/v1/link?to=ann@example.com${query}`)).text
  assert.equal(await link(''), 'https://app.example.com/confirm?t=1&u=2')
  assert.equal(await link('&text=help'), 'https://app.example.com/help')
  assert.equal(await link('&text=/^Help/'), 'https://app.example.com/help')
  assert.equal(await link('&kind=unsubscribe'), 'https://app.example.com/unsubscribe/9')
  const reply = await ask('/v1/link?to=ann@example.com', {
    headers: { accept: 'application/json' },
  })
  const answer = linkAnswer.parse(reply.json) as LinkAnswer
  assert.deepEqual(
    [answer.id, answer.link.kind, answer.link.text],
    [1, 'action', 'Confirm your address'],
  )
})

test('where it may be several none is guessed; a mail without the link is passed over', async t => {
  const { ask, arrive } = await startWaiting(t)
  await arrive(
    'ann@example.com',
    'Two',
    ...html(
      '<a href="https://a.example.com/x">Read</a> <a href="https://b.example.com/y">Read</a>',
    ),
  )
  const reply = await ask('/v1/link?to=ann@example.com&text=read')
  assert.equal(reply.status, 409)
  const { id, candidates } = ambiguousProblem.parse(reply.json) as AmbiguousProblem
  assert.deepEqual([id, candidates.length], [1, 2])
  const none = await ask('/v1/link?to=ann@example.com&text=confirm&timeout=0')
  assert.equal(none.status, 404)
  const { arrived } = none.json as TimeoutProblem
  assert.deepEqual(arrived[0]?.failed, {
    condition: 'link',
    wanted: 'a link with “confirm”',
    nearest: 'https://a.example.com/x',
  })
})

test('an expression that cannot be read, or would take long, is refused', async t => {
  const { ask, arrive } = await startWaiting(t)
  const links = Array.from(
    { length: 100 },
    (_, at) => `<a href="https://a.example.com/${'x'.repeat(500)}${at}">Link ${at}</a>`,
  )
  await arrive('ann@example.com', 'Many', ...html(links.join('\n')))
  for (const text of ['/(/', '/((a|b|c){1,20}){1,20}z/']) {
    const { status, json } = await ask(
      `/v1/link?to=ann@example.com&text=${encodeURIComponent(text)}`,
    )
    assert.deepEqual([status, (json as { parameter: string }).parameter], [400, 'text'])
  }
})
