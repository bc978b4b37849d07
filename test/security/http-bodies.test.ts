import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { routes } from '../../server/http/routes.ts'
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

const limit = 1024 ** 2
const victim = await startVictim({ after }, ['--max-message-size', `${limit}`])
const port = victim.ports.http
const close = 'Connection: close'
const json = 'Content-Type: application/json'

const attack = (name: string, play: () => Promise<void>) =>
  test(name, { skip: noProcessFigures }, () => victim.survives(play))

const ask = (line: string, body?: string | Buffer, ...fields: string[]): Promise<string> => {
  const octets = body === undefined ? '' : Buffer.from(body).toString('latin1')
  const own = body === undefined ? [close] : [close, json, `Content-Length: ${octets.length}`]
  return exchange(port, request(line, [...own, ...fields], octets))
}

/** Every call that reads JSON, with ids filled in. */
const jsonCalls = routes
  .filter(({ bodyTypes }) => bodyTypes.includes('application/json'))
  .map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '1')}`)

/** Sends a body that never ends; resolves with what was sent until the server had enough. */
async function pour(to: number, line: string, fields: string[], most: number): Promise<number> {
  const socket = await openTo(to)
  let sent = 0
  let isOver = false
  const closed = new Promise<void>(resolve => {
    socket.resume().once('close', () => {
      isOver = true
      resolve()
    })
  })
  socket.write(request(line, [...fields, 'Transfer-Encoding: chunked']))
  const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`)
  while (!isOver && !socket.destroyed && sent < most) {
    sent += 65_536
    const drained = new Promise<void>(resolve => socket.write(chunk, () => resolve()))
    await Promise.race([drained, closed])
  }
  await closeAll([socket])
  return sent
}

test('control: a server without limits takes an endless body, and a merge is polluted by such keys', async t => {
  const lax = createServer((asked, answer) => {
    asked.resume().on('end', () => answer.end())
  }).listen(0, '127.0.0.1')
  t.after(() => lax.close())
  await once(lax, 'listening')
  const most = 32 * limit
  const { port: open } = lax.address() as AddressInfo
  assert.equal(await pour(open, 'POST /', [json], most), most)
  const target: Record<string, unknown> = {}
  const merge = (into: Record<string, unknown>, from: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(from)) {
      if (typeof value === 'object') merge(into[key] as typeof into, value as typeof from)
      else into[key] = value
    }
  }
  merge(target, JSON.parse('{"__proto__":{"polluted":"yes"}}'))
  assert.equal(({} as Record<string, unknown>).polluted, 'yes')
  delete (Object.prototype as Record<string, unknown>).polluted
})

attack('endless body: every call that reads one stops reading, and answers', async () => {
  assert.ok(jsonCalls.length >= 8, jsonCalls.join())
  // A refused one goes on for a second; on a fast line that is much, but no end is near it.
  const most = 10_000 * limit
  const calls = [
    ['POST /v1/messages', 'Content-Type: message/rfc822'],
    ['POST /v1/wait', json],
    ['DELETE /v1/messages', 'Content-Type: text/plain'],
    ['GET /nothing', json],
  ] as const
  const sent = await Promise.all(calls.map(([line, type]) => pour(port, line, [type], most)))
  sent.forEach((octets, at) => {
    assert.ok(octets < most, calls[at]?.[0])
  })
  const said = await Promise.all(
    jsonCalls.map(call =>
      exchange(port, request(call, [close, json, 'Content-Length: 9999999999'])),
    ),
  )
  said.forEach((answer, at) => {
    assert.ok([413, 400].includes(statusesOf(answer)[0] ?? 0), `${jsonCalls[at]}: ${answer}`)
  })
})

attack('endless request line and header fields: 431, however they come', async () => {
  for (const octets of [
    `GET /${'x'.repeat(200_000)} HTTP/1.1\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(200_000)}`,
    `GET / HTTP/1.1\r\nHost: localhost\r\n${'x'.repeat(200_000)}: x`,
    `GET / HTTP/1.1\r\nHost: localhost\r\n${'X: y\r\n'.repeat(50_000)}`,
    `GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'a=b;'.repeat(50_000)}\r\n\r\n`,
  ]) {
    const answer = await exchange(port, octets)
    assert.deepEqual(statusesOf(answer), [431], octets.slice(0, 60))
  }
})

attack('slow header and slow body: 512 at once hold nobody up', async () => {
  const sockets = await openMany(port, 512)
  sockets.forEach((socket, at) => {
    if (at % 2 === 0) socket.write('GET /v1/cursor HTTP/1.1\r\nHost: localhost\r\nX: ')
    else socket.write(request('POST /v1/wait', [json, 'Content-Length: 1000'], '{'))
  })
  for (let round = 0; round < 3; round++) {
    for (const socket of sockets) if (!socket.destroyed) socket.write(' ')
    await getText(victim, 'livez')
  }
  assert.equal(sockets.filter(({ destroyed }) => destroyed).length, 0)
  await closeAll(sockets)
})

