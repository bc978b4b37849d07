import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createTransport } from 'nodemailer'
import type { Login } from '../../server/testing/index.ts'
import { openTestClient } from '../helpers/test-client.ts'

const sendWith = async (t: TestContext, login: string | Login, to: string): Promise<void> => {
  const transport = createTransport(
    typeof login === 'string'
      ? login
      : { ...login, auth: { user: login.user, pass: login.password } },
  )
  t.after(() => transport.close())
  await transport.sendMail({ from: 'a@a.test', to, subject: to, text: 'x' })
}

test('has the mail for its address, with a label too, and of its login', async t => {
  const { mailcatch, send } = await openTestClient(t)
  const inbox = await mailcatch.inbox('Sign up, in CI')
  assert.equal(inbox.name, 'Sign up, in CI')
  assert.match(inbox.address(), /^sign-up-in-ci-\w+@inbox\.mailcatch\.test$/)
  assert.equal(inbox.address('x'), inbox.address().replace('@', '+x@'))
  await send('other@b.test')
  await send(inbox)
  await send(inbox.address('x'))
  await sendWith(t, inbox.smtp.url, 'ann@b.test')
  await sendWith(t, inbox.smtp, 'ben@b.test')
  const to = (await inbox.all()).map(mail => mail.envelope.rcptTo[0])
  assert.deepEqual(to, [inbox.address(), inbox.address('x'), 'ann@b.test', 'ben@b.test'])
  assert.deepEqual([inbox.imap?.user, inbox.pop3?.user], [inbox.address(), inbox.address()])
  assert.match(inbox.imap?.url ?? '', /^imap:\/\/sign-up-in-ci-\w+%40inbox.*@127\.0\.0\.1:\d+$/)
})

test('has the mail that its route says, and that of a port of its own', async t => {
  const { mailcatch, send } = await openTestClient(t)
  const inbox = await mailcatch.inbox('routed', {
    ttl: 60,
    route: { addresses: ['ann@b.test'], domains: ['shop.test'], tags: ['beta'] },
    ownPort: true,
  })
  assert.ok(inbox.expiresAt.getTime() <= Date.now() + 60_000)
  for (const to of ['ann@b.test', 'any@shop.test', 'x+beta@b.test', 'other@b.test']) await send(to)
  assert.notEqual(inbox.smtp.port, mailcatch.smtp.port)
  await sendWith(t, `smtp://${inbox.smtp.host}:${inbox.smtp.port}`, 'port@b.test')
  const to = (await inbox.all()).map(mail => mail.envelope.rcptTo[0])
  assert.deepEqual(to, ['ann@b.test', 'any@shop.test', 'x+beta@b.test', 'port@b.test'])
})

test('is gone with its mail, and with its block', async t => {
  const { mailcatch, send } = await openTestClient(t)
  await send('other@b.test')
  const kept = await mailcatch.inbox()
  const removed = await inBlock()
  await assert.rejects(removed.waitFor(), { message: /There is no inbox .*\(404 of \/v1\/wait/ })
  await kept.remove()
  assert.equal((await mailcatch.all()).length, 1)

  async function inBlock() {
    await using inbox = await mailcatch.inbox()
    await send(inbox)
    assert.equal((await inbox.all()).length, 1)
    return inbox
  }
})
