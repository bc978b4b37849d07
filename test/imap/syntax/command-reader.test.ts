import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { test } from 'node:test'
import { createSecureContext, TLSSocket } from 'node:tls'
import { createDeflateRaw, createInflateRaw } from 'node:zlib'
import fc from 'fast-check'
import { announcesMessage } from '../../../server/imap/commands/append.ts'
import { ImapError } from '../../../server/imap/errors.ts'
import {
  CommandReader,
  LIMITS_BEFORE_LOGIN,
  limitsAfterLogin,
  type ReadCommand,
  type ReaderLimits,
} from '../../../server/imap/syntax/command-reader.ts'
import { makeAuthority, makeLeaf } from '../../../server/net/certificate.ts'
import { Wire } from '../../helpers/wire.ts'

const AFTER_LOGIN = limitsAfterLogin(1_000)

const describe = ({ text, literals, refusal }: ReadCommand): string => {
  const octets = literals.map(literal => literal.octets?.toString('latin1') ?? '…')
  const shown = [JSON.stringify(text), ...octets.map(text => JSON.stringify(text))].join(' ')
  return refusal ? `${shown} ${refusal.response}` : shown
}

/** Everything that a connection brings, in order. Messages are taken. */
const readAll = async (
  segments: readonly (string | Buffer)[],
  limits: ReaderLimits = AFTER_LOGIN,
): Promise<string[]> => {
  const source = new PassThrough()
  const events: string[] = []
  const reader = new CommandReader(source, {
    limits,
    announcesMessage,
    onContinue: () => events.push('+'),
  })
  void (async () => {
    for (const segment of segments) {
      if (segment.length === 0) continue
      source.write(typeof segment === 'string' ? Buffer.from(segment, 'latin1') : segment)
      // Lets the reader see each segment by itself.
      await new Promise(setImmediate)
    }
    source.end()
  })()
  for (;;) {
    let command = await reader.readCommand()
    while (command?.message) {
      events.push(describe(command))
      const chunks: Buffer[] = []
      command = await reader.takeMessage(command, chunk => {
        chunks.push(Buffer.from(chunk))
      })
      events.push(`message ${JSON.stringify(Buffer.concat(chunks).toString('latin1'))}`)
    }
    if (!command) return [...events, 'end']
    events.push(describe(command))
    if (command.refusal?.condition === 'BYE') return events
  }
}

const assertReads = async (sent: string, expected: string[], limits?: ReaderLimits) => {
  assert.deepEqual(await readAll([sent], limits), [...expected, 'end'])
}

test('lines end with CRLF or LF, and are one command each', async () => {
  await assertReads('a1 NOOP\r\na2 noop\n\r\na3 X\rY\r\n', [
    '"a1 NOOP"',
    '"a2 noop"',
    '""',
    '"a3 X\\rY"',
  ])
  await assertReads('\x00\xff \r\n', ['"\\u0000ÿ "'])
  await assertReads('a1 NOOP', [])
})

test('literals of every kind belong to their command', async () => {
  // RFC 7888 §3 has the same login in both ways.
  await assertReads('A001 LOGIN {11}\r\nFRED FOOBAR {7}\r\nfat man\r\n', [
    '+',
    '+',
    '"A001 LOGIN {11} {7}" "FRED FOOBAR" "fat man"',
  ])
  await assertReads('A001 LOGIN {11+}\r\nFRED FOOBAR {7+}\r\nfat man\r\nA002 NOOP\r\n', [
    '"A001 LOGIN {11+} {7+}" "FRED FOOBAR" "fat man"',
    '"A002 NOOP"',
  ])
  await assertReads('a X ~{3+}\r\n\0\r\n {0+}\r\n\r\n', ['"a X ~{3+} {0+}" "\\u0000\\r\\n" ""'])
  // An announcement is an announcement at the end of what was sent as one line only.
  await assertReads('a X {1+}\r\ny\r\nb NOOP\r\n', ['"a X {1+}" "y"', '"b NOOP"'])
  await assertReads('a {1+}\r\ny{1+}\r\nz\r\n', ['"a {1+}{1+}" "y" "z"'])
})

test('what only looks like a literal is none', async () => {
  for (const line of ['a X {}', 'a X {-1}', 'a X {1-}', 'a X {1', 'a X {1} ', 'a X {+1}', 'a }']) {
    await assertReads(`${line}\r\n`, [JSON.stringify(line)])
  }
})

