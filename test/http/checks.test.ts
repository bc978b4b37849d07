import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageChecks } from '../../server/http/check-documents.ts'
import type { MessageChecks, Problem } from '../../server/http/resources.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const faulty = mail('Faulty', '<p>Hello</p><a href="">x</a>', 'Content-Type: text/html')

test('The checks of a message are answered as they are described, and are the same the second time', async t => {
  const { ask, store } = await startHttp(t)
  const id = await put(store, faulty)
  const first = await ask(`/v1/messages/${id}/checks`)
  assert.equal(first.status, 200)
  const checks = messageChecks.parse(first.json) as MessageChecks
  assert.equal(checks.id, id)
  assert.equal(checks.state, 'done')
  const found = checks.groups.flatMap(({ findings }) => findings.map(({ check }) => check))
  assert.ok(found.includes('links.empty'), found.join())
  const errors = checks.groups.flatMap(({ findings }) =>
    findings.filter(({ severity }) => severity === 'error'),
  )
  assert.equal(checks.counts.error, errors.length)
  const began = performance.now()
  assert.equal((await ask(`/v1/messages/latest/checks?subject=Faulty`)).text, first.text)
  assert.ok(performance.now() - began < 1_000, 'it is kept')
})

test('Checks of what is not there are a 404', async t => {
  const { ask, store } = await startHttp(t)
  const reply = await ask('/v1/messages/7/checks')
  assert.equal(reply.status, 404)
  assert.equal((reply.json as Problem).detail, 'There is no message 7.')
  const id = await put(store, faulty)
  await ask(`/v1/messages/${id}/checks`)
  await store.remove([id])
  assert.equal((await ask(`/v1/messages/${id}/checks`)).status, 404, 'also once it was checked')
})
