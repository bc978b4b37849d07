import assert from 'node:assert/strict'
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import type { Transaction } from '../../server/store/changes.ts'
import { LockedError } from '../../server/store/lock.ts'
import { MailStore, type StoreOptions } from '../../server/store/mail-store.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { DataDirectoryError } from '../../server/store/store-document.ts'
import { StoreError } from '../../server/store/store-error.ts'
import { failingFs } from '../helpers/failing-fs.ts'
import { usualStore } from '../helpers/store.ts'

const mail = (subject: string, body = 'Hello.', fields = ''): Buffer =>
  Buffer.from(
    `From: Ann Lee <ann@example.com>\r\nTo: bob@example.org\r\nSubject: ${subject}\r\n` +
      `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n${fields}\r\n${body}\r\n`,
  )

const deliver = async (store: MailStore, raw: Uint8Array, rcptTo = ['bob@example.org']) => {
  const arrival = store.receive({
    envelope: { mailFrom: 'ann@example.com', rcptTo },
    listener: 'smtp',
  })
  await arrival.write(raw)
  return arrival.commit()
}

/** Resolves when the message is parsed. */
const parsed = (store: MailStore, id: number) =>
  new Promise<void>(resolve => {
    const check = () => store.entry(id)?.message.parsed !== false
    if (check()) return resolve()
    const stop = store.subscribe(() => {
      if (!check()) return
      stop()
      resolve()
    })
  })

const ids = async (store: MailStore) =>
  (await store.list({}, { limit: 1_000 })).entries.map(entry => entry.number)

const folders: string[] = []
const folder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'mailcatch-store-'))
  folders.push(path)
  return path
}
after(() => Promise.all(folders.map(path => rm(path, { recursive: true }))))

const log: string[] = []

/** The same suite runs on the disk and in memory; each `open` after the first is a restart. */
const places: Record<string, () => Promise<(more?: Partial<StoreOptions>) => Promise<MailStore>>> =
  {
    'on disk': async () => {
      const directory = await folder()
      return more =>
        MailStore.open({ ...usualStore, directory, log: line => log.push(line), ...more })
    },
    'in memory': async () => {
      const fs = memoryFs()
      return more =>
        MailStore.open({ ...usualStore, directory: null, fs, log: line => log.push(line), ...more })
    },
  }

