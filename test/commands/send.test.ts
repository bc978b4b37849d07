import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../server/options.ts'
import { runSend } from '../helpers/commands.ts'
import { startHttp } from '../helpers/http-server.ts'

test('a test mail is made, and is in the inbox', async t => {
  const { port, store } = await startHttp(t)
  const url = `http://127.0.0.1:${port}/`
  const { code, out } = await runSend([], { url })
  assert.equal(code, 0)
  assert.equal(out.toString(), `sent message 1: ${url}m/1\n`)
  const { message } = store.entry(1) ?? assert.fail()
  assert.deepEqual([message.subject, message.rcptTo], ['A test mail', ['you@example.com']])
  assert.match((await store.content(1))?.text ?? '', /This is a test mail/)

  const said = await runSend([], {
    ...{ url, json: true, to: 'Ann <ann@example.com>, bob@example.com', from: 'App <a@b.c>' },
    ...{ subject: 'Ünï', html: '<p>Hi' },
  })
  assert.deepEqual(JSON.parse(said.out.toString()), { type: 'sent', id: 2, url: `${url}m/2` })
  const second = store.entry(2)?.message ?? assert.fail()
  assert.deepEqual(
    [second.subject, second.rcptTo, second.mailFrom],
    ['Ünï', ['ann@example.com', 'bob@example.com'], 'a@b.c'],
  )
  const content = await store.content(2)
  assert.deepEqual([content?.text, content?.html?.trim()], [null, '<p>Hi'])
})

test('what is no mail is refused', async t => {
  const { port, store } = await startHttp(t)
  const url = `http://127.0.0.1:${port}/`
  await assert.rejects(runSend(['file'], { url }), UsageError)
  await assert.rejects(runSend(['-', 'x'], { url }), UsageError)
  await assert.rejects(runSend(['-'], { url, text: 'x' }), UsageError)
  await assert.rejects(runSend([], { url, subject: 'a\nb' }), UsageError)
  assert.equal(store.total, 0)
})