test('a literal that is too large is refused before it is asked for', async () => {
  const limits = { line: 100, literals: 10, message: 20 }
  await assertReads(
    'a X {11}\r\nb X {4+}\r\n1234 {7}\r\nc NOOP\r\n',
    [
      '"a X {11}" NO [TOOBIG] the literal is too large',
      '"b X {4+} {7}" "1234" NO [TOOBIG] the literal is too large',
      '"c NOOP"',
    ],
    limits,
  )
  for (const size of ['11', '1000000000', '99999999999999999999999999']) {
    assert.deepEqual(await readAll([`a X {${size}+}\r\nb NOOP\r\n`], limits), [
      `"a X {${size}+}" BYE [TOOBIG] the literal is too large`,
    ])
    assert.deepEqual(await readAll([`a X {${size}}\r\nb NOOP\r\n`], limits), [
      `"a X {${size}}" NO [TOOBIG] the literal is too large`,
      '"b NOOP"',
      'end',
    ])
  }
})

test('messages of APPEND have a limit of their own, and are handed on', async () => {
  const limits = { line: 100, literals: 10, message: 20 }
  await assertReads(
    'a APPEND {3+}\r\nbox (\\Seen) {20}\r\n12345678901234567890\r\nb append box {3+}\r\nabc ~{2+}\r\nde\r\n',
    [
      '"a APPEND {3+} (\\\\Seen) {20}" "box" "…"',
      '+',
      'message "12345678901234567890"',
      '"a APPEND {3+} (\\\\Seen) {20}" "box" "…"',
      '"b append box {3+}" "…"',
      'message "abc"',
      '"b append box {3+} ~{2+}" "…" "…"',
      'message "de"',
      '"b append box {3+} ~{2+}" "…" "…"',
    ],
    limits,
  )
  assert.deepEqual(await readAll(['a APPEND box {21}\r\nb NOOP\r\n'], limits), [
    '"a APPEND box {21}" NO [TOOBIG] the literal is too large',
    '"b NOOP"',
    'end',
  ])
  assert.deepEqual(await readAll(['a APPEND box {21+}\r\nb NOOP\r\n'], limits), [
    '"a APPEND box {21+}" BYE [TOOBIG] the literal is too large',
  ])
})

test('a line that is too long is refused, and passed over', async () => {
  const limits = { line: 20, literals: 10, message: 20 }
  const full = `b ${'x'.repeat(18)}`
  await assertReads(
    `a NOOP\r\n${full}\r\n${full}y\r\nc NOOP\r\n${full}\nd X ${'y'.repeat(300)} {5}\r\ne {2+}\r\n12 ${'z'.repeat(15)}\r\n`,
    [
      '"a NOOP"',
      JSON.stringify(full),
      `"${full}y" BAD the command line is too long`,
      '"c NOOP"',
      JSON.stringify(full),
      `"d X ${'y'.repeat(17)}" BAD the command line is too long`,
      `"e {2+} ${'z'.repeat(14)}" "12" BAD the command line is too long`,
    ],
    limits,
  )
  // What follows would be taken for commands.
  const open = await readAll([`a NOOP\r\nb ${'x'.repeat(50)}{5+}\r\nc NOOP\r\n`], limits)
  assert.match(open.at(-1) ?? '', /BYE \[TOOBIG]/)
})

test('a line without an end costs no memory, and ends the connection', async () => {
  let sent = 0
  const source = new Readable({
    read() {
      sent += 16_384
      this.push(Buffer.alloc(16_384, sent === 16_384 ? 'a NOOP\r\n' : 'x'))
    },
  })
  const reader = new CommandReader(source, {
    limits: AFTER_LOGIN,
    announcesMessage,
    onContinue: () => assert.fail('nothing is asked for'),
  })
  for (;;) {
    const command = await reader.readCommand()
    assert.ok(command && command.text.length <= AFTER_LOGIN.line + 1)
    if (command.refusal === null) continue
    assert.equal(command.refusal.condition, 'BYE')
    break
  }
  assert.ok(sent < 18 * AFTER_LOGIN.line, `${sent} octets were taken`)
})

test('what a browser was made to send ends the connection', async () => {
  for (const line of ['GET / HTTP/1.1', 'POST /a%20b HTTP/1.0', 'PRI * HTTP/2.0']) {
    assert.deepEqual(await readAll([`${line}\r\nHost: x\r\n\r\na LOGIN x y\r\n`]), [
      `"${line}" BYE this is an IMAP server`,
    ])
  }
  const long = await readAll(
    [`GET /${'x'.repeat(8_200)} HTTP/1.1\r\na LOGIN x y\r\n`],
    LIMITS_BEFORE_LOGIN,
  )
  assert.match(long.join(), /BYE this is an IMAP server$/)
  await assertReads('a NOOP\r\nb SEARCH BODY HTTP/1.1\r\n', [
    '"a NOOP"',
    '"b SEARCH BODY HTTP/1.1"',
  ])
})

