import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandError } from '../../server/commands/command-error.ts'
import { UsageError } from '../../server/options.ts'
import { runShow } from '../helpers/commands.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const terminal = { isTTY: true, columns: 80 }

test('a message as a person reads it', async t => {
  const { port, store } = await startHttp(t)
  const url = `http://127.0.0.1:${port}/`
  await put(store, mail('Welcome', 'Your code is 482913.\r\nSee you\x1b[2J\x07!'))
  await put(store, mail('Other', '<p>Hello <b>Ann</b></p>', 'Content-Type: text/html'))
  const shown = (await runShow(['1'], { url }, terminal)).out.toString()
  assert.match(shown, /^Message: {2}1, received 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d, \d+ octets$/m)
  assert.match(shown, /^From: {5}App <app@example\.com>$/m)
  assert.match(shown, /^Subject: {2}Welcome$/m)
  assert.match(shown, /^Envelope: <app@example\.com> to <ann@example\.com>$/m)
  assert.match(shown, /^Code: {5}482913$/m)
  assert.match(shown, /\n\nYour code is 482913\.\nSee you\\x1b\[2J\\x07!\n$/)
  const latest = (await runShow(['latest'], { url })).out.toString()
  assert.match(latest, /^Subject: {2}Other$/m)
  assert.match(latest, /\n\nHello Ann\n$/)
  assert.match(
    (await runShow(['latest'], { url, subject: 'welc' })).out.toString(),
    /^Message: {2}1,/,
  )
  assert.equal(
    (await runShow(['2'], { url, html: true })).out.toString().trim(),
    '<p>Hello <b>Ann</b></p>',
  )
  const detail = JSON.parse((await runShow(['1'], { url, json: true })).out.toString())
  assert.deepEqual([detail.type, detail.id, detail.subject], ['message', 1, 'Welcome'])
})

test('the octets as they were sent; on a terminal those that it may see', async t => {
  const { port, store } = await startHttp(t)
  const url = `http://127.0.0.1:${port}/`
  const raw = Buffer.from(mail('Raw', '\x1b[31m\x00\xff\tred'), 'latin1')
  await put(store, raw)
  assert.deepEqual((await runShow(['1'], { url, raw: true })).out, raw)
  const { out } = await runShow(['1'], { url, raw: true }, terminal)
  assert.match(out.toString(), /\n\\x1b\[31m\\x00\ufffd\tred\n/)
})

test('what cannot be shown', async t => {
  const { port, store } = await startHttp(t)
  const url = `http://127.0.0.1:${port}/`
  await put(store, mail('Text only'))
  for (const [operands, options] of [
    [[], {}],
    [['1', '2'], {}],
    [['first'], {}],
    [['-1'], {}],
    [['1'], { html: true, raw: true }],
    [['1'], { raw: true, json: true }],
    [['1'], { to: 'ann@example.com' }],
  ] as const) {
    await assert.rejects(runShow(operands, { url, ...options }), UsageError)
  }
  await assert.rejects(runShow(['9'], { url }), /There is no message 9\./)
  await assert.rejects(runShow(['latest'], { url, subject: 'none' }), /No message matches\./)
  await assert.rejects(
    runShow(['1'], { url, html: true }),
    (error: unknown) => error instanceof CommandError && error.code === 'MAILCATCH_NO_HTML',
  )
})
