import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchers } from '../../server/testing/matchers.ts'
import { openTestClient } from '../helpers/test-client.ts'

// What they say in a test runner is read in the tests of Playwright, Vitest and Jest.

test('are for inboxes and mails, and say so', async t => {
  const { mailcatch, send } = await openTestClient(t)
  await send('a@b.test')
  const mail = await mailcatch.last()
  assert.ok(mail)
  for (const [name, wrong, what] of [
    ['toHaveMail', mail, 'an inbox'],
    ['toHaveMailCount', undefined, 'an inbox'],
    ['toHaveSubject', mailcatch, 'a mail'],
    ['toHaveText', null, 'a mail'],
    ['toHaveCode', 'x', 'a mail'],
    ['toHaveLink', {}, 'a mail'],
    ['toHaveAttachment', mailcatch, 'a mail'],
  ] as const) {
    const matcher = matchers[name] as (this: object, received: unknown) => unknown
    const call = async () => matcher.call({}, wrong)
    const message = new RegExp(`^expect\\(…\\)\\.${name}\\(\\) is for ${what}: `)
    await assert.rejects(call, { name: 'TypeError', message })
  }
})

test('find no code, link or attachment in a mail without', async t => {
  const { mailcatch, send } = await openTestClient(t)
  await send('a@b.test', { text: ' ' })
  const mail = await mailcatch.last()
  assert.ok(mail)
  const said = (['toHaveText', 'toHaveCode', 'toHaveLink', 'toHaveAttachment'] as const).map(
    name => {
      const { pass, message } = matchers[name].call({}, mail, 'x' as never)
      assert.equal(pass, false)
      return message().split('\n')[1]
    },
  )
  assert.deepEqual(said, [
    'It has no text.',
    'There is no code in it. It says: ',
    'It has no links.',
    'It has no attachments.',
  ])
})

test('what is no matter of the mail is an error of its own', async t => {
  const { mailcatch } = await openTestClient(t)
  await assert.rejects(matchers.toHaveMail.call({}, mailcatch, /(?=x)/), /not a regular expression/)
  const isNot = { isNot: true }
  await assert.rejects(matchers.toHaveMail.call(isNot, mailcatch, /(?=x)/), /not a regular expres/)
})
