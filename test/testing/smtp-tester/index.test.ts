import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createTransport } from 'nodemailer'
import {
  type CatchAllHandler,
  type Handler,
  init,
} from '../../../server/testing/smtp-tester/index.ts'
import { DIST } from '../../helpers/consumer.ts'
import { freePort } from '../../helpers/free-port.ts'
import { isToolMissing, modulesOf } from '../../helpers/npm-tools.ts'
import { run } from '../../helpers/program.ts'

const PACKAGE = fileURLToPath(new URL('../../../node_modules/smtp-tester', import.meta.url))
const REDIRECT = fileURLToPath(new URL('../../fixtures/testing/redirect.cjs', import.meta.url))

for (const extension of ['js', 'cjs']) {
  test(`passes the tests of smtp-tester itself, as .${extension}`, async t => {
    if (isToolMissing(t, 'tape')) return
    const { stdout } = await run(process.execPath, ['--require', REDIRECT, 'test/test.js'], {
      cwd: PACKAGE,
      env: {
        NODE_PATH: modulesOf('tape'),
        FACADE: join(DIST, 'testing', `smtp-tester.${extension}`),
        // It is no place of this one's, whatever the others share.
        MAILCATCH_URL: 'http://127.0.0.1:1/',
      },
    })
    assert.match(stdout, /\n# tests 41\n# pass {2}41\n/)
    assert.match(
      stdout,
      new RegExp(`^# façade: ${join(DIST, 'testing')}/smtp-tester\\.${extension}$`, 'm'),
    )
  })
}

test('hands over all of a mail, before the sender has its 250', async t => {
  const port = await freePort()
  const server = init(port)
  t.after(() => new Promise<void>(resolve => server.stop(() => resolve())))
  const transport = createTransport({ host: '127.0.0.1', port })
  t.after(() => transport.close())
  const calls: unknown[] = []
  const all: CatchAllHandler = (recipient, id) => calls.push([recipient, id])
  const one: Handler = (recipient, id, email) => calls.push([recipient, id, email])
  server.bind(all)
  server.bind('ann@b.test', one)
  await transport.sendMail({
    from: 'App <app@a.test>',
    to: 'Ann <ann@b.test>, ben@b.test',
    subject: 'Grüße',
    text: 'café',
    html: '<p>café</p>',
    headers: { 'X-Two': ['1', '2'] },
    attachments: [{ filename: 'a.txt', content: 'x' }],
  })
  assert.equal(calls.length, 2)
  const [first, second] = calls as [[null, number], [string, number, Parameters<Handler>[2]]]
  assert.deepEqual(first.slice(0, 2), [null, second[1]])
  const { headers, attachments, data, ...email } = second[2]
  assert.deepEqual(email, {
    sender: 'app@a.test',
    receivers: { 'ann@b.test': true, 'ben@b.test': true },
    body: 'café',
    html: '<p>café</p>',
  })
  assert.equal(headers.subject, 'Grüße')
  assert.equal(headers.from, '"App" <app@a.test>')
  assert.equal(headers.to, '"Ann" <ann@b.test>, ben@b.test')
  assert.deepEqual(headers['x-two'], ['1', '2'])
  assert.ok(headers.date instanceof Date)
  const type = headers['content-type'] as { value: string; params: Record<string, string> }
  assert.equal(type.value, 'multipart/mixed')
  assert.ok(data.includes(`boundary="${type.params.boundary}"`))
  assert.deepEqual(
    attachments.map(({ filename, content, size }) => [filename, `${content}`, size]),
    [['a.txt', 'x', 1]],
  )
  server.unbind(all)
  server.unbind('ann@b.test', one)
  const captured = server.captureOne('cyd@b.test')
  await transport.sendMail({ from: 'a@a.test', to: 'cyd@b.test', subject: 's', text: 't' })
  assert.equal((await captured).email.headers.subject, 's')
  assert.equal(calls.length, 2)
  await assert.rejects(server.captureOne('cyd@b.test', { wait: 1 }), {
    message: 'No message delivered to cyd@b.test',
  })
  assert.throws(() => server.module('other' as 'logAll'), /There is no module other/)
})

test('a handler that throws fails that mail, and no other', async t => {
  const port = await freePort()
  const server = init(port)
  t.after(() => new Promise<void>(resolve => server.stop(() => resolve())))
  const transport = createTransport({ host: '127.0.0.1', port })
  t.after(() => transport.close())
  const thrower: CatchAllHandler = () => {
    throw new Error('no')
  }
  server.bind(thrower)
  const mail = { from: 'a@a.test', to: 'b@b.test', subject: 's', text: 't' }
  await assert.rejects(transport.sendMail(mail))
  server.unbind(thrower)
  server.removeAll()
  await transport.sendMail(mail)
  assert.equal((await server.captureOne('b@b.test')).email.body, 't')
})
