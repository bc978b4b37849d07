import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { MailTimeoutError, UnexpectedMailError } from '../../server/testing/index.ts'
import { openTestClient, type Stage } from '../helpers/test-client.ts'

let stage: Stage
const endings: (() => unknown)[] = []
before(async () => {
  stage = await openTestClient({ after: (end: () => unknown) => endings.push(end) })
})
after(async () => {
  for (const end of endings) await end()
})

test('waitFor: stored mail counts, the newest answers; else the first that comes', async () => {
  const inbox = await stage.mailcatch.inbox()
  const waiting = inbox.waitFor('Welcome')
  await stage.send(inbox, { subject: 'Welcome 1' })
  await stage.send(inbox, { subject: 'Welcome 2' })
  await stage.send(inbox, { subject: 'Other' })
  assert.equal((await waiting).subject, 'Welcome 1')
  const newest = await inbox.waitFor('welcome')
  assert.equal(newest.subject, 'Welcome 2')
  const first = await inbox.waitFor(/^w/i, { since: 0 })
  assert.equal(first.subject, 'Welcome 1')
  assert.equal((await inbox.waitFor({}, { since: newest })).subject, 'Other')
})

test('next: each mail once, in order, whatever was read in between', async () => {
  const inbox = await stage.mailcatch.inbox()
  for (const subject of ['a', 'b', 'c', 'd']) await stage.send(inbox, { subject })
  const { next } = inbox
  assert.equal((await next()).subject, 'a')
  assert.equal((await inbox.last())?.subject, 'd')
  assert.equal((await next()).subject, 'b')
  assert.equal((await inbox.waitFor('c')).subject, 'c')
  assert.equal((await next()).subject, 'd')
  const coming = next()
  await stage.send(inbox, { subject: 'e' })
  assert.equal((await coming).subject, 'e')
})

test('of everything that was caught, next begins where the client did', async () => {
  const { mailcatch, send } = stage
  await send('early@b.test', { subject: 'early' })
  const { connect } = await import('../../server/testing/index.ts')
  const client = await connect(mailcatch.url)
  await send('late@b.test', { subject: 'late' })
  assert.equal((await client.next()).subject, 'late')
  assert.equal((await client.waitFor({ rcpt: 'early@b.test' })).subject, 'early')
})

test('last and all: what is there, the oldest first, also by any and not', async () => {
  const inbox = await stage.mailcatch.inbox()
  assert.equal(await inbox.last(), null)
  assert.deepEqual(await inbox.all(), [])
  for (const subject of ['a', 'b', 'c'])
    await stage.send(inbox, { subject, text: `${subject} =&+` })
  const subjects = async (...args: Parameters<typeof inbox.all>) =>
    (await inbox.all(...args)).map(({ subject }) => subject)
  assert.deepEqual(await subjects(), ['a', 'b', 'c'])
  assert.deepEqual(await subjects({ not: { subject: 'b' } }), ['a', 'c'])
  assert.deepEqual(await subjects({ any: [{ subject: 'a' }, { text: 'c =&+' }] }), ['a', 'c'])
  assert.deepEqual(await subjects({ text: ['=&', '+'], header: { from: /^App/ } }), ['a', 'b', 'c'])
  const [first] = await inbox.all('a')
  assert.deepEqual(await subjects({}, { since: first ?? 0 }), ['b', 'c'])
  assert.equal((await inbox.last({ not: { subject: 'c' } }))?.subject, 'b')
})

test('all: more than a page of the list', async () => {
  const inbox = await stage.mailcatch.inbox()
  const subjects = Array.from({ length: 203 }, (_, at) => `${at}`)
  for (const subject of subjects) await stage.send(inbox, { subject })
  assert.deepEqual(
    (await inbox.all()).map(({ subject }) => subject),
    subjects,
  )
})

test('waitForAll: so many, in order, and no more where that is said', async () => {
  const inbox = await stage.mailcatch.inbox()
  const waiting = inbox.waitForAll(2, 'x')
  for (const subject of ['x1', 'y', 'x2', 'x3']) await stage.send(inbox, { subject })
  const subjects = (await waiting).map(({ subject }) => subject)
  assert.deepEqual(subjects, ['x1', 'x2'])
  assert.equal((await inbox.waitForAll(3, 'x', { exact: true })).length, 3)
  await assert.rejects(inbox.waitForAll(2, 'x', { exact: true }), (error: Error) => {
    assert.ok(error instanceof UnexpectedMailError)
    assert.match(error.message, /^There should be 2 such mails and no more, but there are:\n.*"x1"/)
    return true
  })
  await assert.rejects(inbox.waitForAll(4, 'x', { timeout: 1 }), {
    message: /^Only 3 of 4 mails came within 1 ms that has\n {2}subject: "x"/,
  })
})

