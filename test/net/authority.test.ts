import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect, createServer } from 'node:tls'
import { createLog } from '../../server/log.ts'
import {
  authorityCertificate,
  configDirectory,
  ephemeralCertificate,
  serverCertificate,
} from '../../server/net/authority.ts'

async function setUp(t: TestContext, names: readonly string[] = []) {
  const parent = await mkdtemp(join(tmpdir(), 'mailcatch-authority-'))
  t.after(() => rm(parent, { recursive: true }))
  const lines: string[] = []
  const log = createLog('normal', line => lines.push(line))
  return { directory: join(parent, 'config'), memory: false, names, log, lines }
}

/** Connects by TLS as a client that trusts this authority alone; resolves with the error of the handshake, if any. */
async function handshake(pem: string, ca: string, servername: string): Promise<string | null> {
  const server = createServer({ key: pem, cert: pem })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({
    port,
    host: '127.0.0.1',
    ca,
    ...(servername !== '127.0.0.1' && { servername }),
  })
  const outcome = await new Promise<string | null>(resolve => {
    client.once('secureConnect', () => resolve(null))
    client.once('error', error => resolve(error.message))
  })
  client.destroy()
  server.close()
  return outcome
}

test('makes an authority once, and a certificate that a client which trusts it takes', async t => {
  const options = await setUp(t, ['mailcatch', '10.0.0.5', 'bücher.example', 'not a host'])
  const pem = await serverCertificate(options)
  const ca = await readFile(await authorityCertificate(options), 'utf8')

  for (const name of ['localhost', '127.0.0.1', 'mailcatch', 'xn--bcher-kva.example']) {
    assert.equal(await handshake(pem, ca, name), null, name)
  }
  assert.match((await handshake(pem, ca, 'example.org')) ?? '', /does not match/)

  const leaf = new X509Certificate(pem)
  assert.equal(
    leaf.subjectAltName,
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:mailcatch, ' +
      'IP Address:10.0.0.5, DNS:xn--bcher-kva.example',
  )
  const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 86_400_000
  assert.equal(days, 397)
  assert.equal(leaf.ca, false)
  assert.equal(new X509Certificate(ca).ca, true)

  assert.equal(await serverCertificate(options), pem)
  assert.deepEqual(options.lines, [])
})

test('the files are for their owner alone, and nothing else is left there', async t => {
  const options = await setUp(t)
  await serverCertificate(options)
  const { directory } = options
  assert.deepEqual((await readdir(directory)).sort(), ['authority.pem', 'ca.pem', 'server.pem'])
  assert.equal((await stat(directory)).mode & 0o777, 0o700)
  for (const name of await readdir(directory)) {
    assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name)
  }
  assert.doesNotMatch(await readFile(join(directory, 'ca.pem'), 'utf8'), /PRIVATE KEY/)
})

test('two first starts agree on one authority', async t => {
  const options = await setUp(t)
  const pems = await Promise.all([1, 2, 3, 4].map(() => serverCertificate(options)))
  const authority = new X509Certificate(await readFile(join(options.directory, 'ca.pem')))
  for (const pem of [...pems, await serverCertificate(options)]) {
    assert.ok(new X509Certificate(pem).verify(authority.publicKey))
  }
})

test('a certificate whose names are others is made anew by the same authority', async t => {
  const options = await setUp(t, ['one.example', 'two.example'])
  const first = await serverCertificate(options)
  const ca = await readFile(join(options.directory, 'ca.pem'), 'utf8')
  const second = await serverCertificate({ ...options, names: ['two.example'] })
  assert.notEqual(second, first)
  assert.equal(await handshake(second, ca, 'two.example'), null)
  assert.match((await handshake(second, ca, 'one.example')) ?? '', /does not match/)
})

test('a name that the authority may not vouch for is left out, and that is said', async t => {
  const options = await setUp(t)
  await serverCertificate(options)
  const pem = await serverCertificate({ ...options, names: ['later.example'] })
  assert.doesNotMatch(new X509Certificate(pem).subjectAltName ?? '', /later/)
  assert.equal(options.lines.length, 1)
  assert.match(options.lines[0] ?? '', /--allow-host later\.example/)
})

test('no client takes a certificate for a name outside of the constraints', async t => {
  const options = await setUp(t)
  const ca = await readFile(await authorityCertificate(options), 'utf8')
  const { makeLeaf } = await import('../../server/net/certificate.ts')
  const authority = await readFile(join(options.directory, 'authority.pem'), 'utf8')
  const forged = await makeLeaf(authority, ['bank.example'])
  assert.equal(await handshake(forged, ca, 'bank.example'), 'permitted subtree violation')
})

test('in memory: uses the authority that is there, and writes nothing', async t => {
  const options = await setUp(t)
  const alone = await serverCertificate({ ...options, memory: true })
  await assert.rejects(readdir(options.directory), { code: 'ENOENT' })
  assert.ok(new X509Certificate(alone).checkHost('localhost'))

  const kept = await serverCertificate(options)
  assert.equal(await serverCertificate({ ...options, memory: true }), kept)
  const names = ['other.example']
  const ca = await readFile(join(options.directory, 'ca.pem'), 'utf8')
  const made = await serverCertificate({ ...options, memory: true, names })
  assert.equal(await handshake(made, ca, 'localhost'), null)
  assert.equal(await readFile(join(options.directory, 'server.pem'), 'utf8'), kept)
})

test('a damaged server certificate is made anew, a damaged authority is an error', async t => {
  const options = await setUp(t)
  await serverCertificate(options)
  await writeFile(join(options.directory, 'server.pem'), 'torn')
  const pem = await serverCertificate(options)
  assert.equal(await serverCertificate(options), pem)
  assert.equal(options.lines.length, 1)
  await writeFile(join(options.directory, 'server.pem'), pem.replace('PRIVATE KEY', 'NO KEY'))
  assert.notEqual(await serverCertificate(options), pem)
  await writeFile(join(options.directory, 'authority.pem'), 'torn')
  await assert.rejects(serverCertificate(options))
})

test('the ephemeral certificate is good for localhost', async () => {
  const pem = await ephemeralCertificate(['a.example'])
  const ca = pem.slice(pem.lastIndexOf('-----BEGIN CERTIFICATE-----'))
  assert.equal(await handshake(pem, ca, 'localhost'), null)
  assert.equal(await handshake(pem, ca, 'a.example'), null)
})

test('the authority lies in the place of the platform', () => {
  assert.equal(configDirectory({ XDG_CONFIG_HOME: '/x' }, 'linux'), '/x/mailcatch')
  assert.match(configDirectory({ XDG_CONFIG_HOME: 'relative' }, 'linux'), /\.config\/mailcatch$/)
  assert.match(configDirectory({}, 'linux'), /\.config\/mailcatch$/)
  assert.match(configDirectory({}, 'darwin'), /Library\/Application Support\/mailcatch$/)
  assert.match(configDirectory({ APPDATA: 'C:\\Users\\a' }, 'win32'), /^C:\\Users\\a.mailcatch$/)
})
