import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import fc from 'fast-check'
import { ConnectionLimit } from '../../server/net/connection-limit.ts'
import { messageLines } from '../../server/pop3/message-lines.ts'
import { diskFs } from '../../server/store/disk-fs.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import type { StoreFs } from '../../server/store/store-fs.ts'
import { Pop3Client, startPop3 } from '../helpers/pop3.ts'

test('every message comes octet for octet in whole canonical lines, and LIST counts it', async t => {
  const pop3 = await startPop3(t)
  const message = fc
    .array(
      fc.constantFrom(
        ...['.', '..', '.\r\n', '\r\n.\r\n', '\r\n', '\r', '\n', '\n.', '\0', '\xff', '\x80'],
        ...['a', 'Subject: x', ' ', '\r\n\r\n', 'x'.repeat(1_000)],
      ),
      { maxLength: 20 },
    )
    .map(pieces => pieces.join(''))
  const check = async (texts: readonly string[]) => {
    await pop3.store.remove(await pop3.store.match({}))
    for (const text of texts) await pop3.put(text)
    const client = await Pop3Client.login(pop3.port)
    const list = (await client.fetch('LIST')).split('\r\n').slice(0, -1)
    for (const [index, text] of texts.entries()) {
      const canonical = text.replace(/\r\n|\r|\n/g, '\r\n')
      const whole = /(^|\r\n)$/.test(canonical) ? canonical : `${canonical}\r\n`
      const got = await client.fetch(`RETR ${index + 1}`)
      assert.equal(got, whole)
      assert.equal(list[index], `${index + 1} ${whole.length}`)
      assert.equal(await client.ask(`LIST ${index + 1}`), `+OK ${list[index]}`)
      const lines = whole.split(/(?<=\r\n)/)
      const empty = lines.indexOf('\r\n')
      for (const count of [0, 1, 3]) {
        const top = empty < 0 ? whole : lines.slice(0, empty + 1 + count).join('')
        assert.equal(await client.fetch(`TOP ${index + 1} ${count}`), top)
      }
    }
    const octets = list.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
    assert.equal(await client.ask('STAT'), `+OK ${texts.length} ${octets}`)
    assert.match(await client.ask('QUIT'), /^\+OK/)
  }
  await check(['', '.', '.\r\n', 'a', '\r', '\n', '\r\n', '\r\n.\r\n'])
  await fc.assert(fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 20 }), check), {
    numRuns: 60,
  })
})

/** What was sent of a large message can be told by its digest. */
const digest = (text: string) => createHash('sha256').update(text, 'latin1').digest('hex')

test('a large message with lone line ends, from the disk', async t => {
  const pop3 = await startPop3(t, { isOnDisk: true })
  const text = `Subject: x\n\n${'.line\n\r\n.\n..\r'.repeat(100_000)}end`
  await pop3.put(text)
  const canonical = `${text.replace(/\r\n|\r|\n/g, '\r\n')}\r\n`
  const client = await Pop3Client.login(pop3.port)
  assert.equal(await client.ask('STAT'), `+OK 1 ${canonical.length}`)
  assert.equal(digest(await client.fetch('RETR 1')), digest(canonical))
  assert.equal(
    await client.fetch('TOP 1 2'),
    canonical.split('\r\n').slice(0, 4).join('\r\n').concat('\r\n'),
  )
  client.destroy()
})

const MiB = 1024 ** 2

/** Counts what is read in streams, from this moment on. */
function countingFs(): { readonly fs: StoreFs; read(): number } {
  let read = 0
  const stream: StoreFs['stream'] = (path, start, end) => {
    const source = diskFs.stream(path, start, end)
    const push = source.push.bind(source)
    source.push = (chunk, ...more) => {
      read += chunk?.length ?? 0
      return push(chunk, ...more)
    }
    return source
  }
  return { fs: { ...diskFs, stream }, read: () => read }
}

