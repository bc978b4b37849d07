import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Inbox, Mail } from '../../server/testing/index.ts'
import { AmbiguityError, NotInMailError } from '../../server/testing/index.ts'
import { openTestClient, type Stage } from '../helpers/test-client.ts'

let stage: Stage
let inbox: Inbox
const endings: (() => unknown)[] = []
before(async () => {
  stage = await openTestClient({ after: (end: () => unknown) => endings.push(end) })
  inbox = await stage.mailcatch.inbox('mail')
})
after(async () => {
  for (const end of endings) await end()
})

const sent = async (mail: Parameters<Stage['send']>[1]): Promise<Mail> => {
  await stage.send(inbox, mail)
  return inbox.next()
}

test('has everything that the mail has', async () => {
  const mail = await sent({
    subject: 'Grüße',
    cc: 'Ben <ben@b.test>',
    replyTo: 'help@a.test',
    text: 'café\r\n',
    html: '<p class="a b">caf&eacute; <b>bar</b><p>two',
    headers: { 'X-App': ['one', 'two'] },
    attachments: [
      { filename: 'a.pdf', content: Buffer.from([0, 255]) },
      { filename: 'b.txt', content: 'naïve' },
    ],
  })
  assert.equal(mail.subject, 'Grüße')
  assert.deepEqual(mail.from, [{ name: 'App', address: 'app@example.com' }])
  assert.deepEqual(mail.cc, [{ name: 'Ben', address: 'ben@b.test' }])
  assert.deepEqual(
    mail.replyTo.map(({ address }) => address),
    ['help@a.test'],
  )
  assert.equal(mail.text.trim(), 'café')
  assert.match(mail.html ?? '', /caf&eacute;/)
  assert.deepEqual(mail.envelope.rcptTo, [inbox.address(), 'ben@b.test'])
  assert.equal(mail.envelope.mailFrom, 'app@example.com')
  assert.ok(Math.abs(mail.receivedAt.getTime() - Date.now()) < 60_000)
  assert.equal(mail.headers.get('x-app'), 'one')
  assert.deepEqual(mail.headers.all('X-APP'), ['one', 'two'])
  assert.equal(mail.headers.get('x-none'), undefined)
  assert.equal(mail.headers.has('message-id'), true)
  assert.ok([...mail.headers].some(([name, value]) => name === 'Subject' && value === 'Grüße'))

  const raw = Buffer.from(await mail.raw())
  assert.equal(raw.length, mail.size)
  assert.match(raw.toString(), /\r\nFrom: App <app@example\.com>\r\n/)
  assert.deepEqual([...(await mail.attachment('A.PDF').bytes())], [0, 255])
  assert.equal(await mail.attachment('*.txt').text(), 'naïve')
  assert.equal(mail.attachment(/^b/).contentType, 'text/plain')
  await assert.rejects(mail.attachment('a.pdf').text(), TypeError)

  const paragraph = await mail.$('p.a')
  assert.deepEqual(
    [paragraph?.name, paragraph?.attributes, paragraph?.text],
    ['p', { class: 'a b' }, 'café bar'],
  )
  assert.equal(await mail.$('h1'), null)
  assert.equal((await mail.$$('p')).length, 2)
  await assert.rejects(mail.$('p['), { name: 'MailcatchError', message: /400/ })
  assert.equal(`${mail}`, `mail ${mail.id} "Grüße" from app@example.com to ${inbox.address()}`)
  assert.equal(mail.url, `${stage.mailcatch.url}m/${mail.id}`)
})

test('of HTML alone, the text is made from it', async () => {
  const mail = await sent({ text: undefined, html: '<h1>Hi</h1><p>there &amp; here' })
  assert.match(mail.text, /^Hi\s+there & here\s*$/)
})