test('a time-out tells what was asked, what came, and why that was not it', async () => {
  const inbox = await stage.mailcatch.inbox('sign up')
  await stage.send(inbox, { subject: 'Welcome', to: `${inbox.address('a')}, ben@b.test` })
  await stage.send('somebody@else.test', { subject: 'Verify' })
  const asked = { subject: 'Verify', from: /^app@/, not: { tag: 'x' } }
  const error = await inbox.waitFor(asked, { timeout: 20 }).catch(reason => reason)
  assert.ok(error instanceof MailTimeoutError)
  assert.equal(error.problem?.status, 404)
  const lines = error.message.replaceAll(inbox.address('a'), 'ANN').split('\n')
  const [said, ...rest] = lines
  assert.equal(said, 'No mail came within 20 ms that has')
  assert.deepEqual(rest.slice(0, 4).toSorted(), [
    '  from: "/^app@/"',
    `  inbox: "${inbox.id}"`,
    '  not: {"tag":"x"}',
    '  subject: "Verify"',
  ])
  assert.match(
    rest.slice(4).join('\n'),
    /^1 other mail came:\n {2}mail \d+ "Welcome" from app@example\.com to ANN, ben@b\.test\n {4}subject: wanted "Verify", but it has "Welcome"$/,
  )
})

test('a time-out of a next tells after which mail', async () => {
  const inbox = await stage.mailcatch.inbox()
  await stage.send(inbox)
  const { id } = await inbox.next()
  await assert.rejects(inbox.next('x', { timeout: 1 }), {
    message: new RegExp(
      `within 1 ms after mail ${id} that has\\n[\\s\\S]+\\nNo other mail came either`,
    ),
  })
})

test('none: passes where there is none, fails with the mail where there is one', async () => {
  const inbox = await stage.mailcatch.inbox()
  await inbox.none()
  await stage.send(inbox, { subject: 'Welcome' })
  await inbox.none('Invoice')
  await assert.rejects(inbox.none(), {
    name: 'UnexpectedMailError',
    message: /^There should be no such mail, but there is mail \d+ "Welcome" from app@example\.com/,
  })
  const mail = await inbox.next()
  await inbox.none({}, { since: mail })
  await stage.send(inbox, { subject: 'Invoice' })
  await assert.rejects(inbox.none({}, { since: mail, settle: 10_000 }), { message: /"Invoice"/ })
})

test('none: waits for what is just being sent, and says so when it takes too long', async () => {
  const inbox = await stage.mailcatch.inbox()
  const socket = connect(stage.mailcatch.smtp.port, stage.mailcatch.smtp.host)
  const says = async (line: string): Promise<void> => {
    socket.write(line)
    await once(socket, 'data')
  }
  await once(socket, 'data')
  await says('HELO app\r\n')
  await says('MAIL FROM:<slow@a.test>\r\n')
  await says(`RCPT TO:<${inbox.address()}>\r\n`)
  await says('DATA\r\n')
  await assert.rejects(inbox.none({}, { timeout: 20 }), {
    name: 'MailTimeoutError',
    message:
      /^After 20 ms this was still being sent.*\n {2}from <slow@a\.test> to .*@inbox\.mail.* since /,
  })
  const absence = inbox.none()
  await Promise.all([assert.rejects(absence, UnexpectedMailError), says('Subject: x\r\n\r\n.\r\n')])
  socket.destroy()
})

test('clear: the mail of the inbox, and no other', async () => {
  const [mine, other] = await Promise.all([stage.mailcatch.inbox(), stage.mailcatch.inbox()])
  await stage.send(mine)
  await stage.send(other)
  await mine.clear()
  assert.deepEqual([(await mine.all()).length, (await other.all()).length], [0, 1])
  await using all = await openAlone()
  await all.clear()
  assert.deepEqual(await all.all(), [])
})

async function openAlone() {
  const ends: (() => unknown)[] = []
  const { mailcatch, send } = await openTestClient({
    after: (end: () => unknown) => ends.push(end),
  })
  await send('a@b.test')
  return Object.assign(mailcatch, {
    [Symbol.asyncDispose]: async () => {
      for (const end of ends) await end()
    },
  })
}

test('a wrong match is told as the server tells it', async () => {
  const inbox = await stage.mailcatch.inbox()
  await assert.rejects(inbox.waitFor(/(?=x)/), {
    name: 'MailcatchError',
    message: /subject.*\(400 of \/v1\/wait/,
  })
  await assert.rejects(inbox.all({ q: 'frm:x OR (' }), { message: /\(400 of \/v1\/messages/ })
})

test('a mail that was waited for is whole, though retention drops it in the same moment', async t => {
  const { mailcatch, send } = await openTestClient(t, { maxMessages: 1 })
  for (let round = 0; round < 5; round++) {
    const inbox = await mailcatch.inbox()
    const waiting = inbox.waitForAll(3)
    for (const word of ['one', 'two', 'three']) {
      await send(inbox, { text: undefined, html: `<p>Mail <b>${word}</b></p>` })
    }
    const texts = (await waiting).map(({ text }) => text.trim())
    assert.deepEqual(texts, ['Mail one', 'Mail two', 'Mail three'])
  }
})
