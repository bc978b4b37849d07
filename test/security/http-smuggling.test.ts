import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { after, test } from 'node:test'
import { exchange, request, statusesOf } from '../helpers/http-attack.ts'
import { startVictim } from '../helpers/victim.ts'

const victim = await startVictim({ after })

/** What must never be heard: a request within another one's octets. */
const hidden = request('DELETE /v1/messages?all=true')
const honest = request('GET /v1/cursor', ['Connection: close'])
const type = 'Content-Type: message/rfc822'
const post = 'POST /v1/messages'
const chunked = 'Transfer-Encoding: chunked'

/** What a body's framing may be misread as, and each is answered by a 400 and the end. */
const shapes: [name: string, octets: string][] = [
  ['CL.TE', request(post, [type, 'Content-Length: 5', chunked], `0\r\n\r\n${hidden}`)],
  ['TE.CL', request(post, [type, chunked, 'Content-Length: 3'], `1\r\nx\r\n0\r\n\r\n${hidden}`)],
  ['TE.TE', request(post, [type, chunked, 'Transfer-Encoding: x'], `0\r\n\r\n${hidden}`)],
  [
    'TE twice in a list',
    request(post, [type, 'Transfer-Encoding: chunked, identity'], `0\r\n\r\n${hidden}`),
  ],
  ['an unknown coding', request(post, [type, 'Transfer-Encoding: xchunked'], `0\r\n\r\n${hidden}`)],
  [
    'CL twice',
    request(post, [type, 'Content-Length: 0', `Content-Length: ${hidden.length}`], hidden),
  ],
  ['CL as a list', request(post, [type, `Content-Length: 0, ${hidden.length}`], hidden)],
  ['a signed CL', request(post, [type, 'Content-Length: +4'], `abcd${hidden}`)],
  ['a hexadecimal CL', request(post, [type, 'Content-Length: 0x4'], `abcd${hidden}`)],
  [
    'a CL beyond all numbers',
    request(post, [type, 'Content-Length: 99999999999999999999'], hidden),
  ],
  ['a negative CL', request(post, [type, 'Content-Length: -1'], hidden)],
  ['a chunk size with a sign', request(post, [type, chunked], `-1\r\nx\r\n0\r\n\r\n${hidden}`)],
  ['a chunk size with 0x', request(post, [type, chunked], `0x1\r\nx\r\n0\r\n\r\n${hidden}`)],
  [
    'a chunk size that overflows',
    request(post, [type, chunked], `fffffffffffffffff1\r\nx\r\n${hidden}`),
  ],
  [
    'a chunk that is longer than it says',
    request(post, [type, chunked], `1\r\nxyz\r\n0\r\n\r\n${hidden}`),
  ],
  ['a chunk that ends in LF', request(post, [type, chunked], `1\nx\n0\n\n${hidden}`)],
  ['chunk extensions with LF', request(post, [type, chunked], `1;a\nx\r\n0\r\n\r\n${hidden}`)],
  [
    'endless chunk extensions',
    request(post, [type, chunked], `1;${'a'.repeat(20_000)}\r\nx\r\n0\r\n\r\n${hidden}`),
  ],
  ['a folded field', request(post, [type, 'X: a\r\n Content-Length: 5'], hidden)],
  [
    'a folded Transfer-Encoding',
    request(post, [type, 'Transfer-Encoding:\r\n chunked'], `0\r\n\r\n${hidden}`),
  ],
  ['a bare CR in a field', request(post, [type, `X: a\rContent-Length: 5`], hidden)],
  [
    'a bare LF between fields',
    `${post} HTTP/1.1\nHost: localhost\n${type}\nContent-Length: 0\n\n${hidden}`,
  ],
  ['a space before the colon', request(post, [type, 'Content-Length : 5'], hidden)],
  [
    'a space before the first field',
    `${post} HTTP/1.1\r\n Host: localhost\r\nContent-Length: 0\r\n\r\n${hidden}`,
  ],
  ['a NUL in a field name', request(post, [type, 'Content\0-Length: 5'], hidden)],
  ['a field without a name', request(post, [type, ': 5'], hidden)],
  [
    'HTTP/1.0 with chunks',
    `${post} HTTP/1.0\r\nHost: localhost\r\n${type}\r\n${chunked}\r\n\r\n0\r\n\r\n${hidden}`,
  ],
  [
    'a Content-Length behind the chunks',
    request(
      'GET /nothing',
      [type, chunked],
      `0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    ),
  ],
  ['HTTP/0.9', `GET /v1/cursor\r\n${hidden}`],
  ['the preface of HTTP/2', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}`],
  ['a TLS handshake', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
]

test('the hidden request is heard where it is sent honestly, and a server that is lax hears it', async t => {
  const { port } = new URL(victim.url)
  const answers = await exchange(Number(port), hidden + honest)
  assert.deepEqual(statusesOf(answers), [200, 200])
  assert.match(answers, /"deleted"/)
  const heard: string[] = []
  const lax = createServer({ insecureHTTPParser: true }, (asked, answer) => {
    heard.push(`${asked.method} ${asked.url}`)
    asked.resume().on('end', () => answer.end())
  })
  lax.listen(0, '127.0.0.1')
  await new Promise(resolve => lax.once('listening', resolve))
  t.after(() => lax.close())
  const both = request(post, ['Content-Length: 5', chunked], `0\r\n\r\n${hidden}`)
  await exchange((lax.address() as AddressInfo).port, both + honest)
  assert.deepEqual(heard, ['POST /v1/messages', 'DELETE /v1/messages?all=true', 'GET /v1/cursor'])
})

test('request smuggling: no shape of a body hides a second request', async () => {
  const port = victim.ports.http
  await victim.survives(async () => {
    for (const [name, octets] of shapes) {
      const answer = await exchange(port, octets)
      assert.equal(statusesOf(answer).at(-1), 400, `${name}: ${answer.slice(0, 300)}`)
      assert.doesNotMatch(answer, /"deleted"/, name)
    }
  })
})

test('request smuggling: what stands in a body stays there, whoever reads it', async () => {
  await victim.survives(async () => {
    const length = `Content-Length: ${hidden.length}`
    const inChunks = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\nX-Trailer: a\r\n\r\n`
    for (const [octets, statuses] of [
      [request('GET /v1/cursor', [type, length], hidden), [200, 200]],
      [request('GET /v1/cursor', [type, chunked], inChunks), [200, 200]],
      [request('GET /nothing', [type, length], hidden), [404, 200]],
      [request(post, [type, 'Origin: https://evil.example', length], hidden), [403, 200]],
      [request(post, ['Content-Type: text/plain', length], hidden), [415, 200]],
      [request('OPTIONS /v1/messages', [type, length], hidden), [204, 200]],
      [request('PUT /v1/messages', [type, length], hidden), [405, 200]],
      [request(post, [type, chunked], inChunks), [201, 200]],
      [request(post, [type, length, 'Expect: 100-continue'], hidden), [100, 201, 200]],
      [
        request(post, ['Content-Type: text/plain', length, 'Expect: 100-continue'], hidden),
        [100, 415, 200],
      ],
    ] as const) {
      const answer = await exchange(victim.ports.http, octets + honest)
      assert.deepEqual(
        statusesOf(answer),
        statuses,
        `${octets.slice(0, 200)}: ${answer.slice(0, 600)}`,
      )
    }
  })
})

test('TLS and plain HTTP each refuse what is meant for the other', async () => {
  const secure = victim.ports.https as number
  await victim.survives(async () => {
    assert.deepEqual(statusesOf(await exchange(secure, honest)), [])
    assert.deepEqual(statusesOf(await exchange(secure, '\x16\x03\x01\xff\xff\x01\0\0\0')), [])
  })
  assert.deepEqual(statusesOf(await exchange(victim.ports.http, honest)), [200])
})

test('garbage of every octet ends its connection, and no other', async t => {
  const port = victim.ports.http
  const echo = createTcp(socket => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
  t.after(() => echo.close())
  await new Promise(resolve => echo.once('listening', resolve))
  const garbage = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet)).join('')
  const { port: open } = echo.address() as AddressInfo
  assert.equal(await exchange(open, garbage, answer => answer.length === 256), garbage)
  await victim.survives(async () => {
    for (let octet = 0; octet < 256; octet++) {
      const first = String.fromCharCode(octet)
      // Line ends may stand before a request (RFC 9112 §2.2).
      if (/[\r\n]/.test(first)) continue
      const answer = await exchange(port, first + garbage)
      assert.deepEqual(statusesOf(answer), [400], `${octet}`)
    }
  })
})
