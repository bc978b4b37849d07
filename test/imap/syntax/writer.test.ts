import assert from 'node:assert/strict'
import { PassThrough, Writable } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { ResponseWriter } from '../../../server/imap/syntax/writer.ts'

/** Takes one write at a time, when told to. */
const openSlow = () => {
  const writes: Buffer[] = []
  let next: (() => void) | null = null
  const destination = new Writable({
    highWaterMark: 16_384,
    write(chunk: Buffer, _, done) {
      writes.push(chunk)
      next = done
    },
  })
  return { destination, writes, take: () => next?.() }
}

test('what is written goes out in order, at once when flushed', () => {
  const destination = new PassThrough()
  const writer = new ResponseWriter(destination)
  writer.text('* 1 FETCH (BODY[] {3}\r\n')
  writer.octets(Buffer.from([0xff, 0, 0x80]))
  writer.text(' FLAGS (ü))\r\n')
  assert.equal(destination.readableLength, 0)
  writer.flush()
  assert.equal(
    destination.read().toString('latin1'),
    '* 1 FETCH (BODY[] {3}\r\n\xff\0\x80 FLAGS (\xc3\xbc))\r\n',
  )
  writer.flush()
  assert.equal(destination.read(), null)
})

test('much is gathered to few writes, and none is made by hand', async () => {
  const sizes: number[] = []
  const destination = new Writable({
    write(chunk: Buffer, _, done) {
      sizes.push(chunk.length)
      done()
    },
  })
  const writer = new ResponseWriter(destination)
  const line = `* 1 FETCH (FLAGS (\\Seen))\r\n`
  for (let at = 0; at < 10_000; at++) {
    writer.text(line)
    if (writer.isBlocked) await writer.ready()
  }
  writer.flush()
  const all = sizes.reduce((sum, size) => sum + size, 0)
  assert.equal(all, 10_000 * line.length)
  assert.ok(sizes.length <= Math.ceil(all / 32_768), `${sizes.length} writes`)
})

test('a client that does not read holds the writer up', async () => {
  const { destination, writes, take } = openSlow()
  const writer = new ResponseWriter(destination)
  assert.equal(writer.isBlocked, false)
  await writer.ready()
  writer.text('x'.repeat(40_000))
  assert.equal(writer.isBlocked, true)
  assert.equal(writer.waiting, 40_000)
  writer.text('y')
  assert.equal(writer.waiting, 40_001)
  let isReady = false
  const ready = writer.ready().then(() => {
    isReady = true
  })
  await new Promise(setImmediate)
  assert.equal(isReady, false)
  take()
  await ready
  assert.equal(writer.isBlocked, false)
  assert.equal(writes.length, 1)
  assert.equal(destination.listenerCount('drain') + destination.listenerCount('close'), 0)
})

test('a connection that ends holds nobody up, and takes nothing more', async () => {
  const { destination, writes } = openSlow()
  const writer = new ResponseWriter(destination)
  writer.text('x'.repeat(40_000))
  const ready = writer.ready()
  destination.destroy()
  await ready
  await writer.ready()
  writer.text('y'.repeat(40_000))
  writer.flush()
  assert.equal(writes.length, 1)
})

test('any pieces are the octets of their sum', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 50 }),
    fc.uint8Array({ maxLength: 50 }).map(octets => Buffer.from(octets)),
    fc.integer({ min: 0, max: 70_000 }).map(size => 'z'.repeat(size)),
    fc.integer({ min: 0, max: 70_000 }).map(size => Buffer.alloc(size, 'b')),
    fc.constant(null),
  )
  const property = fc.property(fc.array(piece, { maxLength: 10 }), pieces => {
    const written: Buffer[] = []
    const destination = new Writable({
      write(chunk: Buffer, _, done) {
        written.push(chunk)
        done()
      },
    })
    const writer = new ResponseWriter(destination)
    for (const piece of pieces) {
      if (piece === null) writer.flush()
      else if (typeof piece === 'string') writer.text(piece)
      else writer.octets(piece)
    }
    writer.flush()
    const expected = pieces.map(piece => (piece === null ? Buffer.alloc(0) : Buffer.from(piece)))
    assert.ok(Buffer.concat(written).equals(Buffer.concat(expected)))
  })
  fc.assert(property, { seed: 42, numRuns: 300 })
})
