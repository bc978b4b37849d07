import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import { test } from 'node:test'
import type {
  OpenProblem,
  Problem,
  TimeoutProblem,
  UnexpectedProblem,
} from '../../../server/http/resources.ts'
import {
  timeoutProblem,
  unexpectedProblem,
  waitAnswer,
} from '../../../server/http/wait/documents.ts'
import { idsOf, startWaiting } from '../../helpers/waiting.ts'

test('A message that is there answers at once, the newest of several; one that comes, when it comes', async t => {
  const { ask, arrive, waiting } = await startWaiting(t)
  await arrive('ann@example.com', 'First')
  await arrive('ann@example.com', 'Second')
  const reply = await ask('/v1/wait?to=ann@example.com')
  assert.equal(reply.status, 200)
  const answer = waitAnswer.parse(reply.json)
  assert.deepEqual([answer.message.id, answer.messages.length, answer.cursor], [2, 1, 2])

  const later = ask('/v1/wait?to=bob@example.com')
  await waiting(1)
  await arrive('ann@example.com', 'Not his')
  await arrive('bob@example.com', 'His')
  assert.deepEqual(idsOf(await later), [4])
})

test('since: the first matches after it, in the order of their ids; now is the newest id', async t => {
  const { ask, arrive, waiting } = await startWaiting(t)
  for (let id = 1; id <= 5; id++) await arrive('ann@example.com', `Number ${id}`)
  assert.deepEqual(idsOf(await ask('/v1/wait?to=ann@example.com&since=2')), [3])
  assert.deepEqual(idsOf(await ask('/v1/wait?to=ann@example.com&since=2&count=3')), [3, 4, 5])
  assert.deepEqual(idsOf(await ask('/v1/wait?to=ann@example.com&count=3')), [3, 4, 5])
  assert.deepEqual(idsOf(await ask('/v1/wait?subject=number&since=0&upto=1')), [1])
  const three = ask('/v1/wait?to=ann@example.com&since=4&count=3')
  const next = ask('/v1/wait?to=ann@example.com&since=now')
  await waiting(2)
  await arrive('ann@example.com', 'Six')
  await arrive('ann@example.com', 'Seven')
  assert.deepEqual(idsOf(await three), [5, 6, 7])
  assert.deepEqual(idsOf(await next), [6])
})

test('without since, those that come count together with those that are there', async t => {
  const { ask, arrive, waiting } = await startWaiting(t)
  await arrive('ann@example.com', 'One')
  const two = ask('/v1/wait?to=ann@example.com&count=2')
  await waiting(1)
  await arrive('ann@example.com', 'Two')
  assert.deepEqual(idsOf(await two), [1, 2])
})

test('the matcher is one language: in the query, in JSON with any and not, as a regular expression, as a search', async t => {
  const { ask, arrive, send } = await startWaiting(t)
  await arrive('ann@example.com', 'Welcome', 'Your code is 4711', 'X-Kind: sign-up')
  await arrive('bob@example.com', 'Invoice')
  for (const query of [
    'address=ann@example.com',
    'subject=/^Wel.*e$/',
    'text=4711',
    'body=/\\b\\d{4}\\b/',
    'header.X-Kind=sign-up',
    'q=subject:welcome has:code',
    'rcpt=*@example.com&subject=welcome&hasAttachment=false',
  ]) {
    const reply = await ask(`/v1/wait?${encodeURI(query)}`)
    assert.deepEqual([query, ...idsOf(reply)], [query, 1])
  }
  const matcher = {
    any: [{ to: 'ann@example.com' }, { to: 'cid@example.com' }],
    not: { to: 'bob@example.com' },
  }
  assert.deepEqual(idsOf(await send('POST', '/v1/wait', { ...matcher, timeout: 1 })), [1])
  assert.deepEqual(idsOf(await ask('/v1/wait?to=bob@example.com', { method: 'POST' })), [2])
  const both = await send('POST', '/v1/wait?to=bob@example.com', matcher)
  assert.equal(both.status, 400)
})

