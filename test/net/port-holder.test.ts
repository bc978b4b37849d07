import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createNetServer } from 'node:net'
import { test } from 'node:test'
import { startMailcatch } from '../../server/index.ts'
import { findMailcatch } from '../../server/net/port-holder.ts'

/** What is found where this answers, when port 25 is asked for. */
async function findAt(listener: RequestListener): Promise<string | null> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const found = await findMailcatch(25, (server.address() as AddressInfo).port, '/')
  server.close()
  server.closeAllConnections()
  return found
}

test('finds a mailcatch by any of its ports, and by no other', async () => {
  await using mail = await startMailcatch({ basePath: '/mail/' })
  const { smtp, http } = mail.ports
  assert.ok(smtp && http)
  assert.equal(await findMailcatch(smtp, http, '/mail/'), mail.url)
  assert.equal(await findMailcatch(http, http, '/mail/'), mail.url)
  assert.equal(await findMailcatch(1, http, '/mail/'), null)
  assert.equal(await findMailcatch(smtp, smtp, '/mail/'), null)
})

test('knows a mailcatch that asks for a login', async () => {
  await using mail = await startMailcatch({ auth: { user: 'ann', password: 'secret' } })
  const { smtp, http } = mail.ports
  assert.ok(smtp && http)
  assert.equal(await findMailcatch(http, http, '/'), mail.url)
  // It does not say which other ports it has.
  assert.equal(await findMailcatch(smtp, http, '/'), null)
})

test('takes no stranger for one', async () => {
  const json = (value: unknown) => findAt((_, response) => response.end(JSON.stringify(value)))
  assert.equal(await findAt((_, response) => response.end('hello')), null)
  assert.equal(await json(null), null)
  assert.equal(await json({ ports: null }), null)
  assert.equal(await json({ ports: { smtp: '25' } }), null)
  const moved: RequestListener = (_, response) =>
    response.writeHead(302, { location: 'http://192.0.2.1/' }).end('{"ports":{"smtp":25}}')
  assert.equal(await findAt(moved), null)
  const endless: RequestListener = (_, response) => {
    const write = () => {
      while (response.write('x'.repeat(10_000)));
      response.once('drain', write)
    }
    write()
  }
  assert.equal(await findAt(endless), null)
})

test('waits for no one', async () => {
  assert.equal(await findAt(() => {}), null)
  const silent = createNetServer(socket => socket.resume()).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  assert.equal(await findMailcatch(25, port, '/'), null)
  silent.close()
  await once(silent, 'close')
  assert.equal(await findMailcatch(25, port, '/'), null)
})