for (const [place, make] of Object.entries(places)) {
  describe(`the store ${place}`, () => {
    test('keeps a message octet for octet, and says how it came', async () => {
      const open = await make()
      const store = await open()
      const raw = Buffer.concat([mail('Überraschung'), Buffer.from([0, 13, 10, 46, 13, 255, 10])])
      const arrival = store.receive({
        envelope: { mailFrom: '', rcptTo: ['böb@example.org', 'a@b'] },
        helo: 'client.example',
        listener: 'smtp',
        authUser: 'ann',
        dsn: { ret: 'HDRS', envid: 'x1' },
      })
      for (const octet of raw) await arrival.write(Buffer.from([octet]))
      assert.equal(arrival.size, raw.length)
      const { number } = await arrival.commit()
      assert.equal(number, 1)
      assert.deepEqual(await store.rawBytes(1), raw)
      assert.deepEqual(await store.rawBytes(1, { start: 6, end: 9 }), raw.subarray(6, 9))
      assert.deepEqual(await buffer(store.raw(1) as Readable), raw)
      const reception = await store.reception(1)
      assert.deepEqual(reception?.envelope, { mailFrom: '', rcptTo: ['böb@example.org', 'a@b'] })
      assert.deepEqual(reception?.dsn, { ret: 'HDRS', envid: 'x1' })
      assert.equal(reception?.receivedAt, store.entry(1)?.message.receivedAt)
      assert.equal(store.entry(1)?.message.size, raw.length)
      await store.close()

      const again = await open()
      assert.deepEqual(await again.rawBytes(1), raw)
      assert.equal(again.entry(1)?.message.subject, 'Überraschung')
      assert.equal(again.entry(1)?.message.authUser, 'ann')
      await again.close()
    })

    test('streams a large message to its file with the line that a small one has', async () => {
      const open = await make()
      const store = await open()
      const raw = Buffer.concat([mail('Large'), Buffer.alloc(900_000, 'x')])
      const arrival = store.receive({
        envelope: { mailFrom: 'a@b', rcptTo: ['c@d'] },
        listener: 'smtp',
      })
      for (let at = 0; at < raw.length; at += 10_000) {
        await arrival.write(raw.subarray(at, at + 10_000))
      }
      const { message } = await arrival.commit()
      assert.deepEqual(await store.rawBytes(1), raw)
      assert.equal(message.subject, 'Large')
      assert.equal((await store.reception(1))?.receivedAt, message.receivedAt)
      await store.close()
    })

    test('publishes in the order of the numbers, and keeps them ascending over a restart', async () => {
      const open = await make()
      let store = await open()
      const published: number[] = []
      store.subscribe(({ changes }) => {
        for (const change of changes) {
          if (change.type === 'message.added') published.push(change.entry.number)
        }
      })
      const sizes = [500_000, 1, 20_000, 1, 300_000, 1, 1, 1]
      await Promise.all(sizes.map(size => deliver(store, mail('x', 'y'.repeat(size)))))
      assert.deepEqual(published, [1, 2, 3, 4, 5, 6, 7, 8])
      assert.equal(store.cursor, 8)
      await store.remove([7, 8])
      await store.close()

      store = await open()
      assert.deepEqual(await ids(store), [6, 5, 4, 3, 2, 1])
      assert.equal((await deliver(store, mail('next'))).number, 9)
      await store.close()
    })

    test('changes flags and tags as one transaction, told once, kept over a restart', async () => {
      const open = await make()
      let store = await open()
      for (const subject of ['a', 'b', 'c']) await deliver(store, mail(subject))
      await Promise.all([1, 2, 3].map(id => parsed(store, id)))
      const told: Transaction[] = []
      store.subscribe(transaction => told.push(transaction))
      assert.equal(await store.update([1, 2, 3, 99], { unread: false }), 3)
      assert.equal(await store.update([2], { flagged: true, addTags: ['new', 'new'] }), 1)
      assert.equal(await store.update([2], { unread: false }), 0)
      assert.equal(await store.update([3], { tags: ['x', 'y'], removeTags: ['x'] }), 1)
      assert.deepEqual(
        told.map(({ changes }) => changes),
        [
          [{ type: 'message.changed', ids: '1:3', patch: { unread: false, flags: ['\\Seen'] } }],
          [
            {
              type: 'message.changed',
              ids: '2',
              patch: { flagged: true, flags: ['\\Flagged', '\\Seen'], tags: ['new'] },
            },
          ],
          [{ type: 'message.changed', ids: '3', patch: { tags: ['y'] } }],
        ],
      )
      assert.equal(store.unread, 0)
      assert.ok((store.entry(2)?.modseq ?? 0) > (store.entry(1)?.modseq ?? 0))
      await store.close()

      store = await open()
      assert.deepEqual(store.entry(2)?.flags, ['\\Flagged', '\\Seen'])
      assert.deepEqual(store.entry(2)?.tags, ['new'])
      assert.deepEqual(store.entry(3)?.tags, ['y'])
      assert.equal(await store.update([1], { unread: true }), 1)
      assert.equal(store.unread, 1)
      await store.close()
    })

    test('removes for good, and its files with it', async () => {
      const open = await make()
      let store = await open()
      for (let index = 0; index < 10; index++) await deliver(store, mail(`${index}`))
      assert.equal(await store.remove([2, 3, 4, 77]), 3)
      assert.equal(await store.remove([2]), 0)
      assert.equal(store.total, 7)
      assert.equal(store.raw(3), undefined)
      assert.equal(await store.content(3), undefined)
      assert.equal(await store.extract(3), undefined)
      assert.deepEqual(await store.extract(1), { links: [], codes: [] })
      await store.close()
      store = await open()
      assert.deepEqual(await ids(store), [10, 9, 8, 7, 6, 5, 1])
      await store.close()
    })

    test('keeps the newest within the limits of count, octets and age', async () => {
      const open = await make()
      // Two addresses of each are in its envelope and header besides From.
      const size = mail('x').length + 3 * 200 + 200
      const store = await open({ maxMessages: 3, maxBytes: 10 * size })
      const gone: string[] = []
      store.subscribe(({ changes }) => {
        for (const change of changes) {
          if (change.type === 'message.removed') gone.push(`${change.ids} ${change.reason}`)
        }
      })
      for (let index = 0; index < 5; index++) await deliver(store, mail('x'))
      await store.close()
      assert.equal(store.total, 3)
      assert.deepEqual(gone, ['1 retention', '2 retention'])
      const bytes = await open({ maxMessages: 100, maxBytes: 2 * size })
      await bytes.close()
      const old = await open({ maxAge: 0, maxMessages: 100 })
      await old.close()
      const store2 = await open()
      assert.equal(store2.total, 0)
      await store2.close()
    })

    test('counts addresses and envelopes, not octets of messages alone, also after a restart', async () => {
      const open = await make()
      const limits = { maxMessages: 100, maxBytes: 1_000_000 }
      let store = await open(limits)
      const rcptTo = Array.from({ length: 1_000 }, (_, at) => `${at}@b`)
      const header = `Cc: ${rcptTo.join(',')}\r\n`
      for (let index = 0; index < 6; index++)
        await deliver(store, mail('x', 'Hello.', header), rcptTo)
      await deliver(store, mail('x'))
      await parsed(store, store.cursor)
      await store.update([store.cursor], { addTags: ['one', 'two'] })
      await store.close()
      const { weight, total } = store
      // Each of the large ones has 2 001 addresses, and line 1 names 1 000 of them.
      assert.equal(total, 3)
      assert.ok(weight > 800_000 && weight < 1_000_000, `${weight}`)
      assert.ok(store.bytes < 30_000, `${store.bytes}`)
      store = await open(limits)
      assert.deepEqual([store.weight, store.total], [weight, total])
      await store.remove([store.cursor])
      await store.close()
      store = await open({ ...limits, maxBytes: 450_000 })
      await store.close()
      assert.equal(store.total, 1)
    })

    test('keeps what is flagged, and the newest beside it, where that is asked for', async () => {
      const open = await make()
      const limited = { maxMessages: 2, keepFlagged: true }
      const store = await open(limited)
      for (let index = 0; index < 4; index++) {
        const { number } = await deliver(store, mail('x'))
        if (number < 3) await store.update([number], { flagged: true })
      }
      await store.close()
      assert.deepEqual(await ids(store), [4, 2, 1])
      const old = await open({ ...limited, maxAge: 0 })
      await old.close()
      assert.deepEqual(await ids(old), [2, 1])
    })

    test('refuses a message over the limit and lives on', async () => {
      const open = await make()
      const store = await open({ maxMessageSize: 1_000 })
      const arrival = store.receive({
        envelope: { mailFrom: 'a@b', rcptTo: ['c@d'] },
        listener: 'smtp',
      })
      assert.throws(
        () => arrival.write(Buffer.alloc(1_001)),
        (error: unknown) => error instanceof StoreError && error.code === 'too-big',
      )
      await arrival.abort()
      await deliver(store, mail('small'))
      assert.equal(store.total, 1)
      await store.close()
    })

    test('pages at random in a stable snapshot while mail arrives', async () => {
      const open = await make()
      const store = await open()
      for (let index = 1; index <= 30; index++) await deliver(store, mail(`mail ${index}`))
      await store.remove([5, 15, 25])
      await store.update([1, 2, 30], { unread: false })
      const upto = store.cursor
      await deliver(store, mail('later'))
      const page = await store.list({ upto }, { limit: 4, offset: 4 })
      assert.deepEqual(
        page.entries.map(({ number }) => number),
        [26, 24, 23, 22],
      )
      assert.equal(page.total, 27)
      assert.equal(page.unread, 24)
      const before = await store.list({}, { limit: 3, before: 6 })
      assert.deepEqual(
        before.entries.map(({ number }) => number),
        [4, 3, 2],
      )
      assert.deepEqual(await store.match({ since: 28, upto }), [29, 30])
      assert.deepEqual(await store.match({ subject: 'MAIL 3' }), [3, 30])
      const found = await store.list({ subject: 'mail 2', upto }, { limit: 2, offset: 1 })
      assert.deepEqual(
        found.entries.map(({ number }) => number),
        [28, 27],
      )
      assert.equal(found.total, 10)
      await store.close()
    })

    test('replays its feed from a position, and says when it cannot', async () => {
      const open = await make()
      const store = await open()
      await deliver(store, mail('a'))
      await parsed(store, 1)
      const position = store.feed
      await deliver(store, mail('b'))
      await store.update([1], { unread: false })
      const types = store.since(position)?.flatMap(({ changes }) => changes.map(({ type }) => type))
      assert.ok(types?.includes('message.added'))
      assert.ok(types?.includes('message.changed'))
      assert.deepEqual(store.since(store.feed), [])
      assert.equal(store.since('000000000000-1'), null)
      assert.equal(store.since('nonsense'), null)
      assert.equal(store.since(`${store.feed}9`), null)
      await store.close()
    })
  })
}