test('what is wrong is refused, and names the parameter', async t => {
  const { ask, send } = await startWaiting(t)
  for (const [query, parameter] of [
    ['timeout=121', 'timeout'],
    ['timeout=10m', 'timeout'],
    ['timeout=-1', 'timeout'],
    ['count=0', 'count'],
    ['count=101', 'count'],
    ['settle=100', 'settle'],
    ['subject=/(/', 'subject'],
    ['subjet=x', 'subjet'],
  ]) {
    const { status, json } = await ask(`/v1/wait?${query}`)
    assert.deepEqual([status, (json as { parameter: string }).parameter], [400, parameter], query)
  }
  const { status, json } = await send('POST', '/v1/wait', { timeout: '121s' })
  assert.deepEqual([status, (json as { parameter: string }).parameter], [400, 'timeout'])
})

test('a time-out explains itself: what was asked, what came, and what is wrong with each', async t => {
  const { ask, arrive, store } = await startWaiting(t)
  const since = await arrive('ann@example.com', 'Welcome', 'Before')
  await arrive('ann@example.com', 'Wellcome', 'After')
  await arrive('amn@example.com', 'Welcome')
  await arrive('zoe@example.com', 'Something else')
  const reply = await ask(
    `/v1/wait?to=ann@example.com&subject=welcome&header.X-Kind=b&timeout=0&since=${since}`,
  )
  assert.equal(reply.status, 404)
  assert.equal(reply.headers['content-type'], 'application/problem+json')
  const problem = timeoutProblem.parse(reply.json) as TimeoutProblem
  assert.deepEqual(problem.asked, {
    to: 'ann@example.com',
    subject: 'welcome',
    header: { 'X-Kind': 'b' },
  })
  assert.deepEqual(
    [
      problem.since,
      problem.cursor,
      problem.came,
      problem.dropped,
      problem.deleted,
      problem.matched,
    ],
    [1, 4, 3, 0, 0, []],
  )
  assert.deepEqual(
    problem.arrived.map(({ id, failed }) => [id, failed]),
    [
      [2, { condition: 'subject', wanted: 'welcome', nearest: 'Wellcome' }],
      [3, { condition: 'to', wanted: 'ann@example.com', nearest: 'amn@example.com' }],
      [4, { condition: 'to', wanted: 'ann@example.com', nearest: 'zoe@example.com' }],
    ],
  )
  assert.match(problem.detail, /^No message matched within 0 s\. After 1 came 3 messages\. /)
  await store.remove([2, 3, 4])
  const nothing = await ask('/v1/wait?to=ann@example.com&timeout=0&since=1')
  assert.match((nothing.json as TimeoutProblem).detail, /After 1 came nothing\.$/)
  const some = await ask('/v1/wait?to=ann@example.com&timeout=0&count=2')
  assert.deepEqual((some.json as TimeoutProblem).matched, [1])
  assert.match((some.json as TimeoutProblem).detail, /^1 of 2 messages matched/)
})

test('the diagnosis tells the twenty that come nearest, of many', async t => {
  const { ask, arrive } = await startWaiting(t)
  const near = await arrive('ann@example.com', 'Wellcome')
  for (let count = 0; count < 30; count++) await arrive('zoe@example.com', `Noise ${count}`)
  const reply = await ask('/v1/wait?to=ann@example.com&subject=welcome&timeout=0')
  const { arrived, came, since } = reply.json as TimeoutProblem
  assert.deepEqual([arrived.length, came, since, arrived[0]?.id], [20, 31, null, near])
})

test('what is deleted or dropped meanwhile is told', async t => {
  const { ask, arrive, store, waiting } = await startWaiting(t, { maxMessages: 2 })
  await arrive('ann@example.com', 'One')
  const asked = ask('/v1/wait?to=bob@example.com&timeout=500ms&since=1')
  await waiting(1)
  for (let id = 2; id <= 5; id++) await arrive('ann@example.com', `Number ${id}`)
  await store.remove([5])
  const { dropped, deleted, came } = (await asked).json as TimeoutProblem
  assert.deepEqual([dropped, deleted, came], [2, 1, 1])
})

test('read your writes: what came before the call is found although it is not parsed yet', async t => {
  const { ask, arrive, reader, waiting } = await startWaiting(t)
  await arrive('ann@example.com', 'Slow', 'HELD, with code 4711')
  const asked = ask('/v1/wait?text=4711&timeout=0')
  await waiting(1)
  await reader.held()
  reader.release()
  assert.deepEqual(idsOf(await asked), [1])
})

