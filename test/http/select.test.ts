import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { selectedElements } from '../../server/http/documents.ts'
import type { Problem } from '../../server/http/resources.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const ofHtml = (subject: string, html: string) =>
  mail(subject, html, 'MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8')

const select = (css: string, id: number | string = 1) =>
  `/v1/messages/${id}/select?css=${encodeURIComponent(css)}`

test('The elements that a selector matches', async t => {
  const { ask, store } = await startHttp(t)
  await put(
    store,
    ofHtml('One', '<p>Hi</p><a class="go" href="https://x.test/?a=1&amp;b=2">Go</a>'),
  )
  await put(store, mail('Two', 'no HTML'))
  const reply = await ask(`${select('a.go', 'latest')}&subject=one`)
  assert.equal(reply.status, 200)
  assert.deepEqual(selectedElements.parse(reply.json), {
    total: 1,
    elements: [
      {
        name: 'a',
        attributes: { class: 'go', href: 'https://x.test/?a=1&b=2' },
        text: 'Go',
        html: '<a class="go" href="https://x.test/?a=1&amp;b=2">Go</a>',
      },
    ],
  })
  assert.deepEqual((await ask(select('a', 2))).json, { total: 0, elements: [] })
  assert.equal((await ask(select('a', 3))).status, 404)
})

describe('A selector that is none is a problem that names it', () => {
  const cases: readonly (readonly [name: string, query: string, detail: RegExp])[] = [
    ['no syntax', '?css=p%5B', /not a selector/],
    ['no pseudo-class', '?css=p:nonsense', /nonsense/],
    ['empty', '?css=', /empty/],
    ['missing', '', /missing/],
    ['too long', `?css=${'a'.repeat(1_001)}`, /1000/],
  ]
  for (const [name, query, detail] of cases) {
    test(name, async t => {
      const { ask, store } = await startHttp(t)
      await put(store, ofHtml('One', '<p>Hi</p>'))
      const { status, json } = await ask(`/v1/messages/1/select${query}`)
      assert.equal(status, 400)
      const problem = json as Problem
      assert.equal(problem.parameter, 'css')
      assert.match(problem.detail, detail)
    })
  }
})

test('A hostile selector on a large mail holds nobody up', async t => {
  const { ask, store } = await startHttp(t)
  await put(store, ofHtml('Deep', `${'<div>'.repeat(400)}${'<p>x</p>'.repeat(90_000)}`))
  let isAnswered = false
  const hostile = ask(select('nothing * * * * * * *')).then(reply => {
    isAnswered = true
    return reply
  })
  const { status } = await ask('/livez')
  assert.equal(status, 200)
  assert.equal(isAnswered, false)
  const { status: refused, json } = await hostile
  assert.equal(refused, 400)
  assert.match((json as Problem).detail, /takes too long/)
})