for (const isSecure of [false, true]) {
  const title = isSecure ? 'within TLS' : 'in the clear'
  test(`of 50 MB next to nothing is in memory while the client does not read, ${title}`, async t => {
    const { fs, read } = countingFs()
    const limit = new ConnectionLimit()
    const brokenOff = new Promise<void>(resolve => {
      const admit = limit.admit.bind(limit)
      limit.admit = socket => {
        socket.once('close', () => resolve())
        return admit(socket)
      }
    })
    const pop3 = await startPop3(t, {
      isOnDisk: true,
      fs,
      limit,
      implicitTls: isSecure,
      patience: { write: 400 },
    })
    const line = `${'x'.repeat(1022)}\r\n`
    await pop3.put(Buffer.from(`Subject: large\r\n\r\n${line.repeat(50 * 1024)}`))
    // Its parser reads it too.
    await pop3.store.content(1)
    const before = read()
    const socket = isSecure
      ? connectTls({ port: pop3.port, host: '127.0.0.1', rejectUnauthorized: false })
      : (await Pop3Client.open(pop3.port)).socket
    socket.on('error', () => {})
    socket.pause()
    socket.write('USER any\r\nPASS any\r\nRETR 1\r\n')
    let highest = 0
    const { arrayBuffers: idle } = process.memoryUsage()
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().arrayBuffers - idle)
    }, 10)
    await brokenOff
    clearInterval(watch)
    socket.destroy()
    const taken = read() - before
    assert.ok(taken > 64 * 1024, `${taken} octets were read`)
    // The most of it is in the buffers of the system.
    assert.ok(taken < 16 * MiB, `${taken} octets were read`)
    // With what waits for the garbage collection.
    assert.ok(highest < 16 * MiB, `${highest} octets in memory`)
  })
}

test('a message that was removed meanwhile is said to be gone; those that are there go on', async t => {
  const pop3 = await startPop3(t, { isOnDisk: true })
  await pop3.put('Subject: one\r\n\r\n')
  await pop3.put(`Subject: two\r\n\r\n${'x'.repeat(200_000)}`)
  await pop3.put('Subject: three\n\n')
  await pop3.put('Subject: four\r\n\r\n')
  const client = await Pop3Client.login(pop3.port)
  await pop3.store.remove([1, 2, 3])
  // Their files go in the background.
  const file = (id: number) => join(pop3.directory ?? '', 'raw', '000000', `${id}.eml`)
  assert.ok(existsSync(file(4)))
  while ([1, 2, 3].some(id => existsSync(file(id)))) await setImmediate()
  const gone = '-ERR [SYS/TEMP] the message was removed meanwhile'
  for (const number of [1, 2, 3]) {
    const answers = [await client.ask(`RETR ${number}`), await client.ask(`TOP ${number} 1`)]
    assert.deepEqual(answers, [gone, gone], `${number}`)
    assert.match(await client.ask(`LIST ${number}`), /^\+OK/)
  }
  assert.equal(await client.fetch('RETR 4'), 'Subject: four\r\n\r\n')
  assert.match(await client.ask('QUIT'), /^\+OK/)
  const again = await Pop3Client.login(pop3.port)
  assert.equal(await again.ask('STAT'), '+OK 1 17')
  again.destroy()
})

test('a message whose file breaks off is not taken for whole', async t => {
  const memory = memoryFs()
  let lost = 0
  const pop3 = await startPop3(t, {
    fs: {
      ...memory,
      readRange: (path, start, end) => memory.readRange(path, start, end - lost),
      stream: (path, start, end) => memory.stream(path, start, end - lost),
    },
  })
  await pop3.put('Subject: one\r\n\r\nbody\r\n')
  await pop3.put(`Subject: two\r\n\r\n${'x'.repeat(200_000)}`)
  lost = 3
  const small = await Pop3Client.login(pop3.port)
  assert.doesNotMatch(await allOf(small, 'RETR 1\r\n'), /\r\n\.\r\n/)
  const large = await Pop3Client.login(pop3.port)
  assert.doesNotMatch(await allOf(large, 'RETR 2\r\n'), /\r\n\.\r\n/)
  assert.equal(pop3.lines.filter(line => /has \d+ octets, not \d+/.test(line)).length, 2)
})

async function allOf(client: Pop3Client, command: string): Promise<string> {
  client.write(command)
  return client.all()
}

test('nothing stays open where nobody takes the lines to their end', async t => {
  const closed: Promise<unknown>[] = []
  const pop3 = await startPop3(t, {
    isOnDisk: true,
    fs: {
      ...diskFs,
      stream: (path, start, end) => {
        const source = diskFs.stream(path, start, end)
        closed.push(new Promise(resolve => source.once('close', resolve)))
        return source
      },
    },
  })
  await pop3.put(`Subject: x\r\n\r\n${'line\r\n'.repeat(100_000)}`)
  const message = pop3.store.entry(1)?.message
  assert.ok(message)
  let text = ''
  for await (const piece of messageLines(pop3.store, message, 1)) text += piece
  assert.equal(text, 'Subject: x\r\n\r\nline\r\n')
  for await (const piece of messageLines(pop3.store, message)) {
    assert.ok(piece.length > 0)
    break
  }
  assert.ok(closed.length >= 2)
  await Promise.all(closed)
})
