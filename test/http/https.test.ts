import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { connect } from 'node:net'
import { json, text } from 'node:stream/consumers'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { startMailcatch } from '../../server/mailcatch.ts'

const start = () =>
  startMailcatch({
    ...{ smtpPort: null, pop3Port: null, imapPort: null },
    httpPort: 0,
    httpsPort: 0,
  })

/** Asks over TLS; whose certificate it is has a test of its own. */
const ask = async (port: number, path: string, agent?: Agent) => {
  const asked = request({
    ...{ host: '127.0.0.1', port, path, rejectUnauthorized: false },
    ...(agent && { agent }),
  })
  asked.end()
  const [response] = await once(asked, 'response')
  return response
}

test('The inbox and the API are there over TLS too, with the same mail', async () => {
  await using mailcatch = await start()
  const { http, https } = mailcatch.ports
  assert.ok(http !== null && https !== null && http !== https)
  const made = await fetch(`http://127.0.0.1:${http}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: 'Subject: Hello\r\n\r\n',
  })
  assert.equal(made.status, 201)
  const list = (await json(await ask(https, '/v1/messages'))) as { messages: { subject: string }[] }
  assert.deepEqual(
    list.messages.map(({ subject }) => subject),
    ['Hello'],
  )
  const stats = (await json(await ask(https, '/v1/stats'))) as { ports: object }
  assert.deepEqual(stats.ports, mailcatch.ports)
  const socket = new WebSocket(`wss://127.0.0.1:${https}/v1/events`, { rejectUnauthorized: false })
  const [frame] = await once(socket, 'message')
  assert.equal(JSON.parse(String(frame)).total, 1)
  // The gate is the same.
  const refused = request({
    ...{ host: '127.0.0.1', port: https, path: '/v1/messages', rejectUnauthorized: false },
    headers: { origin: 'https://evil.example' },
  }).end()
  const [answer] = await once(refused, 'response')
  assert.equal(answer.statusCode, 403)
  answer.resume()
})

test('What is no TLS is not answered, and hurts nobody', async () => {
  await using mailcatch = await start()
  const https = mailcatch.ports.https ?? 0
  const plain = connect(https, '127.0.0.1')
  plain.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  assert.equal(/HTTP/.test(await text(plain)), false)
  const idle = connect(https, '127.0.0.1')
  await once(idle, 'connect')
  assert.equal((await ask(https, '/livez')).statusCode, 200)
  idle.destroy()
})

test('A connection that is kept alive does not keep the server from ending', async () => {
  const mailcatch = await start()
  const agent = new Agent({ keepAlive: true })
  const response = await ask(mailcatch.ports.https ?? 0, '/livez', agent)
  await text(response)
  await mailcatch.close()
  agent.destroy()
})

test('It can be there over TLS alone, with a session that is never told without', async () => {
  await using mailcatch = await startMailcatch({
    ...{ smtpPort: null, pop3Port: null, imapPort: null, httpPort: null, httpsPort: 0 },
    auth: { user: 'ann', password: 'secret' },
    memory: true,
  })
  const { http, https } = mailcatch.ports
  assert.ok(http === null && https !== null)
  assert.equal(mailcatch.url, `https://localhost:${https}/`)
  assert.equal((await ask(https, '/v1/stats')).statusCode, 401)
  const asked = request({
    ...{ host: '127.0.0.1', port: https, path: '/v1/stats', rejectUnauthorized: false },
    auth: 'ann:secret',
  }).end()
  const [answer] = await once(asked, 'response')
  assert.match(answer.headers['set-cookie'][0], /; HttpOnly; SameSite=Strict; Secure$/)
  assert.deepEqual(((await json(answer)) as { ports: object }).ports, mailcatch.ports)
})
