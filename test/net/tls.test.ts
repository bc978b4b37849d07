import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect, type SecureContext, TLSSocket } from 'node:tls'
import { createLog } from '../../server/log.ts'
import { ephemeralCertificate, serverCertificate } from '../../server/net/authority.ts'
import { openSecureContext } from '../../server/net/tls.ts'

async function setUp(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'mailcatch-tls-'))
  t.after(() => rm(directory, { recursive: true }))
  const lines: string[] = []
  const log = createLog('normal', line => lines.push(line))
  return { directory, memory: false, names: [], log, lines, tlsCert: null, tlsKey: null }
}

/** The certificate that a client sees. */
async function shown(secureContext: SecureContext): Promise<string> {
  const server = createServer(socket => new TLSSocket(socket, { isServer: true, secureContext }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(client, 'secureConnect')
  const { serialNumber } = client.getPeerCertificate()
  client.destroy()
  server.close()
  return serialNumber
}

test('the certificate is made at the first call, and once', async t => {
  const options = await setUp(t)
  const secureContext = await openSecureContext(options)
  const [first, second] = await Promise.all([secureContext(), secureContext()])
  assert.equal(first, second)
  const again = await openSecureContext(options)
  assert.equal(await shown(await again()), await shown(first))
})

test('files of the user replace it, and are checked at once', async t => {
  const options = await setUp(t)
  const pem = join(options.directory, 'own.pem')
  await writeFile(pem, await ephemeralCertificate([]))
  const secureContext = await openSecureContext({ ...options, tlsCert: pem, tlsKey: pem })
  assert.notEqual(await shown(await secureContext()), '')

  const other = join(options.directory, 'other.pem')
  await writeFile(other, await ephemeralCertificate([]))
  for (const tlsKey of [other, join(options.directory, 'none.pem')]) {
    await assert.rejects(openSecureContext({ ...options, tlsCert: pem, tlsKey }), {
      message: new RegExp(`^cannot use the certificate ${pem} with the key ${tlsKey}: `),
    })
  }
})

test('files that cannot be used are said, and TLS works without them', async t => {
  const options = await setUp(t)
  await serverCertificate(options)
  await writeFile(join(options.directory, 'authority.pem'), 'torn')
  const secureContext = await openSecureContext(options)
  assert.notEqual(await shown(await secureContext()), '')
  assert.equal(options.lines.length, 1)
  assert.match(options.lines[0] ?? '', /^warning: cannot use the certificates in /)
})