attack(
  'prototype pollution: keys of the prototype are refused by every call that takes JSON',
  async () => {
    for (const call of jsonCalls) {
      for (const body of [
        '{"__proto__":{"polluted":"yes"}}',
        '{"constructor":{"prototype":{"polluted":"yes"}}}',
        '{"prototype":{"polluted":"yes"},"toString":"x"}',
        '{"\\u005f_proto__":{"timeout":1}}',
        '{"matcher":{"__proto__":{"unread":true}},"__proto__":1}',
        '{"any":[{"not":{"header":{"__proto__":"x"}}}],"expect":[{"match":{"__proto__":{}}}]}',
      ]) {
        const answer = await ask(call, body)
        assert.deepEqual(statusesOf(answer), [400], `${call} ${body}: ${answer.slice(-300)}`)
      }
    }
    for (const name of [
      '__proto__',
      'constructor',
      'constructor.prototype.x',
      '__proto__[x]',
      'toString',
    ]) {
      for (const path of [
        '/v1/messages',
        '/v1/wait',
        '/v1/code',
        '/v1/facets',
        '/v1/messages.zip',
      ]) {
        const answer = await ask(`GET ${path}?${name}=x`)
        assert.deepEqual(statusesOf(answer), [400], `${path} ${name}`)
      }
    }
    assert.doesNotMatch(await getText(victim, 'v1/stats'), /polluted/)
  },
)

attack(
  'JSON that is deep, very wide, or has numbers beyond all bounds is a 400 everywhere',
  async () => {
    for (const call of jsonCalls) {
      for (const body of [
        `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
        `{"not":${'{"not":'.repeat(100_000)}`,
        `{${Array.from({ length: 25_000 }, (_, at) => `"k${at}":1`).join()}}`,
        '{"timeout":1e999,"ttl":1e999,"count":1e999}',
        `{"since":${'9'.repeat(10_000)}}`,
        '{"timeout":-1,"ttl":-0.5,"count":1.5}',
        Buffer.from([0x22, 0xc3, 0x28, 0x22]),
        Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
        '\ufeff\ufeff{}',
      ]) {
        const answer = await ask(call, body)
        assert.deepEqual(
          statusesOf(answer),
          [400],
          `${call} ${`${body}`.slice(0, 60)}: ${answer.slice(-200)}`,
        )
      }
    }
  },
)

attack(
  'octets that are no UTF-8, and parameters given twice, are refused where they stand',
  async () => {
    for (const target of [
      '/v1/messages?q=%ff',
      '/v1/messages?q=%c3%28',
      '/v1/messages?q=%ed%a0%80',
      '/v1/messages?q=%f8%88%80%80%80',
      '/v1/messages?q=%',
      '/v1/messages?%ff=x',
      '/v1/messages?q=a&q=b',
      '/v1/messages?limit=1&limit=2',
      '/v1/wait?timeout=1&timeout=2',
      `/v1/messages?${'subject=x&'.repeat(60)}`,
      '/v1/messages?limit=1e3',
      '/v1/messages?limit=99999999999999999999',
      '/v1/messages?since=-1',
      '/v1/messages/1e0',
      '/v1/messages/-1',
      '/v1/messages/99999999999999999999',
    ]) {
      const [status = 0] = statusesOf(await ask(`GET ${target}`))
      assert.ok(status === 400 || (status === 404 && !target.includes('?')), `${target}: ${status}`)
    }
    for (const target of ['/%ff', '/v1/messages/%ff', '/v1/messages/%c0%ae', '/m/%ff%fe']) {
      const [status = 0] = statusesOf(await ask(`GET ${target}`))
      assert.ok(status === 400 || status === 404, `${target}: ${status}`)
    }
    for (const field of [
      'Authorization: Basic \xff\xfe',
      'Cookie: \xff=\x80',
      'Accept: \xc3\x28',
    ]) {
      assert.deepEqual(statusesOf(await ask('GET /v1/cursor', undefined, field)), [200], field)
    }
    // There are no ranges and no conditions to abuse: the whole is answered.
    for (const field of [
      `Range: bytes=${'0-,'.repeat(1_300)}0-`,
      'If-None-Match: *',
      'If-Range: x',
    ]) {
      assert.deepEqual(
        statusesOf(await ask('GET /v1/messages/1/raw', undefined, field)),
        [200],
        field,
      )
    }
  },
)
