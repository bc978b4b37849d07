import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isMbox, readMbox, writeMboxMessage } from '../../server/mime/mbox.ts'

async function* inPieces(octets: Buffer, size: number) {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size)
}

async function read(octets: Buffer | string, size = 65_536): Promise<Buffer[]> {
  const messages: Buffer[] = []
  let pieces: Buffer[] | null = null
  const source = typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets
  for await (const token of readMbox(inPieces(source, size))) {
    if (token === 'begin') {
      assert.equal(pieces, null, 'a message begins inside of another')
      pieces = []
    } else if (token === 'end') {
      messages.push(Buffer.concat(pieces ?? assert.fail('a message ends that did not begin')))
      pieces = null
    } else (pieces ?? assert.fail('octets outside of a message')).push(token)
  }
  assert.equal(pieces, null, 'the last message does not end')
  return messages
}

async function write(messages: readonly Buffer[], size = 65_536): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (const message of messages) {
    const head = { from: 'ann@example.com', receivedAt: 0, size: message.length }
    for await (const piece of writeMboxMessage(head, inPieces(message, size))) pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

const texts = async (mbox: string, size?: number) =>
  (await read(mbox, size)).map(message => message.toString('latin1'))

test('a message after its From_ line, an empty line, the next', async () => {
  const mbox = 'From a@b Sat Jan  3 01:05:34 1996\nA: 1\n\none\n\nFrom - \nB: 2\n\ntwo\n'
  assert.deepEqual(await texts(mbox), ['A: 1\n\none\n', 'B: 2\n\ntwo\n'])
  assert.deepEqual(await texts(mbox, 1), ['A: 1\n\none\n', 'B: 2\n\ntwo\n'])
})

test("the last empty line is the mbox's, any other the message's", async () => {
  assert.deepEqual(await texts('From a\nx\n\n\n\nFrom b\ny\n\n'), ['x\n\n\n', 'y\n'])
  assert.deepEqual(await texts('From a\r\nx\r\n\r\nFrom b\r\ny\r\n'), ['x\r\n', 'y\r\n'])
  assert.deepEqual(await texts('From a\nx\nFrom b\ny'), ['x\n', 'y'])
  assert.deepEqual(await texts('From a\n\nFrom b\r\n\r\nFrom c\nFrom d\n'), ['', '', '', ''])
})

test('each run of quotes loses one; what is no From_ line keeps them', async () => {
  const body = '>From a\n>>From b\n> From c\n>from d\nx >From e\n>From: f\n'
  assert.deepEqual(await texts(`From a\n${body}`), [
    'From a\n>From b\n> From c\n>from d\nx >From e\n>From: f\n',
  ])
})

test('a Content-Length is not believed', async () => {
  assert.deepEqual(await texts('From a\nContent-Length: 9\n\nx\n\nFrom b\ny\n'), [
    'Content-Length: 9\n\nx\n',
    'y\n',
  ])
})

test('a From_ line without an end is no message, a very long one is one', async () => {
  assert.deepEqual(await texts('From a\nx\n\nFrom b'), ['x\n'])
  assert.deepEqual(await texts(`From ${'x'.repeat(100_000)}\ny\n`, 999), ['y\n'])
  assert.deepEqual(await texts('before\nFrom a\nx\n'), ['x\n'])
  assert.deepEqual(await texts(''), [])
})

test('what is written: a From_ line as mbox(5) has it, quotes, an empty line', async () => {
  const head = { from: 'ann@example.com', receivedAt: Date.UTC(1996, 0, 3, 1, 5, 34), size: 9 }
  const written = async (from: string, message: string) => {
    const pieces: Buffer[] = []
    const octets = inPieces(Buffer.from(message), 4)
    for await (const piece of writeMboxMessage({ ...head, from }, octets)) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  }
  assert.equal(
    await written('ann@example.com', 'From x\r\n\n'),
    'From ann@example.com Wed Jan  3 01:05:34 1996 octets=9\n>From x\r\n\n\n',
  )
  assert.equal(
    await written('', '>>From x!'),
    'From MAILER-DAEMON Wed Jan  3 01:05:34 1996 octets=9\n>>>From x!\n\n',
  )
  assert.match(await written('a b@c\nFrom d', 'x'), /^From MAILER-DAEMON Wed/)
})

test('an mbox of ours that another program has changed is read as any other', async () => {
  const mbox = (await write([Buffer.from('A: 1\n\nx'), Buffer.from('B: 2\n\ny\n')])).toString()
  const marked = mbox.replace('A: 1\n', 'A: 1\nStatus: RO\n').replace('y\n', '')
  assert.deepEqual(await texts(marked), ['A: 1\nStatus: RO\n\nx\n', 'B: 2\n\n'])
  assert.deepEqual(await texts(mbox.trimEnd()), ['A: 1\n\nx', 'B: 2\n\ny'])
})

test('whatever is written is read again, octet for octet', async () => {
  const fragment = fc.constantFrom(
    ...['From ', '>', '>>>From ', '\n', '\r\n', '\r', '\0', '\xff', 'x', 'From', ' octets=3\n', ''],
  )
  const message = fc
    .array(fragment, { maxLength: 12 })
    .map(parts => Buffer.from(parts.join(''), 'latin1'))
  const mbox = fc.record({
    messages: fc.array(message, { maxLength: 5 }),
    pieces: fc.integer({ min: 1, max: 20 }),
  })
  await fc.assert(
    fc.asyncProperty(mbox, async ({ messages, pieces }) => {
      const written = await write(messages, pieces)
      assert.deepEqual(await read(written, pieces), messages)
      assert.equal(messages.length === 0 || isMbox(written), true)
    }),
    { numRuns: 2_000 },
  )
})

test('an mbox is told by its first five octets', () => {
  assert.equal(isMbox(Buffer.from('From - Tue')), true)
  for (const head of ['From: a', 'from x', '>From ', 'From', '']) {
    assert.equal(isMbox(Buffer.from(head)), false, head)
  }
})
