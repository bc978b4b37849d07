import assert from 'node:assert/strict'
import { readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, readdir, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { fetchResponse, prepareFetch } from '../../../../server/imap/commands/fetch/response.ts'
import { ImapError } from '../../../../server/imap/errors.ts'
import {
  deliver,
  fetched,
  fetchOctets,
  fetchSection,
  itemsOf,
  openStore,
  plain,
} from '../../../helpers/fetched.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const HEADER = [
  'Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)',
  'From: Terry Gray <gray@cac.washington.edu>',
  'Subject: IMAP4rev2 WG mtg summary and minutes',
  'To: imap@cac.washington.edu',
  'cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>',
  'Message-Id: <B27397-0100000@cac.washington.edu>',
  'MIME-Version: 1.0',
  'Content-Type: TEXT/PLAIN; CHARSET=US-ASCII',
  '',
  '',
].join('\r\n')
const TEXT = 'Lorem ipsum\r\n'.repeat(92)

test('the examples of RFC 9051 §8', async t => {
  const store = await openStore(t)
  const entry = await deliver(store, `${HEADER}${TEXT}`)
  const gray = '(("Terry Gray" NIL "gray" "cac.washington.edu"))'
  assert.match(
    (await fetchOctets(store, entry, 'FULL', { sequenceNumber: 12 })).toString(),
    /^\* 12 FETCH \(FLAGS \(\) INTERNALDATE "[^"]{26}" RFC822\.SIZE 1538 ENVELOPE \(.+\) BODY \("text" "plain" \("charset" "US-ASCII"\) NIL NIL "7bit" 1196 92\)\)\r\n$/,
  )
  const items = await fetched(store, entry, 'FULL')
  assert.deepEqual([...items.keys()], ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'])
  const all = (await fetchOctets(store, entry, 'ALL')).toString()
  assert.ok(all.includes(`minutes" ${gray} ${gray} ${gray} ((NIL NIL "imap"`))
  assert.equal(
    (await fetchOctets(store, entry, 'body.peek[header]', { sequenceNumber: 12 })).toString(),
    `* 12 FETCH (BODY[HEADER] {342}\r\n${HEADER})\r\n`,
  )
})

test('each item once, and content after what is short', async t => {
  const store = await openStore(t)
  const entry = await deliver(store, 'A: b\r\n\r\nbody')
  const items = '(BODY.PEEK[TEXT] UID BODY.PEEK[TEXT] FLAGS RFC822.HEADER UID BODY.PEEK[TEXT]<1.2>)'
  assert.equal(
    (await fetchOctets(store, entry, items)).toString(),
    `* 1 FETCH (UID ${entry.number} FLAGS () BODY[TEXT] {4}\r\nbody RFC822.HEADER {8}\r\nA: b\r\n\r\n BODY[TEXT]<1> {2}\r\nod)\r\n`,
  )
  assert.equal(
    (await fetchOctets(store, entry, 'BODY[HEADER.FIELDS ("a b" {3}\r\nx"y A)]<0.4>')).toString(),
    '* 1 FETCH (BODY[HEADER.FIELDS ("a b" "x\\"y" A)]<0> {4}\r\nA: b)\r\n',
  )
})

test('what is known is immediate, and so is what has been asked for before', async t => {
  const store = await openStore(t)
  const entry = await deliver(store, `${HEADER}${TEXT}`)
  const target = { entry, sequenceNumber: 1 }
  const prepared = (items: string, isUtf8 = false) =>
    prepareFetch({ store, items: itemsOf(items), isUtf8 })
  for (const items of ['FAST', '(UID MODSEQ EMAILID THREADID SAVEDATE PREVIEW (LAZY))']) {
    const line = prepared(items).immediate(target)
    assert.equal(line, (await fetchOctets(store, entry, items)).toString())
  }
  for (const item of ['ENVELOPE', 'BODY', 'BODYSTRUCTURE']) {
    assert.equal(prepared(item).immediate(target), null)
    const read = (await fetchOctets(store, entry, item)).toString()
    assert.equal(prepared(item).immediate(target), read)
    assert.equal(prepared(item, true).immediate(target), null)
    assert.equal((await fetchOctets(store, entry, item, { isUtf8: true })).toString(), read)
  }
  for (const item of ['BODY.PEEK[]', 'RFC822', 'BINARY.PEEK[1]', 'BINARY.SIZE[1]']) {
    assert.equal(prepared(`(UID ${item})`).immediate(target), null)
  }
})

test('NUL, which no literal may hold, is another octet', async t => {
  const store = await openStore(t)
  const body = Buffer.from(`a\0${'b\0'.repeat(100_000)}`)
  const entry = await deliver(store, Buffer.concat([Buffer.from('A: b\r\n\r\n'), body]))
  const octets = await fetchSection(store, entry, 'BODY[TEXT]')
  assert.ok(octets.equals(body.map(octet => octet || 0x80)))
  assert.ok((await fetchSection(store, entry, 'BINARY[1]')).equals(body))
})

test('pieces of any size are the whole', async t => {
  const store = await openStore(t)
  const body = Array.from({ length: 30_000 }, (_, line) => `line ${line}\r\n`).join('')
  const raw = `Subject: x\r\nX: y\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${body}--b--\r\n`
  const entry = await deliver(store, raw)
  const sections = ['', 'TEXT', '1', 'HEADER', '1.MIME', 'HEADER.FIELDS.NOT (x)', '2']
  const wholes = new Map<string, Buffer>()
  for (const section of sections) {
    wholes.set(section, await fetchSection(store, entry, `BODY[${section}]`))
  }
  const size = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 300_000 }))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...sections),
      size,
      fc.nat(400_000),
      async (section, size, from) => {
        const whole = wholes.get(section) as Buffer
        const start = from % (whole.length + 2)
        const piece = await fetchSection(store, entry, `BODY.PEEK[${section}]<${start}.${size}>`)
        assert.ok(piece.equals(whole.subarray(start, start + size)))
      },
    ),
    { numRuns: 100 },
  )
  const step = 65_536
  const pieces: Buffer[] = []
  for (let at = 0; at < raw.length; at += step) {
    pieces.push(await fetchSection(store, entry, `BODY[]<${at}.${step}>`))
  }
  assert.equal(Buffer.concat(pieces).toString(), raw)
})