describe('a data directory', () => {
  const open = (directory: string) =>
    MailStore.open({ ...usualStore, directory, log: line => log.push(line) })

  test('is rebuilt from raw files and log when the index is lost, torn or damaged', async () => {
    const directory = await folder()
    let store = await open(directory)
    for (const subject of ['a', 'b', 'c']) await deliver(store, mail(subject))
    await store.update([2], { unread: false, addTags: ['kept'] })
    await store.remove([3])
    await store.close()
    const index = join(directory, 'index', '000000.json')
    const whole = await readFile(index)
    for (const damage of [
      Buffer.alloc(0),
      whole.subarray(0, whole.length / 2),
      Buffer.from('[]'),
    ]) {
      await writeFile(index, damage)
      store = await open(directory)
      assert.deepEqual(await ids(store), [2, 1])
      assert.equal(store.entry(1)?.message.subject, 'a')
      await store.close()
    }
    assert.ok(log.some(line => line.includes('set aside')))
    const names = await readdir(join(directory, 'index'))
    assert.ok(names.some(name => name.includes('.bad-')))
  })

  test('drops a torn last line of the log and goes on', async () => {
    const directory = await folder()
    let store = await open(directory)
    await deliver(store, mail('a'))
    await store.close()
    const changes = join(directory, 'changes')
    const last = (await readdir(changes)).sort().at(-1) as string
    await appendFile(join(changes, last), '{"lsn":99,"ops":[{"op":"remove","ids":"1"')
    store = await open(directory)
    assert.deepEqual(await ids(store), [1])
    await store.update([1], { unread: false })
    await store.close()
    store = await open(directory)
    assert.equal(store.unread, 0)
    await store.close()
  })

  test('finds a message whose entry was never flushed, and forgets one that never got its name', async () => {
    const directory = await folder()
    let store = await open(directory)
    await deliver(store, mail('a', 'body', 'X-Tags: red, blue\r\n'))
    await store.close()
    await rm(join(directory, 'index', '000000.json'))
    await rm(join(directory, 'mailcatch.json'))
    await writeFile(join(directory, 'raw', `${'0'.repeat(24)}.tmp`), 'half')
    await writeFile(join(directory, 'raw', '000000', '2.eml.tmp'), 'half')
    store = await open(directory)
    assert.deepEqual(store.entry(1)?.tags, ['red', 'blue'])
    assert.deepEqual(await readdir(join(directory, 'raw')), ['000000'])
    assert.deepEqual(await readdir(join(directory, 'raw', '000000')), ['1.eml'])
    await store.close()
    await truncate(join(directory, 'raw', '000000', '1.eml'), 3)
    await rm(join(directory, 'index', '000000.json'))
    store = await open(directory)
    assert.deepEqual(await ids(store), [])
    assert.ok(log.some(line => line.includes('was not written by Mailcatch')))
    await store.close()
  })

  test('whose index has records of a wrong shape builds those anew', async () => {
    const directory = await folder()
    let store = await open(directory)
    for (const subject of ['one', 'two', 'three']) await deliver(store, mail(subject))
    await store.close()
    const index = join(directory, 'index', '000000.json')
    const segment = JSON.parse(await readFile(index, 'utf8'))
    const wrong = [{ rcptTo: 'x' }, { size: '9' }, { start: -1 }]
    for (const [at, fields] of wrong.entries()) Object.assign(segment.entries[at], fields)
    await writeFile(index, JSON.stringify(segment))
    store = await open(directory)
    for (const entry of [1, 2, 3].map(id => store.entry(id))) {
      assert.ok(Array.isArray(entry?.message.rcptTo))
      assert.ok((await store.rawBytes(entry.number))?.length === entry.message.size)
    }
    await store.close()
  })

  test('of something else, or of a newer version, is refused untouched', async () => {
    const foreign = await folder()
    await writeFile(join(foreign, 'thesis.doc'), 'mine')
    await assert.rejects(open(foreign), DataDirectoryError)
    assert.deepEqual(await readdir(foreign), ['thesis.doc'])
    const newer = await folder()
    await writeFile(join(newer, 'mailcatch.json'), '{"schema":3}')
    await assert.rejects(open(newer), /newer Mailcatch/)
    assert.deepEqual(await readdir(newer), ['mailcatch.json'])
    const project = await folder()
    await writeFile(join(project, 'package.json'), '{}')
    for (const text of ['{"smtpPort":2525}', '{"smtpPort":', '[]', 'null']) {
      await writeFile(join(project, 'mailcatch.json'), text)
      await assert.rejects(open(project), /holds package\.json and no Mailcatch store/)
      assert.equal(await readFile(join(project, 'mailcatch.json'), 'utf8'), text)
    }
    assert.deepEqual((await readdir(project)).sort(), ['mailcatch.json', 'package.json'])
  })

  test('whose making was interrupted is made again', async () => {
    const directory = await folder()
    await mkdir(join(directory, 'raw'))
    await writeFile(join(directory, 'mailcatch.json.77-1.tmp'), '{"sch')
    const store = await open(directory)
    assert.equal((await readdir(directory)).includes('mailcatch.json.77-1.tmp'), false)
    await store.close()
  })

  test('is one process only, and says whose', async () => {
    const directory = await folder()
    const store = await open(directory)
    store.announce('http://localhost:1/')
    await assert.rejects(open(directory), (error: unknown) => {
      assert.ok(error instanceof LockedError)
      assert.equal(error.holder?.pid, process.pid)
      assert.equal(error.holder?.url, 'http://localhost:1/')
      return true
    })
    await store.close()
    await (await open(directory)).close()
  })
})