test('the code, or what is wrong with it', async () => {
  assert.equal((await sent({ text: 'Your code is 482 913.' })).code(), '482913')
  const none = await sent({ text: 'Dear Ann,\nnothing here' })
  assert.throws(
    () => none.code(),
    (error: Error) => {
      assert.ok(error instanceof NotInMailError)
      assert.match(
        error.message,
        /^There is no code in mail \d+ .*\. It says: Dear Ann, nothing here$/,
      )
      assert.match(error.stack ?? '', /^NotInMailError: There is no code.*\n\s+at .*mail\.test\.ts/)
      return true
    },
  )
  const two = await sent({ text: 'Your code is 482913.\n\nYour code is 771204.' })
  assert.throws(
    () => two.code(),
    (error: Error) => {
      assert.ok(error instanceof AmbiguityError)
      assert.deepEqual(error.candidates, ['482913', '771204'])
      assert.match(
        error.message,
        /^2 codes in mail .* are as likely:\n {2}482913 {3}in: Your code is 482913/,
      )
      return true
    },
  )
})

test('the link, or what is wrong with it', async () => {
  const html = `<p>Please <a href="https://a.test/v?token=1">Verify e-mail</a>, read our
    <a href="https://a.test/help">help</a> or <a href="https://a.test/u">unsubscribe</a>.`
  const mail = await sent({ html, text: 'Go to https://a.test/v?token=1' })
  assert.equal(mail.link(), 'https://a.test/v?token=1')
  assert.equal(mail.link('verify'), 'https://a.test/v?token=1')
  assert.equal(mail.link(/^help$/), 'https://a.test/help')
  assert.equal(mail.link('token='), 'https://a.test/v?token=1')
  assert.equal(mail.link({ kind: 'unsubscribe' }), 'https://a.test/u')
  assert.equal(mail.link({ kind: 'link', text: 'help' }), 'https://a.test/help')
  assert.throws(() => mail.link('Pay'), {
    name: 'NotInMailError',
    message:
      /^There is no link with "Pay" in mail .* It has:\n.*\n {2}"Verify e-mail" https:.* \(action\)/,
  })
  assert.throws(() => mail.link({ kind: 'tel' }), { message: /^There is no tel link in mail/ })
  const bare = await sent({ text: 'nothing' })
  assert.throws(() => bare.link(), { message: /It has no links at all\.$/ })
  const two = await sent({ text: 'See https://a.test/1\n\nand https://a.test/2' })
  assert.throws(
    () => two.link(),
    (error: Error) => {
      assert.ok(error instanceof AmbiguityError)
      assert.deepEqual(error.candidates, ['https://a.test/1', 'https://a.test/2'])
      assert.match(error.message, /^There is more than one link in mail/)
      return true
    },
  )
})

test('an attachment that is not there, or one of several', async () => {
  const attachments = ['a.txt', 'b.txt'].map(filename => ({ filename, content: 'x' }))
  const mail = await sent({ attachments })
  assert.throws(() => mail.attachment('*.pdf'), {
    name: 'NotInMailError',
    message: /^There is no attachment "\*\.pdf" in mail .* It has:\n {2}a\.txt\n {2}b\.txt$/,
  })
  assert.throws(() => mail.attachment('*.txt'), { name: 'AmbiguityError' })
  const bare = await sent({})
  assert.throws(() => bare.attachment('a'), { message: /It has none\.$/ })
})

test('decides as /v1/code and /v1/link do', async () => {
  const texts = ['Your code is 482913', 'Code 1234 or code 5678', 'https://a.test/x', 'no']
  for (const text of texts) {
    const mail = await sent({ text })
    for (const [path, ours] of [
      ['code', () => mail.code()],
      ['link', () => mail.link()],
    ] as const) {
      const bounds = `since=${mail.id - 1}&upto=${mail.id}&timeout=1ms`
      const response = await fetch(`${stage.mailcatch.url}v1/${path}?${bounds}`)
      const theirs = await response.text()
      if (response.status === 200) assert.equal(ours(), theirs)
      else if (response.status === 409) assert.throws(ours, AmbiguityError)
      else assert.throws(ours, NotInMailError, `${path} of ${text}: ${response.status}`)
    }
  }
})
