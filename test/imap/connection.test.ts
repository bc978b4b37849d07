import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib'
import { ConnectionLimit } from '../../server/net/connection-limit.ts'
import { askImap, openImap, startImap } from '../helpers/imap.ts'
import { play } from '../helpers/transcript.ts'
import { Wire } from '../helpers/wire.ts'

test('STARTTLS goes on inside of TLS, with other capabilities (RFC 9051 §6.2.1)', async t => {
  const imap = await startImap(t)
  await play(
    imap.port,
    `S: * OK [CAPABILITY … STARTTLS …
     C: a STARTTLS
     S: a OK begin TLS negotiation now
     TLS
     C: b CAPABILITY
     S: * CAPABILITY IMAP4rev1 IMAP4rev2 IDLE LITERAL+ ENABLE ID SASL-IR AUTH=CRAM-MD5 …
     S: b OK …
     C: c STARTTLS
     S: c BAD TLS is in use already
     C: d LOGIN ann any
     S: d OK …
     C: e SELECT INBOX
     S: * FLAGS …`,
  )
})

test('octets behind STARTTLS end the connection (CVE-2011-0411)', async t => {
  const imap = await startImap(t)
  await play(
    imap.port,
    `S: * OK …
     C: a STARTTLS
     C: b LOGIN evil any
     S: * BYE octets came behind STARTTLS
     CLOSED`,
  )
})

test('no STARTTLS where it is switched off', async t => {
  const imap = await startImap(t, { startTls: false })
  await play(
    imap.port,
    `S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 IDLE LITERAL+ ENABLE ID SASL-IR AUTH=CRAM-MD5 …
     C: a STARTTLS
     S: a BAD TLS is not available here`,
  )
})

test('TLS from the first octet', async t => {
  const imap = await startImap(t, { implicitTls: true })
  const wire = await Wire.openTls(imap.port)
  assert.doesNotMatch((await wire.line()) ?? '', /STARTTLS/)
  assert.match((await askImap(wire, 'LOGIN ann any')).join(), /^OK/)
  wire.destroy()
})

test('a handshake that is none, or that never comes, harms nobody', async t => {
  const imap = await startImap(t, { implicitTls: true, loginTimeout: 600 })
  const garbage = await Wire.open(imap.port)
  garbage.write('a LOGIN ann any\r\n')
  await garbage.over()
  const silent = await Wire.open(imap.port)
  await silent.over()
  const gone = await Wire.open(imap.port)
  gone.reset()
  const good = await Wire.openTls(imap.port)
  assert.match((await good.line()) ?? '', /^\* OK/)
  good.destroy()
  assert.ok(imap.lines.every(line => !line.startsWith('error')))
})

test('a client of another protocol is refused within the handshake (RFC 7301 §3.2)', async t => {
  const imap = await startImap(t, { implicitTls: true })
  const options = { port: imap.port, host: '127.0.0.1', rejectUnauthorized: false }
  const http = connectTls({ ...options, ALPNProtocols: ['h2', 'http/1.1'] })
  await assert.rejects(once(http, 'secureConnect'), /no application protocol/i)
  const client = connectTls({ ...options, ALPNProtocols: ['imap'] })
  await once(client, 'secureConnect')
  assert.equal(client.alpnProtocol, 'imap')
  client.destroy()
})

test('COMPRESS packs both directions (RFC 4978 §3)', async t => {
  const imap = await startImap(t)
  await imap.deliver(...Array.from({ length: 200 }, (_, at) => `subject ${at}`))
  const socket = connect({ port: imap.port, host: '127.0.0.1' })
  const closed = once(socket, 'close')
  const plain = hear(socket)
  await plain.until(/^\* OK.*\r\n/)
  socket.write('a LOGIN ann any\r\n')
  await plain.until(/^a OK.*\r\n/m)
  socket.write('b COMPRESS DEFLATE\r\n')
  assert.equal(await plain.until(/\r\n/), 'b OK DEFLATE active\r\n')
  plain.end()
  const before = socket.bytesRead
  const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH })
  const inflate = createInflateRaw()
  deflate.pipe(socket)
  socket.pipe(inflate)
  const packed = hear(inflate)
  deflate.write('c EXAMINE INBOX\r\nd CAPABILITY\r\ne COMPRESS DEFLATE\r\n')
  const answer = await packed.until(/^e .*\r\n/m)
  assert.doesNotMatch(answer, /COMPRESS=DEFLATE/)
  assert.match(answer, /^e NO \[COMPRESSIONACTIVE\] /m)
  deflate.write('f FETCH 1:* (UID FLAGS)\r\n')
  const flags = await packed.until(/^f OK.*\r\n/m)
  assert.equal(flags.match(/FETCH \(UID/g)?.length, 200)
  assert.ok(socket.bytesRead - before < flags.length / 2, 'it is packed')
  deflate.write('g LOGOUT\r\n')
  assert.match(await packed.until(/^g OK.*\r\n/m), /^\* BYE/)
  await closed
})

/** Hears all that comes, also what comes while nobody asks. */
function hear(source: NodeJS.ReadableStream) {
  let text = ''
  let told = () => {}
  const take = (chunk: Buffer) => {
    text += chunk.toString()
    told()
  }
  source.on('data', take)
  return {
    /** What came since it was asked last, once it is as wanted. */
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(text)) {
        await new Promise<void>(resolve => {
          told = resolve
        })
      }
      const heard = text
      text = ''
      return heard
    },
    end: () => source.off('data', take),
  }
}

test('octets behind COMPRESS, and garbage in it, end the connection', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a COMPRESS DEFLATE
     C: b NOOP
     S: * BYE octets came behind COMPRESS
     CLOSED`)
  const wire = await openImap(imap.port)
  assert.deepEqual(await askImap(wire, 'COMPRESS DEFLATE'), ['OK DEFLATE active'])
  wire.write('this is not packed at all')
  await wire.over()
})

test('a client that reads nothing is dropped, and holds nobody up until then', async t => {
  const limit = new ConnectionLimit()
  const imap = await startImap(t, { patience: 200, limit })
  await imap.deliver(...Array.from({ length: 2_000 }, (_, at) => `subject ${at}`))
  const wire = await openImap(imap.port)
  await askImap(wire, 'EXAMINE INBOX')
  const other = await openImap(imap.port)
  wire.socket.pause()
  // 20 MB of answers, of which the system takes a few.
  const fetch = 'FETCH 1:* (UID FLAGS INTERNALDATE)\r\n'
  for (let count = 0; count < 100; count++) wire.write(`f${count} ${fetch}`)
  assert.match((await askImap(other, 'STATUS INBOX (MESSAGES)')).join(), /2000/)
  while (limit.open > 1) await new Promise(resolve => setImmediate(resolve))
  wire.destroy()
  assert.match((await askImap(other, 'NOOP')).join(), /^OK/)
  other.destroy()
})
