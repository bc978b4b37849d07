import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { ClientGone, pacedWrite } from '../../server/net/paced-write.ts'

async function connection(t: TestContext): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [ours] = (await once(server, 'connection')) as [Socket]
  ours.on('error', () => {})
  client.on('error', () => {})
  t.after(() => {
    client.destroy()
    ours.destroy()
    server.close()
  })
  return [ours, client]
}

const piece = Buffer.alloc(64 * 1024, 'x')

test('waits for a client that does not read, and breaks off with it in the end', async t => {
  const [ours] = await connection(t)
  const patience = 200
  let written = 0
  let highest = 0
  const began = performance.now()
  let last = began
  await assert.rejects(async () => {
    for (;;) {
      await pacedWrite(ours, piece, patience)
      written += piece.length
      highest = Math.max(highest, ours.writableLength)
      last = performance.now()
    }
  }, ClientGone)
  assert.ok(highest <= 2 * piece.length, `${highest} octets waited`)
  // The rest is in the buffers of the system.
  assert.ok(written < 16 * 1024 * 1024, `${written} octets were taken`)
  assert.ok(performance.now() - last >= patience - 5)
  assert.ok(ours.destroyed)
})

test('a client that reads slowly is none that does not read', async t => {
  const [ours, client] = await connection(t)
  const patience = 1_000
  const total = 24 * 1024 * 1024
  const mebibyte = 1024 * 1024
  let received = 0
  client.on('data', chunk => {
    const isEnough =
      Math.floor(received / mebibyte) < Math.floor((received + chunk.length) / mebibyte)
    received += chunk.length
    if (isEnough) client.pause()
  })
  // A mebibyte at a time, the whole for longer than the patience.
  const reading = setInterval(() => client.resume(), patience / 8)
  t.after(() => clearInterval(reading))
  const began = performance.now()
  for (let sent = 0; sent < total; sent += piece.length) await pacedWrite(ours, piece, patience)
  assert.ok(performance.now() - began > patience)
  ours.end()
  await once(client, 'end')
  assert.equal(received, total)
})

test('what is held back is let out before it waits', async t => {
  const [ours, client] = await connection(t)
  ours.cork()
  await pacedWrite(ours, 'first, ', 1_000)
  assert.ok(ours.writableCorked > 0)
  await pacedWrite(ours, piece, 1_000)
  assert.equal(ours.writableCorked, 0)
  ours.end()
  let length = 0
  for await (const chunk of client) length += chunk.length
  assert.equal(length, 'first, '.length + piece.length)
})

test('nobody is there any more', async t => {
  const [ours] = await connection(t)
  ours.destroy()
  await assert.rejects(pacedWrite(ours, 'x', 1_000), ClientGone)
})
