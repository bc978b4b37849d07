import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { flood, startNaive } from './flood.ts'
import { Wire } from './wire.ts'

const MIB = 1024 ** 2

// What the attacks in test/security would do to a server that has no limits.

test('a server without limits holds all that a flood sends', async t => {
  const naive = await startNaive(t)
  const wire = await Wire.open(naive.port)
  assert.equal(await flood(wire, 16 * MIB), 16 * MIB)
  while (naive.held() < 16 * MIB) await new Promise(resolve => setImmediate(resolve))
  wire.destroy()
})

test('a server that does not wait holds all the answers that nobody reads', async t => {
  const naive = await startNaive(t, { answer: MIB })
  const wire = await Wire.open(naive.port)
  wire.socket.pause()
  wire.write('x\n'.repeat(64))
  while (naive.held() < 32 * MIB) await new Promise(resolve => setImmediate(resolve))
  wire.destroy()
})

test('a flood ends where the server closes', async t => {
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end('enough\r\n'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const wire = await Wire.open((server.address() as { port: number }).port)
  assert.ok((await flood(wire, 1024 * MIB)) < 1024 * MIB)
  assert.equal(await wire.line(), 'enough')
  wire.destroy()
})