const open = <Source extends Readable>(source: Source) => {
  let asked = 0
  const reader = new CommandReader(source, {
    limits: AFTER_LOGIN,
    announcesMessage,
    onContinue: () => {
      asked++
    },
  })
  return { source, reader, asked: () => asked }
}

test('a message that is refused is not asked for, or dropped with the rest of its command', async () => {
  const { source, reader, asked } = open(new PassThrough())
  const refusal = new ImapError('NO', 'no such mailbox', 'TRYCREATE')
  const refuse = async (sent: string) => {
    source.write(sent)
    const command = await reader.readCommand()
    assert.ok(command?.message)
    return reader.refuseMessage(command, refusal)
  }
  const assertRefused = async (sent: string) => {
    const refused = await refuse(sent)
    assert.deepEqual([refused?.refusal, refused?.message], [refusal, null], sent)
    source.write('z NOOP\r\n')
    assert.equal((await reader.readCommand())?.text, 'z NOOP', sent)
  }
  await assertRefused('a APPEND box {5}\r\n')
  await assertRefused('a APPEND box {5+}\r\nb NO\r\n')
  await assertRefused('a APPEND box {5+}\r\nb NO\r {7+}\r\nc NOOP\n\r\n')
  await assertRefused('a APPEND box {5+}\r\nb NO\r {7}\r\n')
  assert.equal(asked(), 0)

  const fatal = await refuse('a APPEND box {5+}\r\nb NO\r {9999999+}\r\n')
  assert.equal(fatal?.refusal?.response, 'BYE [TOOBIG] the literal is too large')
})

test('where the octets of a message cannot be kept, the rest of the command is dropped', async () => {
  const { source, reader } = open(new PassThrough())
  const full = new Error('the disk is full')
  const fail = async (sent: string) => {
    source.write(sent)
    const command = await reader.readCommand()
    assert.ok(command?.message)
    await assert.rejects(
      reader.takeMessage(command, async () => {
        throw full
      }),
      full,
    )
    source.write('z NOOP\r\n')
    assert.equal((await reader.readCommand())?.text, 'z NOOP', sent)
  }
  await fail('a APPEND box {5}\r\nb NO\r\r\n')
  await fail('a APPEND box {5+}\r\nb NO\r (\\Seen) {3+}\r\nx\r\n\r\n')
})

test('a message comes no faster than it is taken', async () => {
  const size = 10_000_000
  let sent = 0
  const source = new Readable({
    read() {
      if (sent === 0) this.push(`a APPEND box {${size}+}\r\n`)
      if (sent === size) this.push('\r\n')
      if (sent >= size) this.push(null)
      else this.push(Buffer.alloc(10_000, 'x'))
      sent += 10_000
    },
  })
  const reader = new CommandReader(source, {
    limits: limitsAfterLogin(size),
    announcesMessage,
    onContinue: () => assert.fail('nothing is asked for'),
  })
  const command = await reader.readCommand()
  assert.ok(command?.message)
  let taken = 0
  const rest = await reader.takeMessage(command, async chunk => {
    taken += chunk.length
    // Time enough for a source that does not wait.
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
    assert.ok(sent - taken < 100_000, `${sent - taken} octets wait in memory`)
  })
  assert.deepEqual([rest?.message, rest?.refusal, taken], [null, null, size])
  assert.equal(await reader.readCommand(), null)
})

test('lines are read as they are, literals or not', async () => {
  const { source, reader } = open(new PassThrough())
  source.write('a IDLE\r\n')
  assert.equal((await reader.readCommand())?.text, 'a IDLE')
  const line = reader.readLine()
  source.write('DO')
  source.write('NE\r\nx {5+}\r\n')
  assert.deepEqual(await line, { text: 'DONE', literals: [], message: null, refusal: null })
  assert.equal((await reader.readLine())?.text, 'x {5+}')
  source.write(`${'x'.repeat(AFTER_LOGIN.line + 1)}\r\n`)
  assert.equal((await reader.readLine())?.refusal?.condition, 'BAD')
  source.end()
  assert.equal(await reader.readLine(), null)
  assert.equal(await reader.readCommand(), null)
})