describe('a fault of the file system', () => {
  const start = async () => {
    const { fs, fail } = failingFs(memoryFs())
    const store = await MailStore.open({
      ...usualStore,
      directory: null,
      fs,
      log: line => log.push(line),
    })
    return { store, fail, fs }
  }

  for (const operation of ['create', 'write', 'rename']) {
    test(`at ${operation} refuses the message, leaves nothing of it, and the next one is taken`, async () => {
      const { store, fail, fs } = await start()
      fail(operation, 'ENOSPC')
      await assert.rejects(deliver(store, mail('lost')), { name: 'StoreError', code: 'full' })
      fail(operation, 'EIO')
      await assert.rejects(deliver(store, mail('lost')), { name: 'StoreError', code: 'io' })
      const { number } = await deliver(store, mail('kept'))
      assert.deepEqual(await ids(store), [number])
      const files = await fs.list(join(tmpdir(), 'mailcatch-memory', 'raw'))
      assert.deepEqual(
        files.filter(name => name.endsWith('.tmp')),
        [],
      )
      await store.close()
    })
  }

  test('at the change log refuses the change, which then has not happened', async () => {
    const { store, fail } = await start()
    await deliver(store, mail('a'))
    fail('write', 'ENOSPC')
    await assert.rejects(store.update([1], { unread: false }), { name: 'StoreError', code: 'full' })
    assert.equal(store.unread, 1)
    fail('write', 'EIO')
    await assert.rejects(store.remove([1]), { name: 'StoreError', code: 'io' })
    assert.equal(store.total, 1)
    assert.equal(await store.remove([1]), 1)
    await store.close()
  })
})
