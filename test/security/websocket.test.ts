import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
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
const version = 'Sec-WebSocket-Version: 13'
const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='
const offer = ['Connection: Upgrade', 'Upgrade: websocket']
const handshake = request('GET /v1/events', [...offer, version, key])

const attack = (name: string, play: () => Promise<void>) =>
  test(name, { skip: noProcessFigures }, () => victim.survives(play))

/** A frame of a client (RFC 6455 §5.2), masked with zeros unless it shall not be. */
function frame(
  first: number,
  payload = '',
  { length = payload.length, isMasked = true } = {},
): Buffer {
  const mask = isMasked ? 0x80 : 0
  const head =
    length < 126
      ? Buffer.from([first, mask | length])
      : Buffer.from([first, mask | 127, 0, 0, 0, 0, 0, 0, 0, 0])
  if (length >= 126) head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0), Buffer.from(payload)])
}

/** A WebSocket that has its first frame. */
async function open(): Promise<Socket> {
  const socket = await openTo(port)
  socket.write(handshake)
  let said = ''
  await new Promise<void>(resolve => {
    const take = (chunk: Buffer) => {
      said += chunk.toString('latin1')
      if (!said.includes('"feed"')) return
      socket.off('data', take)
      resolve()
    }
    socket.on('data', take)
  })
  assert.match(said, /^HTTP\/1\.1 101 /)
  return socket
}

/** Sends frames, as often as said, and resolves with the code of the close frame; null where none came. */
async function closedWith(frames: Buffer, { times = 1 } = {}): Promise<number | null> {
  const socket = await open()
  let said = Buffer.alloc(0)
  socket.on('data', chunk => {
    said = Buffer.concat([said, chunk])
  })
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  for (let time = 0; time < times && !socket.destroyed; time++) {
    const written = new Promise<void>(resolve => socket.write(frames, () => resolve()))
    await Promise.race([written, closed])
  }
  await closed
  // A close frame of a server: 0x88, its length, two octets of the code (RFC 6455 §5.5.1).
  const at = said.lastIndexOf(0x88)
  return at >= 0 && said.length >= at + 4 ? said.readUInt16BE(at + 2) : null
}

/** Puts a mail with a long subject there. */
const put = (subject: string): Promise<string> => {
  const mail = `From: a@example.com\r\nTo: b@example.com\r\nSubject: ${subject}\r\n\r\nx\r\n`
  const fields = ['Connection: close', 'Content-Type: message/rfc822']
  return exchange(
    port,
    request('POST /v1/messages', [...fields, `Content-Length: ${mail.length}`], mail),
  )
}

test('control: a WebSocket that behaves is told of mail, its pings are answered, it ends as it says', async () => {
  const socket = await open()
  const told = new Promise<string>(resolve => {
    let said = ''
    socket.on('data', chunk => {
      said += chunk.toString('latin1')
      if (said.includes('A told one') && said.includes('\x8a\x02hi')) resolve(said)
    })
  })
  socket.write(frame(0x89, 'hi'))
  await put('A told one')
  await told
  const closed = new Promise(resolve => socket.once('close', resolve))
  socket.write(frame(0x88, '\x03\xe8').subarray(0, 6))
  socket.end()
  await closed
})