test('what came before TLS is seen, and the source can be left', async () => {
  const { source, reader } = open(new PassThrough())
  source.write('a STARTTLS\r\n')
  await reader.readCommand()
  assert.equal(reader.hasBuffered, false)
  source.write('b NOOP\r\n')
  assert.equal(reader.hasBuffered, true)
  await reader.readCommand()
  assert.equal(reader.hasBuffered, false)
  source.write('c STARTTLS\r\nd NOOP\r\n')
  await reader.readCommand()
  assert.equal(reader.hasBuffered, true)
  reader.detach()
  assert.equal(source.listenerCount('readable'), 0)
  assert.equal(source.listenerCount('close'), 0)
})

test('a socket is read, then its TLS, then what is compressed in it', async () => {
  const names = ['localhost']
  const leaf = await makeLeaf(await makeAuthority(names), names)
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const [wire, [socket]] = await Promise.all([
    Wire.open((server.address() as AddressInfo).port),
    once(server, 'connection') as Promise<[Socket]>,
  ])
  try {
    const plain = open(socket)
    wire.write('a STARTTLS\r\n')
    assert.equal((await plain.reader.readCommand())?.text, 'a STARTTLS')
    assert.equal(plain.reader.hasBuffered, false)
    plain.reader.detach()
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ key: leaf, cert: leaf }),
    })
    await wire.startTls()

    const inner = open(secured)
    wire.write('b NOOP\r\nc COMPRESS DEFLATE\r\n')
    assert.equal((await inner.reader.readCommand())?.text, 'b NOOP')
    assert.equal((await inner.reader.readCommand())?.text, 'c COMPRESS DEFLATE')
    inner.reader.detach()

    const packed = open(secured.pipe(createInflateRaw()))
    const client = createDeflateRaw()
    client.on('data', chunk => wire.write(chunk))
    client.write('d LOGIN {3+}\r\nann x\r\n')
    client.flush()
    assert.equal((await packed.reader.readCommand())?.literals[0]?.octets?.toString(), 'ann')
    client.close()
  } finally {
    wire.destroy()
    socket.destroy()
    server.close()
  }
})

test('a connection that ends, ends what is being read', async () => {
  const sent = 'a APPEND {3+}\r\nbox {5+}\r\nhello\r\n'
  for (let length = 0; length < sent.length; length++) {
    const { source, reader } = open(new PassThrough())
    source.write(sent.slice(0, length))
    const reading = (async () => {
      const command = await reader.readCommand()
      return command && reader.takeMessage(command, () => {})
    })()
    if (length % 2 === 0) source.end()
    else source.destroy(length % 4 === 1 ? new Error('reset') : undefined)
    source.on('error', () => {})
    assert.equal(await reading, null)
  }
})

test('however it is cut into segments, it is the same', async () => {
  const limits = { line: 60, literals: 30, message: 40 }
  const literal = fc
    .record({
      head: fc.constantFrom('a X ', 'a APPEND box ', 'a APPEND ', ' (\\Seen) ', ' ', 'a "'),
      octets: fc.string({ unit: 'binary-ascii', maxLength: 45 }),
      open: fc.constantFrom('{', '~{'),
      close: fc.constantFrom('}\r\n', '+}\r\n', '+}\n', '}\n'),
    })
    .map(({ head, octets, open, close }) => `${head}${open}${octets.length}${close}${octets}`)
  const piece = fc.oneof(
    literal,
    literal,
    fc.constantFrom('\r\n', '\r\n', '\n', '\r', '{', '}', '{5+}\r\n', '\0', ' HTTP/1.1\r\n'),
    fc.constantFrom('b NOOP\r\n', 'c LOGIN "x" y\r\n', 'd X {99}\r\n', 'e APPEND x {41+}\r\n'),
    fc.string({ unit: 'binary-ascii', maxLength: 20 }),
    fc.integer({ min: 1, max: 1_100 }).map(length => 'z'.repeat(length)),
  )
  const property = fc.asyncProperty(
    fc.array(piece, { maxLength: 12 }),
    fc.array(fc.nat(2_000), { maxLength: 12 }),
    async (pieces, cuts) => {
      const sent = pieces.join('')
      const places = [...new Set(cuts)].filter(at => at < sent.length).sort((a, b) => a - b)
      const segments = [0, ...places].map((at, index) => sent.slice(at, places[index]))
      const whole = await readAll([sent], limits)
      assert.deepEqual(await readAll(segments, limits), whole)
      if (sent.length < 200) assert.deepEqual(await readAll([...sent], limits), whole)
    },
  )
  await fc.assert(property, { seed: 42, numRuns: 500 })
})