test('whatever a message is made of, the response is one, and its parts are its parts', async t => {
  const store = await openStore(t)
  const piece = fc.constantFrom(
    ...['Content-Type: multipart/mixed; boundary=a\r\n', 'Content-Type: message/rfc822\r\n'],
    ...[
      'Content-Type: multipart/digest;\r\n boundary="b"\r\n',
      'Content-Transfer-Encoding: base64\n',
    ],
    ...[
      'Subject: "x\r\n',
      'From: (\\ <a@b>, {5}\r\n',
      'To: \x80\0\xff<">\r\n',
      ')\r\n* 1 EXPUNGE\r\n',
    ],
    ...[
      '\r\n',
      '\n',
      '\r',
      '--a\r\n',
      '--a--\r\n',
      '--b\r\n',
      '--b--',
      'text',
      '\0',
      '}',
      'YWJj\r\n',
    ],
  )
  const items =
    '(FLAGS ENVELOPE BODY BODYSTRUCTURE BODY.PEEK[] BODY.PEEK[HEADER] BODY.PEEK[TEXT] BODY.PEEK[1] BODY.PEEK[1.MIME] ' +
    'BODY.PEEK[2.1] BODY.PEEK[1.HEADER] BODY.PEEK[HEADER.FIELDS (subject)] BODY.PEEK[HEADER.FIELDS.NOT (subject)])'
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.boolean(), async (pieces, isUtf8) => {
      const entry = await deliver(store, pieces.join(''))
      const values = await fetched(store, entry, items, { isUtf8 })
      const text = (name: string) => plain(values.get(name) ?? null) as string
      assert.equal(text('BODY[HEADER]') + text('BODY[TEXT]'), text('BODY[]'))
      assert.ok(text('BODY[TEXT]').includes(text('BODY[1]')))
      assert.equal(text('BODY[]').length, entry.message.size + entry.message.bareEnds)
      const chosen = text('BODY[HEADER.FIELDS (subject)]')
      const others = text('BODY[HEADER.FIELDS.NOT (subject)]')
      const emptyLine = text('BODY[HEADER]').endsWith('\r\n\r\n') || text('BODY[HEADER]') === '\r\n'
      const both = chosen.length + others.length - (emptyLine ? 2 : 0)
      assert.equal(both, text('BODY[HEADER]').length)
    }),
    { numRuns: 500 },
  )
})

test('a message that is gone is EXPUNGEISSUED before anything has gone out', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'mailcatch-fetch-'))
  const store = await openStore(t, directory)
  t.after(() => rm(directory, { recursive: true }))
  const entry = await deliver(store, 'A: b\r\n\r\nbody')
  const folder = join(directory, 'raw', '000000')
  assert.deepEqual(await readdir(folder), [`${entry.number}.eml`])
  await unlink(join(folder, `${entry.number}.eml`))
  for (const items of ['(FLAGS BODY[])', 'ENVELOPE', 'BINARY.SIZE[1]']) {
    const response = fetchResponse({
      store,
      items: itemsOf(items),
      isUtf8: false,
      entry,
      sequenceNumber: 1,
    })
    await assert.rejects(response.next(), (error: Error) => {
      assert.ok(error instanceof ImapError)
      assert.equal(error.response, 'NO [EXPUNGEISSUED] some of the messages are gone')
      return true
    })
  }
  // What the index knows needs no file.
  assert.equal((await fetchOctets(store, entry, 'FLAGS')).toString(), '* 1 FETCH (FLAGS ())\r\n')
})

