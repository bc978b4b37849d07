import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandError } from '../../server/commands/command-error.ts'
import { UsageError } from '../../server/options.ts'
import { runClear } from '../helpers/commands.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

test('says what it deletes: those that match, or all', async t => {
  const { port, store } = await startHttp(t)
  const url = `http://127.0.0.1:${port}/`
  for (const subject of ['one', 'two', 'two', 'three', 'four']) await put(store, mail(subject))
  assert.equal(
    (await runClear([], { url, subject: 'two' })).out.toString(),
    `deleted 2 messages of ${url}\n`,
  )
  const found = await runClear(['subject:one'], { url, json: true })
  assert.deepEqual(JSON.parse(found.out.toString()), { type: 'cleared', from: url, deleted: 1 })
  await assert.rejects(runClear(['from:(('], { url }), UsageError)
  await assert.rejects(runClear([], { url, inbox: 'none' }), CommandError)
  assert.equal(store.total, 2)
  assert.equal(
    (await runClear([], { url })).out.toString(),
    `deleted 2 messages of ${url}, all there were\n`,
  )
  assert.equal(store.total, 0)
})

test('--no-delete holds', async t => {
  const { port, store } = await startHttp(t, { allowDelete: false })
  await put(store, mail('kept'))
  await assert.rejects(
    runClear([], { url: `http://127.0.0.1:${port}/` }),
    /Deleting is switched off/,
  )
  assert.equal(store.total, 1)
})
