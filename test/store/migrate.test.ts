import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { diskFs } from '../../server/store/disk-fs.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import { failingFs } from '../helpers/failing-fs.ts'
import { usualStore } from '../helpers/store.ts'

/** Written by 0.1.0 before it knew mailboxes, and killed with its last change in the log alone. */
const old = fileURLToPath(new URL('../fixtures/schema-1', import.meta.url))

const folders: string[] = []
after(() => Promise.all(folders.map(folder => rm(folder, { recursive: true }))))

const copyOfOld = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mailcatch-migrate-'))
  folders.push(directory)
  await cp(old, directory, { recursive: true })
  return directory
}

const said: string[] = []
const open = (directory: string, fs = diskFs) =>
  MailStore.open({
    ...usualStore,
    directory,
    fs,
    log: line => said.push(line),
  })

const check = async (store: MailStore) => {
  const { entries } = await store.list({}, { limit: 10 })
  assert.deepEqual(
    entries.map(({ number, message, flags, tags }) => [
      number,
      message.subject,
      message.bareEnds,
      message.hasOpenEnd,
      flags,
      tags,
    ]),
    [
      [6, 'mail 6', 0, false, ['\\Flagged'], []],
      [5, 'mail 5', 0, false, [], ['invoice']],
      [3, 'mail 3', 2, true, [], []],
      [2, 'mail 2', 3, false, [], []],
      [1, 'mail 1', 0, false, ['\\Seen'], []],
    ],
  )
  const { uidValidity } = JSON.parse(await readFile(join(old, 'mailcatch.json'), 'utf8'))
  const account = store.mailboxes.open('')
  assert.equal(account.inbox.uidValidity, uidValidity)
  assert.equal(account.inbox.uidNext, 7)
  store.mailboxes.close(account)
  const raw = await store.rawBytes(3)
  assert.equal(raw?.toString().endsWith('\r\n\r\nold\rmac\rends'), true)
}

test('a directory of schema 1 is brought up to date, and stays', async () => {
  const directory = await copyOfOld()
  for (let times = 0; times < 2; times++) {
    said.length = 0
    const store = await open(directory)
    assert.equal(said.filter(line => line.includes('older Mailcatch')).length, times === 0 ? 1 : 0)
    await check(store)
    await store.close()
  }
  const { schema } = JSON.parse(await readFile(join(directory, 'mailcatch.json'), 'utf8'))
  assert.equal(schema, 2)
})

test('a migration that fails half-way is taken up again', async () => {
  const directory = await copyOfOld()
  const { fs, fail } = failingFs(diskFs)
  for (const code of ['ENOSPC', 'EIO'] as const) {
    fail('rename', code)
    await assert.rejects(open(directory, fs), { code })
  }
  const store = await open(directory, fs)
  await check(store)
  await store.close()
})

test('without its index it is made from the raw files and the log', async () => {
  const directory = await copyOfOld()
  await rm(join(directory, 'index'), { recursive: true })
  const store = await open(directory)
  await check(store)
  await store.close()
})