/** Octets of memory, without what is free: buffers are swept a moment after they are collected. */
const used = async (): Promise<number> => {
  for (let round = 0; round < 2; round++) {
    collectGarbage()
    await setImmediate()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/**
 * The longest that the event loop was held until `stop`, in milliseconds of processor time: on a busy machine the clock
 * says nothing.
 */
const watchTurns = (): { stop: () => number } => {
  let longest = 0
  let before = process.cpuUsage()
  const look = () => {
    const { user, system } = process.cpuUsage(before)
    longest = Math.max(longest, (user + system) / 1000)
    before = process.cpuUsage()
  }
  const timer = setInterval(look, 1)
  return {
    stop: () => {
      clearInterval(timer)
      look()
      return longest
    },
  }
}

/** 40 MB in 500 000 lines, as an attachment. */
const large = (): Buffer => {
  const body = Buffer.alloc(40_000_000, `${'A'.repeat(78)}\r\n`)
  return Buffer.concat([
    Buffer.from(
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: image/png\r\n' +
        'Content-Transfer-Encoding: base64\r\n\r\n',
    ),
    body,
    Buffer.from('--b--\r\n'),
  ])
}

test('a large message costs no memory, and never holds the process', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'mailcatch-fetch-'))
  const store = await openStore(t, directory)
  t.after(() => rm(directory, { recursive: true }))
  const entry = await deliver(store, large())
  await store.contentOf(entry.message)
  const items = [
    'BODY[]',
    'BODY[2]',
    'BODYSTRUCTURE',
    'BINARY[2]',
    'BINARY.SIZE[2]',
    'RFC822.TEXT',
    'BODY[2]<39000000.65536>',
  ]
  const sizes: number[] = []
  for (const item of items) {
    const before = await used()
    let most = 0
    let octets = 0
    const turns = watchTurns()
    const response = fetchResponse({
      store,
      items: itemsOf(item),
      isUtf8: false,
      entry,
      sequenceNumber: 1,
    })
    for await (const piece of response) {
      octets += piece.length
      if (Math.floor(octets / 13e6) === Math.floor((octets - piece.length) / 13e6)) continue
      most = Math.max(most, (await used()) - before)
    }
    const held = turns.stop()
    sizes.push(octets)
    assert.ok(most < 16e6, `${item} takes ${most} octets of memory`)
    assert.ok(held < 500, `${item} holds the process for ${held} ms`)
  }
  const [whole = 0, part = 0, , decoded = 0] = sizes
  assert.ok(whole > 40e6 && part > 39.9e6 && decoded > 29e6)
})

test('who stops asking closes the file', async t => {
  if (process.platform !== 'linux') return t.skip('there is no /proc to look into')
  const directory = await mkdtemp(join(tmpdir(), 'mailcatch-fetch-'))
  const store = await openStore(t, directory)
  t.after(() => rm(directory, { recursive: true }))
  const entry = await deliver(store, `A: b\r\n\r\n${'x'.repeat(1_000_000)}`)
  const linkOf = (descriptor: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`)
    } catch {
      // The one that the folder was read with.
      return ''
    }
  }
  const openFiles = () =>
    readdirSync('/proc/self/fd').filter(descriptor =>
      linkOf(descriptor).startsWith(join(directory, 'raw')),
    ).length
  for (let round = 0; round < 50; round++) {
    const response = fetchResponse({
      store,
      items: itemsOf('BODY[]'),
      isUtf8: false,
      entry,
      sequenceNumber: 1,
    })
    await response.next()
    await response.next()
    assert.equal(openFiles(), 1)
    await response.return()
    assert.equal(openFiles(), 0)
  }
})

test('a thousand things of one message neither hold the process nor fill the memory', async t => {
  const store = await openStore(t)
  const header = Array.from({ length: 10_000 }, (_, i) => `X-${i}: ${'x'.repeat(100)}\r\n`).join('')
  const entry = await deliver(store, `${header}\r\n${'body\r\n'.repeat(10_000)}`)
  const items = Array.from(
    { length: 999 },
    (_, i) =>
      `BODY.PEEK[HEADER.FIELDS (${Array.from({ length: 500 }, (_, k) => `X-${i * 7 + k}`).join(' ')})]`,
  )
  await store.contentOf(entry.message)
  const turns = watchTurns()
  const response = fetchResponse({
    store,
    items: items.flatMap(item => itemsOf(item)),
    isUtf8: false,
    entry,
    sequenceNumber: 1,
  })
  let octets = 0
  let turn = performance.now()
  for await (const piece of response) {
    octets += piece.length
    // As a session does between two pieces.
    if (performance.now() - turn < 10) continue
    await setImmediate()
    turn = performance.now()
  }
  const held = turns.stop()
  assert.ok(octets > 999 * 500 * 100)
  assert.ok(held < 500, `the process was held for ${held} ms`)
})
