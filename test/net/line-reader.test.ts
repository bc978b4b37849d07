import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { LineReader, LineTooLong } from '../../server/net/line-reader.ts'

/** Both ends of a connection. */
async function connection(t: Pick<TestContext, 'after'>): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    noDelay: true,
  })
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

async function linesOf(reader: LineReader, limit = 255): Promise<string[]> {
  const lines: string[] = []
  for (let line = await reader.next(limit); line !== null; line = await reader.next(limit)) {
    lines.push(line.toString('latin1'))
  }
  return lines
}

test('lines are the same however they are cut', async () => {
  const pieces = fc.array(
    fc.array(fc.constantFrom('\r', '\n', '\r\n', 'a', 'b', '\xff', '\0'), { maxLength: 6 }),
    { maxLength: 8 },
  )
  await fc.assert(
    fc.asyncProperty(pieces, async parts => {
      const ends: (() => void)[] = []
      const [ours, client] = await connection({ after: end => ends.push(end as () => void) })
      try {
        const reader = new LineReader(ours)
        const reading = linesOf(reader)
        for (const part of parts) {
          if (part.length > 0) client.write(Buffer.from(part.join(''), 'latin1'))
          // Lets the piece out by itself.
          await new Promise(resolve => setImmediate(resolve))
        }
        client.end()
        const text = parts.flat().join('')
        const wanted = text.split('\n').slice(0, -1)
        assert.deepEqual(
          await reading,
          wanted.map(line => line.replace(/\r$/, '')),
        )
      } finally {
        for (const end of ends) end()
      }
    }),
    { numRuns: 100 },
  )
})

test('what came is read although the client has closed', async t => {
  const [ours, client] = await connection(t)
  client.end('one\r\ntwo\r\nthree')
  assert.deepEqual(await linesOf(new LineReader(ours)), ['one', 'two'])
})

test('a line may be as long as the limit, with its end', async t => {
  const [ours, client] = await connection(t)
  const reader = new LineReader(ours)
  client.write('12345678\r\n123456789\n')
  assert.equal((await reader.next(10))?.length, 8)
  assert.equal((await reader.next(10))?.length, 9)
  client.write('123456789\r\n')
  await assert.rejects(reader.next(10), LineTooLong)
})

test('a line that does not end is given up at the limit', async t => {
  const [ours, client] = await connection(t)
  const reader = new LineReader(ours)
  client.write('x'.repeat(1_000_000))
  await assert.rejects(reader.next(10), LineTooLong)
})

test('tells whether a line is there, and whether anything is', async t => {
  const [ours, client] = await connection(t)
  const reader = new LineReader(ours)
  assert.deepEqual([reader.hasLine, reader.isEmpty], [false, true])
  client.write('one\r\ntwo\r\nthr')
  assert.equal(String(await reader.next(255)), 'one')
  assert.deepEqual([reader.hasLine, reader.isEmpty], [true, false])
  assert.equal(String(await reader.next(255)), 'two')
  assert.deepEqual([reader.hasLine, reader.isEmpty], [false, false])
})

test('who sends more than is asked for is held up', async t => {
  const [ours, client] = await connection(t)
  const reader = new LineReader(ours)
  client.write('one\r\n')
  assert.equal(String(await reader.next(255)), 'one')
  let isTaken = false
  client.write('x\r\n'.repeat(5_000_000), () => {
    isTaken = true
  })
  await once(ours, 'readable')
  // What Node reads at a time comes on top.
  assert.ok(ours.readableLength <= ours.readableHighWaterMark + 64 * 1024)
  assert.equal(isTaken, false)
})

test('leaves the socket to who comes next', async t => {
  const [ours, client] = await connection(t)
  const reader = new LineReader(ours)
  client.write('one\r\n')
  assert.equal(String(await reader.next(255)), 'one')
  reader.release()
  client.write('two')
  const [chunk] = await once(ours, 'data')
  assert.equal(String(chunk), 'two')
})
