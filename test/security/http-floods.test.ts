import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import {
  closeAll,
  exchange,
  openMany,
  openTo,
  request,
  statusesOf,
} from '../helpers/http-attack.ts'
import { noProcessFigures } from '../helpers/process-figures.ts'
import { getText } from '../helpers/round-trip.ts'
import { startVictim } from '../helpers/victim.ts'

const victim = await startVictim({ after })
const port = victim.ports.http
const close = 'Connection: close'

const attack = (name: string, play: () => Promise<void>) =>
  test(name, { skip: noProcessFigures }, () => victim.survives(play))

const ask = (line: string, body?: unknown): Promise<string> => {
  const octets = body === undefined ? '' : JSON.stringify(body)
  const fields = ['Content-Type: application/json', `Content-Length: ${octets.length}`]
  return exchange(port, request(line, [close, ...(body === undefined ? [] : fields)], octets))
}

/** Puts a mail there; answers its id. */
async function put(subject: string, html: string): Promise<number> {
  const mail = `From: a@example.com\r\nTo: b@example.com\r\nSubject: ${subject}\r\nContent-Type: text/html\r\n\r\n${html}\r\n`
  const fields = ['Content-Type: message/rfc822', `Content-Length: ${mail.length}`]
  const answer = await exchange(port, request('POST /v1/messages', [close, ...fields], mail))
  return Number(/\{"id":(\d+)\}/.exec(answer)?.[1])
}

/** A number of the metrics, looked at until it is as it should be. */
async function metric(name: string, wanted: number): Promise<void> {
  for (let round = 0; round < 500; round++) {
    const text = await getText(victim, 'metrics')
    if (text.includes(`\n${name} ${wanted}\n`)) return
  }
  assert.fail(`${name} never was ${wanted}`)
}

/** Everything there is, all at once, on so many mails. */
async function crowd(size: number): Promise<void> {
  const ids = await Promise.all(Array.from({ length: size }, (_, at) => put(`Crowd ${at}`, 'x')))
  const streams = await openMany(port, size / 2)
  for (const stream of streams) {
    stream.resume().write(request('GET /v1/events', ['Accept: text/event-stream']))
  }
  const answers = await Promise.all(
    ids.flatMap(id => [
      ask('GET /v1/messages?q=crowd'),
      ask(`GET /v1/wait?subject=crowd&timeout=1`),
      ask(`PATCH /v1/messages/${id}`, { unread: false, addTags: [`t${id}`] }),
      ask('PATCH /v1/messages', { matcher: { subject: 'crowd' }, flagged: true }),
      ask(`GET /v1/messages/${id}`),
      ask(`DELETE /v1/messages/${id}`),
      ask(`DELETE /v1/messages?ids=${id}`),
      ask('GET /v1/facets'),
      ask('POST /v1/none', { subject: 'nothing of the kind' }),
    ]),
  )
  await closeAll(streams)
  const statuses = new Set(answers.flatMap(statusesOf))
  assert.ok(
    [...statuses].every(status => [200, 404].includes(status)),
    [...statuses].join(),
  )
  const left = JSON.parse(await getText(victim, 'v1/messages?q=crowd')) as { total: number }
  assert.equal(left.total, 0)
}

test('control: a server without turns begins with all of a pipeline at once', async t => {
  let begun = 0
  const lax = createServer(() => {
    begun++
  }).listen(0, '127.0.0.1')
  t.after(() => {
    lax.closeAllConnections()
    lax.close()
  })
  await once(lax, 'listening')
  const socket = await openTo((lax.address() as AddressInfo).port)
  socket.write(request('GET /').repeat(1_000))
  while (begun < 1_000) await new Promise(resolve => setImmediate(resolve))
  await closeAll([socket])
})

test('control: each of them is answered to who asks once, and reads', async () => {
  const id = await put('Small', '<p>Hello</p>\r\n'.repeat(40_000))
  for (const target of [
    `/v1/messages/${id}/select?css=p`,
    `/v1/messages/${id}/checks`,
    `/v1/messages/${id}/raw`,
    '/v1/messages.zip?all=true',
  ]) {
    assert.deepEqual(statusesOf(await ask(`GET ${target}`)), [200], target)
  }
  await crowd(4)
})

attack('a flood of waits in pipelines and connections, whose clients vanish', async () => {
  const wait = request('GET /v1/wait?to=nobody@example.com&timeout=120s')
  const sockets = await openMany(port, 512)
  sockets.forEach((socket, at) => {
    socket.resume().write(at < 8 ? wait.repeat(2_000) : wait)
  })
  await metric('mailcatch_waiting', 504)
  await closeAll(sockets)
  await metric('mailcatch_waiting', 0)
})

attack(
  'answers that nobody reads: large ones in pipelines, and archives of everything',
  async () => {
    const id = await put('Large', '<p>Hello</p>\r\n'.repeat(40_000))
    const sockets = await openMany(port, 40)
    sockets.forEach((socket, at) => {
      socket.pause()
      const target = at % 2 === 0 ? `/v1/messages/${id}/raw` : '/v1/messages.zip?all=true'
      socket.write(request(`GET ${target}`).repeat(50))
    })
    for (let round = 0; round < 5; round++) await getText(victim, `v1/messages/${id}/raw`)
    await closeAll(sockets)
    assert.match(await ask(`DELETE /v1/messages/${id}`), /"deleted":1/)
  },
)

attack('hostile selectors and checks of a huge HTML, whose clients vanish', async () => {
  const id = await put('Deep', `${'<div>'.repeat(400)}${'<p style="a:b">x</p>\r\n'.repeat(30_000)}`)
  const css = encodeURIComponent('nothing * * * * * * *')
  const refused = await ask(`GET /v1/messages/${id}/select?css=${css}`)
  assert.match(refused, /^HTTP\/1\.1 400 [\s\S]*takes too long/)
  const sockets = await openMany(port, 100)
  sockets.forEach((socket, at) => {
    const target = at % 10 === 0 ? 'checks' : `select?css=${css}`
    socket.write(request(`GET /v1/messages/${id}/${target}`))
  })
  for (let round = 0; round < 5; round++) await getText(victim, 'livez')
  await closeAll(sockets)
  assert.match(await ask(`DELETE /v1/messages/${id}`), /"deleted":1/)
})

attack('a flood of inboxes ends at their limit, and they can all be ended', async () => {
  // So many may have the same tag: the limit that few reach. That of all together is 10,000.
  const wish = { route: { tags: ['flood'] } }
  const made = await Promise.all(Array.from({ length: 120 }, () => ask('POST /v1/inboxes', wish)))
  const statuses = made.map(answer => statusesOf(answer)[0])
  assert.deepEqual(
    [
      statuses.filter(status => status === 201).length,
      statuses.filter(each => each === 409).length,
    ],
    [100, 20],
  )
  const { inboxes } = JSON.parse(await getText(victim, 'v1/inboxes')) as {
    inboxes: { id: string }[]
  }
  const ended = await Promise.all(inboxes.map(({ id }) => ask(`DELETE /v1/inboxes/${id}`)))
  assert.ok(ended.every(answer => statusesOf(answer)[0] === 200))
})

attack('concurrent-map crash: list, wait, subscribe, change and delete all at once', () =>
  crowd(40),
)
