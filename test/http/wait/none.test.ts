import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenProblem, UnexpectedProblem } from '../../../server/http/resources.ts'
import { noneAnswer, openProblem, unexpectedProblem } from '../../../server/http/wait/documents.ts'
import { mail, put, startHttp } from '../../helpers/http-server.ts'
import { dataOf, Sender } from '../../helpers/sender.ts'
import { startSmtp } from '../../helpers/smtp.ts'
import { Wire } from '../../helpers/wire.ts'

async function start(t: Parameters<typeof startSmtp>[0]) {
  const smtp = await startSmtp(t)
  const server = await startHttp(t, { store: smtp.store })
  const open = async (count: number): Promise<void> => {
    for (;;) {
      const { text } = await server.ask('/metrics')
      if (text.includes(`\nmailcatch_transactions ${count}\n`)) return
    }
  }
  const waiting = async (count: number): Promise<void> => {
    for (;;) {
      const { text } = await server.ask('/metrics')
      if (text.includes(`\nmailcatch_waiting ${count}\n`)) return
    }
  }
  const none = (body: object) => server.send('POST', '/v1/none', body)
  return { ...server, smtp, open, waiting, none }
}

const raw = Buffer.from(mail('Invoice'))

test('nothing matches: answered at once; something does: told at once', async t => {
  const { none, store } = await start(t)
  await put(store, mail('Welcome'))
  const reply = await none({ subject: 'invoice' })
  assert.deepEqual([reply.status, noneAnswer.parse(reply.json)], [200, { cursor: 1, waitedFor: 0 }])
  const wrong = await none({ subject: 'welcome' })
  assert.equal(wrong.status, 409)
  const { message, detail } = unexpectedProblem.parse(wrong.json) as UnexpectedProblem
  assert.deepEqual(
    [message.id, message.subject, detail],
    [1, 'Welcome', 'Message 1 matches: “Welcome”.'],
  )
  assert.equal((await none({ subject: 'welcome', since: 1 })).status, 200)
})

test('what is being sent when it is asked is waited for, and looked into', async t => {
  const { none, smtp, open, waiting } = await start(t)
  const sender = await Sender.open(smtp.port)
  await sender.begin(raw.subarray(0, 20), 'app@example.com', 'ann@example.com')
  await open(1)
  const matching = none({ address: 'ann@example.com', timeout: 30 })
  const other = none({ address: 'ann@example.com', subject: 'welcome', timeout: 30 })
  await waiting(2)
  sender.write(dataOf(raw).subarray(20))
  assert.equal((await matching).status, 409)
  const { status, json } = await other
  assert.deepEqual([status, json], [200, { cursor: 1, waitedFor: 1 }])
  await open(0)
  sender.close()
})

test('transactions whose envelopes rule it out are not waited for, nor are later ones', async t => {
  const { none, smtp, open, waiting } = await start(t)
  const [bob, ann] = [await Sender.open(smtp.port), await Sender.open(smtp.port)]
  await bob.begin(raw.subarray(0, 20), 'app@example.com', 'bob@example.com')
  await open(1)
  assert.deepEqual((await none({ rcpt: 'ann@example.com' })).json, { cursor: 0, waitedFor: 0 })
  assert.deepEqual((await none({ mailFrom: 'zoe@example.com' })).json, { cursor: 0, waitedFor: 0 })
  assert.deepEqual((await none({ authUser: 'zoe' })).json, { cursor: 0, waitedFor: 0 })
  const asked = none({ subject: 'welcome', timeout: 30 })
  await waiting(1)
  await ann.begin(raw.subarray(0, 20), 'app@example.com', 'ann@example.com')
  await open(2)
  bob.write(dataOf(raw).subarray(20))
  assert.deepEqual((await asked).json, { cursor: 1, waitedFor: 1 })
  ann.destroy()
  bob.close()
  await open(0)
})

test('before DATA any recipient may follow; a transaction that ends without a message is over', async t => {
  const { none, smtp, open, waiting } = await start(t)
  for (const end of ['RSET', 'EHLO again.example', 'QUIT', null]) {
    const wire = await Wire.open(smtp.port)
    await wire.reply()
    const say = (command: string) => {
      wire.write(`${command}\r\n`)
      return wire.reply()
    }
    await say('EHLO client.example')
    await say('MAIL FROM:<app@example.com>')
    await say('RCPT TO:<bob@example.com>')
    await open(1)
    const asked = none({ rcpt: 'ann@example.com', timeout: 30 })
    await waiting(1)
    if (end === null) wire.socket.destroy()
    else await say(end)
    assert.deepEqual([end, (await asked).json], [end, { cursor: 0, waitedFor: 1 }])
    await open(0)
    wire.socket.destroy()
  }
})

test('when the time is over, what is still being sent is named', async t => {
  const { none, smtp, open } = await start(t)
  const sender = await Sender.open(smtp.port)
  await sender.begin(raw.subarray(0, 20), 'app@example.com', 'ann@example.com')
  await open(1)
  const reply = await none({ to: 'ann@example.com', timeout: '50ms' })
  assert.equal(reply.status, 504)
  const problem = openProblem.parse(reply.json) as OpenProblem
  const [transaction] = problem.open
  assert.deepEqual(
    [problem.open.length, transaction?.mailFrom, transaction?.rcptTo, transaction?.listener],
    [1, 'app@example.com', ['ann@example.com'], 'smtp'],
  )
  assert.match(problem.detail, /^It cannot be told yet: <app@example.com> is being sent to <ann@/)
  sender.destroy()
  await open(0)
})

test('what is being sent comes behind an id that was given: for mail up to there nothing is waited for', async t => {
  const { none, ask, smtp, store, open, waiting } = await start(t)
  await put(store, mail('Invoice'))
  const sender = await Sender.open(smtp.port)
  await sender.begin(raw.subarray(0, 20), 'app@example.com', 'ann@example.com')
  await open(1)
  const reply = await none({ subject: 'welcome', upto: 1, settle: 60_000 })
  assert.deepEqual([reply.status, reply.json], [200, { cursor: 1, waitedFor: 0 }])
  assert.equal((await none({ subject: 'invoice', upto: 1 })).status, 409)
  const exactly = await ask('/v1/wait?subject=invoice&upto=1&exact=true')
  assert.equal(exactly.status, 200)
  // The next id is what is being sent may get.
  const later = none({ subject: 'invoice', since: 1, upto: 2, timeout: 30 })
  await waiting(1)
  sender.write(dataOf(raw).subarray(20))
  assert.equal((await later).status, 409)
  await open(0)
  sender.close()
})

test('settle: what comes soon after counts too', async t => {
  const { none, store, waiting } = await start(t)
  const asked = none({ subject: 'invoice', settle: 60_000 })
  await waiting(1)
  await put(store, mail('Invoice'))
  assert.equal((await asked).status, 409)
  const before = performance.now()
  assert.equal((await none({ subject: 'nothing', settle: 100 })).status, 200)
  assert.ok(performance.now() - before >= 99)
})

test('exact looks at what is being sent, too', async t => {
  const { ask, smtp, store, open, waiting } = await start(t)
  await put(store, mail('Invoice'))
  const sender = await Sender.open(smtp.port)
  await sender.begin(raw.subarray(0, 20), 'app@example.com', 'ann@example.com')
  await open(1)
  const asked = ask('/v1/wait?to=ann@example.com&exact=true&timeout=30s')
  await waiting(1)
  sender.write(dataOf(raw).subarray(20))
  assert.equal((await asked).status, 409)
  sender.close()
})