test('what is stored is looked at for two seconds at least, and no longer than the time', async t => {
  const { ask, send, arrive, reader, store, waiting } = await startWaiting(t)
  await arrive('ann@example.com', 'Slow', 'HELD, with code 4711')
  await arrive('bob@example.com', 'Quick', 'hello')
  const before = performance.now()
  const asked = [
    ask('/v1/wait?text=4711&timeout=0'),
    ask('/v1/wait?to=ann@example.com&text=4711&since=0&timeout=1s'),
    ask('/v1/code?timeout=100ms'),
    send('POST', '/v1/wait', { text: '4711', exact: true, timeout: 0 }),
  ]
  const none = send('POST', '/v1/none', { text: '4711', timeout: 0 })
  await waiting(5)
  for (const reply of await Promise.all(asked)) {
    assert.equal(reply.status, 404)
    const problem = timeoutProblem.parse(reply.json) as TimeoutProblem
    assert.deepEqual([problem.incomplete, problem.came], [true, 2])
    assert.match(problem.detail, /There was no time to look at all that is stored/)
  }
  const { status, json } = await none
  const { open, detail } = json as OpenProblem
  assert.deepEqual([status, open], [504, []])
  assert.match(detail, /^It cannot be told yet: there was no time to look at all that is stored\.$/)
  const took = performance.now() - before
  assert.ok(took >= 1_999 && took < 10_000, String(took))
  // Given the time, it is told.
  const patient = ask('/v1/wait?text=4711&timeout=60s')
  const settling = send('POST', '/v1/none', { text: 'nothing', timeout: 0, settle: 60_000 })
  await waiting(2)
  reader.release()
  assert.deepEqual(idsOf(await patient), [1])
  assert.equal((await settling).status, 504)
  assert.equal(store.total, 2)
})

test('only what must be looked at is waited for', async t => {
  const { ask, arrive } = await startWaiting(t)
  await arrive('zoe@example.com', 'Slow', 'HELD')
  await arrive('ann@example.com', 'Quick', 'HELLO')
  assert.deepEqual(idsOf(await ask('/v1/wait?to=ann@example.com&text=hello&timeout=5s')), [2])
  assert.deepEqual(
    idsOf(await ask('/v1/wait?to=ann@example.com&text=hello&since=0&timeout=5s')),
    [2],
  )
})

test('matches are answered in the order of their ids, though a later one is known first', async t => {
  const { ask, arrive, reader, waiting } = await startWaiting(t)
  const asked = ask('/v1/wait?text=hello&since=0')
  const both = ask('/v1/wait?text=hello&since=0&count=2')
  await waiting(2)
  await arrive('ann@example.com', 'Slow', 'hello HELD')
  await arrive('ann@example.com', 'Quick', 'hello')
  await reader.held()
  await waiting(2)
  reader.release()
  assert.deepEqual(idsOf(await asked), [1])
  assert.deepEqual(idsOf(await both), [1, 2])
})

test('a mail that the parser gives up is found by its header, and has no text', async t => {
  const { ask, arrive } = await startWaiting(t)
  await arrive('ann@example.com', 'Odd', 'BROKEN code 4711')
  assert.deepEqual(idsOf(await ask('/v1/wait?to=ann@example.com')), [1])
  assert.equal((await ask('/v1/wait?text=4711&timeout=0')).status, 404)
})

test('retention spares what a waiter has not looked at yet', async t => {
  const { ask, arrive, reader, store, waiting } = await startWaiting(t, { maxMessages: 2 })
  const asked = ask('/v1/wait?text=hello&since=0')
  await waiting(1)
  await arrive('ann@example.com', 'Slow', 'hello HELD')
  for (let count = 0; count < 5; count++) await arrive('zoe@example.com', 'Noise', 'HELD')
  await reader.held()
  assert.equal(store.total, 6)
  reader.release()
  assert.deepEqual(idsOf(await asked), [1])
  while (store.total > 2) await new Promise<void>(resolve => store.subscribe(() => resolve()))
})

test('a message that is deleted before it was looked at does not count', async t => {
  const { ask, arrive, reader, store, waiting } = await startWaiting(t)
  const asked = ask('/v1/wait?text=hello&since=0')
  await waiting(1)
  const gone = await arrive('ann@example.com', 'Slow', 'hello HELD')
  await reader.held()
  await store.remove([gone])
  reader.release()
  await arrive('ann@example.com', 'Next', 'hello')
  assert.deepEqual(idsOf(await asked), [2])
})

