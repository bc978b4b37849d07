import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { problemType } from '../../../server/http/problem.ts'
import type { Route } from '../../../server/http/route.ts'
import { routes } from '../../../server/http/routes.ts'
import { put, startHttp } from '../../helpers/http-server.ts'
import type { Random } from '../../helpers/random.ts'
import { keepAliveClient } from '../http-client.ts'
import { jsonObject } from '../json-text.ts'
import { entity } from '../mail-text.ts'
import { mutate } from '../mutate.ts'
import { pattern, query } from '../search-text.ts'
import { several } from '../several.ts'
import type { Target } from '../target.ts'

const IDS = [
  'latest',
  'latest',
  '1',
  '2',
  '42',
  '0',
  '-1',
  '01',
  '9999999999',
  '99999999999',
  '1.5',
  '__proto__',
  '%31',
  '%00',
  '..',
  '%2e%2e',
  '%c3%28',
]
const PARTS = [
  '1',
  '1.1',
  '2',
  '0',
  '1.',
  '1.1.1.1.1',
  '../1',
  '%2e',
  'toString',
  'latest',
  'mailcatch.css',
]
const VALUES = [
  '1',
  '0',
  '10',
  '1000',
  '-1',
  '1e3',
  'true',
  'false',
  'now',
  'latest',
  '2026-11-21',
  '20ms',
  '0s',
  '1,2,5-9',
  '1-',
  'delivered',
  'b',
  '*',
  '',
  '%',
  '%ff',
  '%00',
  '+',
  'a%26b',
  'h1 > a',
  ':has(',
  '[',
]
const TYPES = [
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'message/rfc822',
  'application/mbox',
  'text/plain',
  '',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'APPLICATION/JSON',
  'application/json+x',
  '/',
]

const encoded = (random: Random, text: string): string =>
  random.chance(0.8) ? encodeURIComponent(text) : text

const pathOf = (random: Random, { path }: Route): string =>
  path.replace(/\{(\w+)\}/g, (_, name) => random.pick(name === 'id' ? IDS : PARTS))

const queryOf = (random: Random, route: Route): string => {
  const names = [...Object.keys(route.query), 'header.X-Kind', 'header.__proto__', 'x']
  const parameters = several(
    random,
    4,
    () => {
      const name = random.pick(names)
      const value = random.chance(0.6)
        ? random.pick(VALUES)
        : encoded(random, name === 'q' ? query(random) : pattern(random))
      return `${name}${random.chance(0.95) ? '=' : ''}${value}`
    },
    '&',
  )
  // Who waits does so for a moment.
  const timeout = 'timeout' in route.query ? `timeout=${random.pick(['0s', '5ms', '0'])}&` : ''
  return parameters === '' && timeout === '' ? '' : `?${timeout}${parameters}`
}

const asked = (random: Random): Buffer => {
  const route = random.pick(routes)
  const method = random.chance(0.9)
    ? route.method.toUpperCase()
    : random.pick(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
  const type =
    route.bodyTypes.length > 0 && random.chance(0.8)
      ? random.pick(route.bodyTypes)
      : random.pick(TYPES)
  const isJson = type.startsWith('application/json')
  const json = () =>
    jsonObject(random).replace(
      '{',
      `{${random.chance(0.5) && route.path.includes('wait') ? '"timeout":0,' : ''}`,
    )
  const body = method === 'GET' ? '' : isJson ? json() : entity(random, 1)
  return Buffer.from(
    `${method} ${pathOf(random, route)}${queryOf(random, route)}\n${type}\n${body}`,
    'latin1',
  )
}

const readRequest = (octets: Buffer) => {
  const [first = '', type = '', ...rest] = octets.toString('latin1').split('\n')
  const space = first.indexOf(' ')
  const method = first.slice(0, Math.max(0, space)).replace(/[^A-Z]/g, '')
  return {
    method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method)
      ? method
      : 'GET',
    // What Node's client sends.
    path: `/${first.slice(space + 1).replace(/[^\x21-\x7e]/g, '')}`
      .replace(/^\/\//, '/')
      .slice(0, 8000),
    // A header that is too large is refused before anybody has read that it is of HEAD, whose answer has no body.
    type: type.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, method === 'HEAD' ? 4000 : 20_000),
    body: Buffer.from(rest.join('\n'), 'latin1'),
  }
}

/** Calls that wait for mail, or never end. */
const MAY_WAIT = /wait|code|link|none|expect|events/
const PATIENCE = { waiting: 200, others: 60_000 }

const { port, store, logged } = await startHttp(
  // It lives as long as the process.
  { after() {} } as unknown as TestContext,
  { limits: { maxMessages: 20, maxBytes: 20_000_000, maxAge: null, maxMessageSize: 1_000_000 } },
)
const client = keepAliveClient(port)
// The first request loads what answers it, which is none of an execution's business.
await client({ method: 'GET', path: '/v1/cursor', type: '', body: Buffer.alloc(0) }, 60_000)

const PROTOTYPES = [Object.prototype, Array.prototype, String.prototype, Function.prototype]
const namesOf = () => PROTOTYPES.map(each => Reflect.ownKeys(each).length)
const before = namesOf()

const checkProblem = (status: number, body: Buffer): void => {
  const problem = JSON.parse(body.toString()) as Record<string, unknown>
  assert.equal(problem.status, status)
  assert.equal(typeof problem.title, 'string')
  assert.equal(typeof problem.type, 'string')
  assert.ok(typeof problem.detail === 'string' && problem.detail !== '')
}

/** Any request, to one server: a line with method and target, one with the body's type, and the body. */
export const target: Target = {
  name: 'url',
  growth: 'the server keeps what it is sent, and reads mails in another thread',
  make: random => mutate(asked(random), random, () => asked(random)),
  async check(input) {
    const { entries } = await store.list({}, { limit: 1, isInteractive: false })
    if (entries.length === 0) await put(store, MAIL, { envelope: ENVELOPE })
    const request = readRequest(Buffer.from(input))
    const mayWait = MAY_WAIT.test(decoded(request.path))
    const answer = await client(request, mayWait ? PATIENCE.waiting : PATIENCE.others)
    assert.deepEqual(namesOf(), before, 'nothing is put on a prototype')
    assert.deepEqual(logged.splice(0), [], 'a fault of ours was logged')
    if (answer === null) {
      assert.ok(mayWait)
      return
    }
    const { status, headers, body } = answer
    assert.notEqual(status, 500)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    if (status < 400) return
    // The page says in HTML that it is not built.
    if (status === 503) return
    assert.equal(headers['content-type'], problemType)
    if (request.method !== 'HEAD') checkProblem(status, body)
  },
}

const ENVELOPE = { mailFrom: 'app@example.com', rcptTo: ['ann@example.com'] }
const MAIL = [
  'From: App <app@example.com>\r\nTo: ann@example.com\r\nSubject: Your code\r\nX-Kind: a\r\n',
  'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n',
  '<p>Your code is 123456, or <a href="https://example.com/verify?token=abc">verify</a></p>\r\n',
  '--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ntext\r\n--b--\r\n',
].join('')

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
