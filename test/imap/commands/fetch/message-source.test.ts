import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageSource } from '../../../../server/imap/commands/fetch/message-source.ts'
import { ImapError } from '../../../../server/imap/errors.ts'
import { readStructure } from '../../../../server/mime/structure.ts'
import { deliver, openStore } from '../../../helpers/fetched.ts'

const LARGE = 300_000

test('the body starts after the empty line, wherever that is', async t => {
  const store = await openStore(t)
  const sizes = [0, 1, 8_188, 8_189, 8_190, 8_191, 8_192, 65_534, 65_536, 524_286, 4_194_300]
  for (const size of [...sizes, 4_194_303, 4_200_000, 4_500_000]) {
    const line = size === 0 ? '' : `${'x'.repeat(size)}\r\n`
    for (const body of ['', 'body\r\n\r\n', 'b'.repeat(LARGE)]) {
      const { message } = await deliver(store, `${line}\r\n${body}`)
      const source = new MessageSource(store, message)
      assert.equal(await source.bodyStart(), line.length + 2, `${size}`)
      source.close()
    }
    const { message } = await deliver(store, line)
    const source = new MessageSource(store, message)
    assert.equal(await source.bodyStart(), line.length, `${size}, no empty line`)
    source.close()
  }
})

test('the structure of a large message is that of its octets', async t => {
  const store = await openStore(t)
  const part = `--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n${'line\r\n'.repeat(30_000)}`
  const raw = Buffer.from(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(5)}--b--\r\nepilogue`,
  )
  const { message } = await deliver(store, raw)
  const source = new MessageSource(store, message)
  assert.deepEqual(await source.structure(), readStructure(raw))
  source.close()
})

test('ranges come whole, in one piece or in several', async t => {
  const store = await openStore(t)
  const raw = Buffer.alloc(1_000_000, 'Subject: x\r\n\r\n0123456789\r\n')
  const { message } = await deliver(store, raw)
  assert.equal(message.bareEnds, 0)
  const source = new MessageSource(store, message)
  const ranges = [
    [0, 1_000_000],
    [0, 0],
    [5, 9_000],
    [1, 262_145],
    [262_144, 524_288],
    [999_999, 1_000_000],
  ] as const
  for (const [start, end] of ranges) {
    const pieces: Buffer[] = []
    for await (const piece of source.pieces({ start, end })) pieces.push(piece)
    assert.ok(Buffer.concat(pieces).equals(raw.subarray(start, end)))
    assert.ok((await source.octets({ start, end })).equals(raw.subarray(start, end)))
    assert.ok(pieces.every(piece => piece.length <= 262_144))
  }
  source.close()
})

test('a message that is gone is EXPUNGEISSUED, one that is being read is not gone', async t => {
  const store = await openStore(t)
  const { message, number } = await deliver(store, `A: b\r\n\r\n${'x'.repeat(LARGE)}`)
  const source = new MessageSource(store, message)
  await source.bodyStart()
  await store.remove([number])
  for (;;) {
    const other = new MessageSource(store, message)
    const error = await other.bodyStart().then(
      () => null,
      (error: unknown) => error,
    )
    other.close()
    if (error !== null) {
      assert.ok(error instanceof ImapError)
      assert.equal(error.response, 'NO [EXPUNGEISSUED] some of the messages are gone')
      break
    }
    await new Promise(setImmediate)
  }
  assert.equal((await source.octets({ start: 8, end: 8 + LARGE })).length, LARGE)
  source.close()
})
