import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectSecurely } from 'node:tls'
import { routes } from '../../../server/http/routes.ts'
import { connect } from '../../../server/testing/index.ts'
import type { Ready } from '../../helpers/cli.ts'
import type { Address } from '../../helpers/round-trip.ts'
import { dataOf, Sender } from '../../helpers/sender.ts'

/** What a path has to say, where it takes something. */
const queries: Readonly<Record<string, readonly string[]>> = {
  '/v1/messages': ['', '?q=http', '?q=body:https'],
  '/v1/messages.zip': ['?all=true'],
  '/v1/messages/{id}/html': ['', '?remote=1'],
  '/m/{id}/html': ['', '?remote=1'],
  '/v1/messages/{id}/select': ['?css=a'],
  '/v1/wait': ['?timeout=0&subject=http'],
  '/v1/code': ['?timeout=0'],
  '/v1/link': ['?timeout=0'],
}

const gets = routes
  .filter(({ method }) => method === 'get')
  .flatMap(({ path }) => (queries[path] ?? ['']).map(query => path + query))
const ofMessage = gets.filter(path => path.includes('{id}') && !path.includes('inboxes'))
const ofAll = gets.filter(path => !path.includes('{')).concat('/', '/m/1')

const ask = async (
  { url, login }: Address,
  path: string,
  options: RequestInit = {},
): Promise<Response> => {
  const basic = login && Buffer.from(`${login.user}:${login.password}`).toString('base64')
  return fetch(`${url}${path.replace(/^\//, '')}`, {
    ...options,
    headers: { ...options.headers, ...(basic && { authorization: `Basic ${basic}` }) },
  })
}

const readAll = async (address: Address, paths: readonly string[]): Promise<number> => {
  await Promise.all(
    paths.map(async path => {
      const answer = await ask(address, path)
      // Events go on for ever.
      if (path === '/v1/events') await answer.body?.cancel()
      else await answer.arrayBuffer()
      assert.ok(answer.status < 500 && answer.status !== 401, `${path}: ${answer.status}`)
    }),
  )
  return paths.length
}

/** Puts mails in, and gets whatever can be got. Resolves with the number of answers. */
export async function readEverything(address: Address, mails: readonly Buffer[]): Promise<number> {
  let answers = 0
  for (const mail of mails) {
    const answer = await ask(address, 'v1/messages', {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: new Uint8Array(mail),
    })
    assert.equal(answer.status, 201)
    const { id } = (await answer.json()) as { id: number }
    const paths = ofMessage.map(path => path.replace('{id}', `${id}`).replace('{part}', '1'))
    answers += await readAll(address, paths)
  }
  return answers + (await readAll(address, ofAll))
}

/** Plays a test of an app by the testing library, with an inbox that has an SMTP port of its own. */
export async function playTest({ url, login }: Address, mayDelete: boolean): Promise<void> {
  const there = new URL(url)
  Object.assign(there, login && { username: login.user, password: login.password })
  const mailcatch = await connect(there.href, { timeout: 10_000 })
  const inbox = await mailcatch.inbox('sign up', { ownPort: true })
  const sender = await Sender.open(inbox.smtp.port)
  if (login) await sender.login(inbox.smtp.user, inbox.smtp.password)
  const text = 'Your code is 482913: https://app.example.com/confirm?code=482913'
  const message = `From: app@example.com\r\nSubject: Welcome\r\n\r\n${text}\r\n`
  await sender.send(dataOf(Buffer.from(message)), 'app@example.com', 'ann@mx.example.com')
  sender.close()
  const mail = await inbox.waitFor('Welcome')
  assert.equal(mail.code(), '482913')
  assert.match(mail.link(), /^https:\/\/app\.example\.com/)
  await inbox.none('Goodbye')
  if (mayDelete) await inbox.remove()
  await mailcatch.close()
}

/** Begins TLS on each port that has it from the first octet. */
export async function shakeHands(ports: Ready['ports']): Promise<number> {
  const secure = [ports.smtps, ports.pop3s, ports.imaps, ports.https].filter(port => port !== null)
  for (const port of secure) {
    // Whose certificate it is, others prove.
    const socket = connectSecurely({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    socket.destroy()
  }
  return secure.length
}
