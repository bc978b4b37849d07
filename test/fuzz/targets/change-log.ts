import assert from 'node:assert/strict'
import { MailStore } from '../../../server/store/mail-store.ts'
import { memoryFs } from '../../../server/store/memory-fs.ts'
import type { StoreFs } from '../../../server/store/store-fs.ts'
import type { Random } from '../../helpers/random.ts'
import { readerHere } from '../../helpers/reader-here.ts'
import { usualStore } from '../../helpers/store.ts'
import { mutate } from '../mutate.ts'
import { several } from '../several.ts'
import type { Target } from '../target.ts'

const ROOT = '/mail'

const open = (fs: StoreFs): Promise<MailStore> =>
  MailStore.open({ ...usualStore, directory: ROOT, fs, reader: readerHere() })

const deliver = async (store: MailStore, ...rcptTo: string[]): Promise<number> => {
  const arrival = store.receive({ envelope: { mailFrom: 'a@b', rcptTo }, listener: 'smtp' })
  await arrival.write(Buffer.from('Subject: x\r\n\r\nHello.\r\n'))
  return (await arrival.commit()).number
}

/** The files of a store that nobody has damaged, without its log and its index: all is made of the log, then. */
const sound = await (async () => {
  const fs = memoryFs()
  const store = await open(fs)
  for (const to of ['ann@example.com', 'bob@example.com', 'ann@example.com'])
    await deliver(store, to)
  await store.close()
  const files: [path: string, octets: Buffer][] = []
  const walk = async (directory: string): Promise<void> => {
    for (const name of await fs.list(directory)) {
      const path = `${directory}/${name}`
      if (name.includes('.')) files.push([path, await fs.read(path)])
      else await walk(path)
    }
  }
  await walk(ROOT)
  const isKept = (path: string) =>
    path.startsWith(`${ROOT}/raw/`) || path === `${ROOT}/mailcatch.json`
  return files.filter(([path]) => isKept(path))
})()

const put = async (fs: StoreFs, path: string, octets: Uint8Array): Promise<void> => {
  await fs.makeDirectory(path.slice(0, path.lastIndexOf('/')))
  const file = await fs.append(path)
  await file.write(octets)
}

const operation = (random: Random): object => {
  const number = () => random.pick([0, 1, 1, 2, 3, 4, 9, 1000, 2001, -1, 1.5])
  const ids = () => random.pick(['1', '2', '1:3', '1,3', '3:1', '1:9', '4:40', '0', '', '1:', 'x'])
  const at = random.chance(0.5) ? {} : { at: [number(), number()] }
  const texts = () => random.pick([[], ['\\Seen'], ['\\Deleted', 'a'], ['__proto__'], [''], 'a'])
  const name = () =>
    random.pick(['INBOX', 'a', 'a/b', '', 'Sent', '__proto__', 'ann@example.com', '../x'])
  const run = () => ({
    numbers: ids(),
    messages: ids(),
    flags: texts(),
    tags: texts(),
    savedAt: number(),
  })
  const [account, mailbox] = [number(), number()]
  return random.pick<() => object>([
    () => ({ op: 'reserve', ids: number(), seqs: number(), uidValidity: number() }),
    () => ({ op: 'update', ...at, ids: ids(), flags: texts(), addTags: texts() }),
    () => ({ op: 'put', ...at, runs: [run()] }),
    () => ({ op: 'remove', ...at, ids: ids(), reason: 'deleted' }),
    () => ({ op: 'next', ...at, uid: number() }),
    () => ({ op: 'away', messages: ids() }),
    () => ({ op: 'account', account, name: name(), nextMailbox: number() }),
    () => ({ op: 'mailbox', account, mailbox, name: name(), uidValidity: number() }),
    () => ({ op: 'rename', account, names: [[mailbox, name()]] }),
    () => ({ op: 'delete', account, mailbox }),
    () => ({ op: 'subscribe', account, names: texts(), isSubscribed: true }),
    () => ({ op: 'inbox', inbox: { id: name(), name: name(), account } }),
    () => ({ op: 'end-inbox', id: name() }),
  ])()
}

/** A change log that nobody of ours has written: the store starts with it, and works. */
export const target: Target = {
  name: 'change-log',
  growth: 'the store is filled by it',
  make(random) {
    const log = () => {
      let lsn = 0
      const line = () => {
        lsn += random.pick([1, 1, 1, 1, 0, 5, -1])
        const ops = Array.from({ length: 1 + random.integer(3) }, () => operation(random))
        return `${JSON.stringify({ lsn, ops })}\n`
      }
      return Buffer.from(several(random, 12, line))
    }
    return mutate(log(), random, log)
  },
  async check(input) {
    const fs = memoryFs()
    for (const [path, octets] of sound) await put(fs, path, octets)
    await put(fs, `${ROOT}/changes/000001.jsonl`, input)
    const store = await open(fs)
    const page = { limit: 1000, isInteractive: false }
    const before = await store.list({}, page)
    const number = await deliver(store, 'carol@example.com')
    const { entries } = await store.list({}, page)
    assert.equal(entries[0]?.number, number, 'the newest is first')
    assert.equal(entries.length, before.entries.length + 1)
    const ids = entries.map(entry => entry.number)
    assert.equal(new Set(ids).size, ids.length, 'no number comes twice')
    await store.close()
    const again = await open(fs)
    const after = await again.list({}, page)
    assert.deepEqual(
      after.entries.map(entry => entry.number),
      ids,
      'a start changes nothing',
    )
    await again.close()
  },
}
