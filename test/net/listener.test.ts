import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { createLog } from '../../server/log.ts'
import { type ListenOptions, listen, PortInUseError } from '../../server/net/listener.ts'

const options: Omit<ListenOptions, 'onConnection'> = {
  frontEnd: 'TEST',
  port: 0,
  host: null,
  log: createLog('quiet'),
}

test('both loopback addresses have the same number', async () => {
  const sockets: Socket[] = []
  const listener = await listen({
    ...options,
    onConnection: socket => sockets.push(socket.end('hello')),
  })
  assert.deepEqual(listener.addresses, ['127.0.0.1', '::1'])
  for (const host of listener.addresses) {
    const client = connect({ port: listener.port, host })
    const [greeting] = await once(client, 'data')
    assert.equal(greeting.toString(), 'hello')
    client.end()
  }
  assert.equal(sockets.length, 2)
  await listener.close()
  assert.equal(listener.sockets.size, 0)
})

test('a host of its own replaces both', async () => {
  const listener = await listen({ ...options, host: '127.0.0.1', onConnection: () => {} })
  assert.deepEqual(listener.addresses, ['127.0.0.1'])
  await listener.close()
})

test('a port in use is said with its front-end, and nothing stays bound', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const other = createServer()
    other.listen({ port: 0, host })
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const failed = listen({ ...options, port, onConnection: () => {} })
    await assert.rejects(failed, (error: unknown) => {
      assert.ok(error instanceof PortInUseError)
      assert.equal(error.message, `TEST port ${port} on ${host} is in use`)
      return true
    })
    other.close()
    await once(other, 'close')
    const listener = await listen({ ...options, port, onConnection: () => {} })
    assert.equal(listener.port, port)
    await listener.close()
  }
})

test('an address that this machine does not have is an error when it was asked for', async () => {
  await assert.rejects(listen({ ...options, host: '192.0.2.1', onConnection: () => {} }), {
    code: 'EADDRNOTAVAIL',
  })
})

test('a reset that nobody listens for harms nobody', async () => {
  const accepted: Socket[] = []
  const listener = await listen({
    ...options,
    onConnection: socket => accepted.push(socket.resume()),
  })
  const client = connect({ port: listener.port, host: '127.0.0.1' })
  await once(client, 'connect')
  client.resetAndDestroy()
  await listener.close()
  assert.equal(accepted.length, 1)
})

test('an HTTP server that never listens is served', async () => {
  const http = createHttpServer((_request, response) => response.end('hello'))
  const listener = await listen({
    ...options,
    onConnection: socket => http.emit('connection', socket),
  })
  for (const host of ['127.0.0.1', '[::1]']) {
    const response = await fetch(`http://${host}:${listener.port}/`, {
      headers: { connection: 'close' },
    })
    assert.equal(await response.text(), 'hello')
  }
  await listener.close()
})

test('close accepts nothing more and waits for those that are there', async () => {
  const listener = await listen({ ...options, onConnection: socket => socket.write('hello') })
  const client = connect({ port: listener.port, host: '127.0.0.1' })
  await once(client, 'data')
  let isClosed = false
  const closed = listener.close().then(() => {
    isClosed = true
  })
  const late = connect({ port: listener.port, host: '127.0.0.1' })
  await once(late, 'error')
  assert.equal(isClosed, false)
  assert.equal(listener.sockets.size, 1)
  client.destroy()
  await closed
})