test('exact: that many and no more', async t => {
  const { ask, arrive } = await startWaiting(t)
  await arrive('ann@example.com', 'One')
  assert.deepEqual(idsOf(await ask('/v1/wait?to=ann@example.com&exact=true')), [1])
  await arrive('ann@example.com', 'Two')
  const reply = await ask('/v1/wait?to=ann@example.com&exact=true')
  assert.equal(reply.status, 409)
  const { messages } = unexpectedProblem.parse(reply.json) as UnexpectedProblem
  assert.deepEqual(
    messages.map(({ id }) => id),
    [1, 2],
  )
  assert.deepEqual(idsOf(await ask('/v1/wait?to=ann@example.com&exact=true&count=2')), [1, 2])
  assert.deepEqual(idsOf(await ask('/v1/wait?to=ann@example.com&exact=true&since=1')), [2])
})

test('who hangs up is forgotten at once', async t => {
  const { port, waiting } = await startWaiting(t)
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /v1/wait?to=ann@example.com&timeout=120s HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await waiting(1)
  socket.destroy()
  await waiting(0)
})

test('a wait outlasts the time-out of the connection, and the next request has that again', async t => {
  const { store, port, arrive, waiting } = await startWaiting(t)
  const { Patients } = await import('../../../server/http/wait/patience.ts')
  assert.equal(store.cursor, 0)
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.setTimeout(60_000)
  const patience = new Patients().begin({ socket } as never, 120_000)
  assert.equal(socket.timeout, 180_000)
  patience.end()
  assert.equal(socket.timeout, 60_000)
  // The same connection serves on.
  socket.write('GET /v1/wait?to=ann@example.com HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await waiting(1)
  await arrive('ann@example.com', 'One')
  const [octets] = await once(socket, 'data')
  assert.match(String(octets), /^HTTP\/1\.1 200 /)
  socket.destroy()
})

test('the time in which no more may come counts to how long a connection may be silent', async t => {
  const { send, waiting, close } = await startWaiting(t)
  const set = t.mock.method(Socket.prototype, 'setTimeout')
  const match = { to: 'ann@example.com' }
  const settling = { timeout: 1, settle: 75_000 }
  const asked = [
    send('POST', '/v1/none', { ...match, ...settling }),
    send('POST', '/v1/wait', { ...match, exact: true, ...settling }),
    send('POST', '/v1/expect', { expect: [{ match, none: true }], ...settling }),
  ]
  await waiting(3)
  const times = set.mock.calls.map(call => call.arguments[0])
  assert.equal(times.filter(time => time === 136_000).length, 3, String(times))
  await close()
  for (const { status } of await Promise.all(asked)) assert.equal(status, 503)
})

test('closing the server answers who waits', async t => {
  const { ask, close, waiting } = await startWaiting(t)
  const asked = ask('/v1/wait?to=ann@example.com&timeout=120s')
  await waiting(1)
  await close()
  const { status, headers } = await asked
  assert.deepEqual([status, headers.connection], [503, 'close'])
})

test('what is quoted of mails and links breaks no character in two', async t => {
  const { ask, arrive } = await startWaiting(t)
  const link = (letter: string) =>
    `<a href="https://example.com/${'x'.repeat(179)}😀${letter}">go</a>`
  const html = ['MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8']
  await arrive('ann@example.com', 'Links', link('a') + link('b'), ...html)
  for (const [kept, emoji] of [
    [199, '😀😀'],
    [98, '😀'],
  ] as const) {
    await arrive('ann@example.com', `${'x'.repeat(kept)}${emoji}${'y'.repeat(9)}`)
  }
  const missed = await ask('/v1/wait?subject=nothing&timeout=0')
  const { detail, arrived } = missed.json as TimeoutProblem
  assert.match(detail, /is “x{98}…”/)
  assert.match(arrived.at(-2)?.failed.nearest ?? '', /^x{199}$/)
  const several = await ask('/v1/link?subject=links&text=go')
  assert.match((several.json as Problem).detail, /x{179}, https:.*x{179}\.$/)
})
