import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { createLog } from '../../server/log.ts'
import { secureSocket } from '../../server/net/secure-socket.ts'
import { openSecureContext } from '../../server/net/tls.ts'

const secureContext = await openSecureContext({
  directory: '/nowhere',
  memory: true,
  names: [],
  tlsCert: null,
  tlsKey: null,
  log: createLog('quiet'),
})

/** A client, and what became of TLS on our side. */
async function connection(t: TestContext, source = secureContext) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  const [ours] = (await once(server, 'connection')) as [Socket]
  ours.on('error', () => {})
  t.after(() => {
    client.destroy()
    ours.destroy()
    server.close()
  })
  const secured = secureSocket(ours, source, 'pop3')
  secured.catch(() => {})
  return { client, ours, secured }
}

test('goes on within TLS, with whatever the client calls us where that is right', async t => {
  for (const protocols of [[], ['pop3'], ['x', 'pop3']]) {
    const { client, secured } = await connection(t)
    const theirs = connectTls({
      socket: client,
      rejectUnauthorized: false,
      ALPNProtocols: protocols,
    })
    const ours = await secured
    ours.write('hello')
    assert.equal(String((await once(theirs, 'data'))[0]), 'hello')
    theirs.write('and you')
    assert.equal(String((await once(ours, 'data'))[0]), 'and you')
    theirs.destroy()
  }
})

test('a client of another protocol is refused in the handshake', async t => {
  const { client, secured, ours } = await connection(t)
  const theirs = connectTls({
    socket: client,
    rejectUnauthorized: false,
    ALPNProtocols: ['h2', 'http/1.1'],
  })
  const [error] = await once(theirs, 'error')
  assert.match(error.message, /no application protocol/)
  await assert.rejects(secured)
  assert.ok(ours.destroyed)
})

test('garbage, a client that leaves, and a client that breaks off: rejected', async t => {
  const ends: ((client: Socket) => void)[] = [
    client => client.write('USER ann\r\nPASS secret\r\n'),
    client => client.end(),
    client => client.resetAndDestroy(),
    client => client.end(Buffer.from('16030102000100', 'hex')),
  ]
  for (const end of ends) {
    const { client, secured, ours } = await connection(t)
    end(client)
    await assert.rejects(secured)
    assert.ok(ours.destroyed)
  }
})

test('without a certificate there is no TLS', async t => {
  const { secured } = await connection(t, async () => {
    throw new Error('no certificate')
  })
  await assert.rejects(secured, /no certificate/)
})