attack('frame bombs: each is told its close code, and its connection ends', async () => {
  const text = 0x81
  for (const [name, octets, code] of [
    ['an unmasked frame', frame(text, 'x', { isMasked: false }), 1002],
    ['64 bits of length', frame(text, '', { length: 2 ** 52 }), 1009],
    [
      'a length beyond all numbers',
      Buffer.from([text, 0xff, ...Array(8).fill(0x7f), 0, 0, 0, 0]),
      1009,
    ],
    ['one octet more than a frame may have', frame(text, '', { length: 65_537 }), 1009],
    ['reserved bits', frame(0xf1, 'x'), 1002],
    ['a compressed frame that was not agreed on', frame(0xc1, '\0\0\0\xff\xff'), 1002],
    ['a reserved opcode', frame(0x83, 'x'), 1002],
    ['a reserved control opcode', frame(0x8b, 'x'), 1002],
    ['a fragmented ping', frame(0x09, 'x'), 1002],
    ['a ping that is too long', frame(0x89, '', { length: 126 }), 1002],
    ['a continuation of nothing', frame(0x80, 'x'), 1002],
    ['text in a text', Buffer.concat([frame(0x01, 'x'), frame(text, 'x')]), 1002],
    [
      'text that is no UTF-8',
      Buffer.concat([frame(text, 'x').subarray(0, 6), Buffer.from([0xff])]),
      1007,
    ],
    ['text where nothing is expected', frame(text, 'x'), 1008],
    ['octets where nothing is expected', frame(0x82, 'x'), 1008],
    [
      'a close code that nobody may send',
      Buffer.concat([frame(0x88, 'xx').subarray(0, 6), Buffer.from([0x03, 0xed])]),
      1002,
    ],
    ['half a close code', frame(0x88, 'x'), 1002],
  ] as const) {
    assert.equal(await closedWith(octets), code, name)
  }
  const fragments = Buffer.concat(Array.from({ length: 1_000 }, () => frame(0x00, 'x'.repeat(100))))
  assert.equal(await closedWith(Buffer.concat([frame(0x01, 'x'), fragments])), 1009)
  const empty = Buffer.concat(Array.from({ length: 20_000 }, () => frame(0x00)))
  assert.equal(await closedWith(Buffer.concat([frame(0x01), empty])), 1008)
})

attack('a flood of pings that reads nothing of the pongs is cut off', async () => {
  const socket = await open()
  socket.pause()
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  const pings = Buffer.concat(Array.from({ length: 1_000 }, () => frame(0x89, 'x'.repeat(125))))
  let sent = 0
  while (!socket.destroyed && sent < 512 * 1024 ** 2) {
    sent += pings.length
    const written = new Promise<void>(resolve => socket.write(pings, () => resolve()))
    await Promise.race([written, closed])
  }
  assert.ok(sent < 512 * 1024 ** 2, `${sent}`)
  await closeAll([socket])
})

attack(
  'never-reading clients are given up while mail arrives, and the others hear of all of it',
  async () => {
    const silent = await openMany(port, 100)
    for (const socket of silent) socket.pause().write(handshake)
    const reader = await open()
    let heard = 0
    reader.on('data', chunk => {
      heard += chunk.toString('latin1').split('"message.added"').length - 1
    })
    const long = 'x'.repeat(9_000)
    const streams = async () =>
      Number(/^mailcatch_event_streams (\d+)$/m.exec(await getText(victim, 'metrics'))?.[1])
    let count = 0
    while ((await streams()) > 1) {
      assert.ok(count < 4_000)
      await Promise.all(Array.from({ length: 50 }, () => put(long)))
      count += 50
    }
    while (heard === 0) await getText(victim, 'livez')
    assert.equal(reader.destroyed, false)
    await closeAll([...silent, reader])
    const fields = ['Connection: close']
    const all = request(`DELETE /v1/messages?subject=${'x'.repeat(900)}`, fields)
    assert.match(await exchange(port, all), new RegExp(`"deleted":${count}\\}`))
  },
)

attack('upgrades to other protocols, other paths, and by handshakes that are none', async () => {
  for (const [fields, status] of [
    [[...offer, version], 400],
    [[...offer, key], 400],
    [[...offer, version, 'Sec-WebSocket-Key: AAAA'], 400],
    [[...offer, version, key, key], 400],
    [[...offer, 'Sec-WebSocket-Version: 7', key], 400],
    [[...offer, 'Sec-WebSocket-Version: 99', key], 400],
    [[...offer, version, key, 'Origin: https://evil.example'], 403],
    [['Connection: Upgrade, close', 'Upgrade: tcp'], 426],
    [['Connection: Upgrade, close', 'Upgrade: websocket, h2c', version, key], 426],
  ] as const) {
    const answer = await exchange(port, request('GET /v1/events', fields))
    assert.deepEqual(statusesOf(answer), [status], `${fields}: ${answer.slice(0, 300)}`)
  }
  for (const line of [
    'GET /',
    'GET /livez',
    'GET /v1/messages',
    'POST /v1/events',
    'DELETE /v1/messages?all=true',
  ]) {
    const [status = 0] = statusesOf(await exchange(port, request(line, [...offer, version, key])))
    assert.ok(status >= 400, `${line}: ${status}`)
  }
  assert.equal(await exchange(port, request('CONNECT example.com:80')), '')
})
