import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readHeader } from '../../server/mime/header.ts'
import { summarise } from '../../server/mime/summary.ts'
import { impliedEnvelope } from '../../server/store/arrival.ts'
import { diagnose } from '../../server/store/doctor.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import { StoreError } from '../../server/store/store-error.ts'
import { usualStore } from '../helpers/store.ts'

const folders: string[] = []
const folder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'mailcatch-raw-head-'))
  folders.push(path)
  return path
}
after(() => Promise.all(folders.map(path => rm(path, { recursive: true }))))

const open = (directory: string | null) =>
  MailStore.open({ ...usualStore, directory, maxMessageSize: 64 * 1024 ** 2 })

const deliver = async (store: MailStore, rcptTo: readonly string[], raw: Uint8Array) => {
  const arrival = store.receive({ envelope: { mailFrom: '', rcptTo }, listener: 'http' })
  try {
    await arrival.write(raw)
  } catch (error) {
    await arrival.abort()
    throw error
  }
  return (await arrival.commit()).number
}

const raw = Buffer.from('Subject: many\r\n\r\nHello.\r\n')
const addresses = (count: number, length: number, letter = 'x') =>
  Array.from({ length: count }, (_, index) => `${index}@`.padEnd(length, letter))

test('A mail whose line 1 is long is read, also after a restart, and after a kill without an index', async () => {
  const directory = await folder()
  const killed = await folder()
  // 900 kB: more than one read, and more than half of what is allowed.
  const rcptTo = addresses(9_000, 97)
  let store = await open(directory)
  try {
    assert.equal(await deliver(store, rcptTo, raw), 1)
    await cp(join(directory, 'raw'), join(killed, 'raw'), { recursive: true })
    assert.deepEqual((await store.reception(1))?.envelope.rcptTo, rcptTo)
  } finally {
    await store.close()
  }
  for (const there of [directory, killed]) {
    store = await open(there)
    try {
      assert.deepEqual(store.entry(1)?.message.rcptTo, rcptTo)
      assert.deepEqual((await store.reception(1))?.envelope.rcptTo, rcptTo)
      assert.deepEqual(await store.rawBytes(1), raw)
    } finally {
      await store.close()
    }
    assert.deepEqual((await diagnose(there)).problems, [])
  }
})

test('A line 1 that is longer than those of today is read', async () => {
  const directory = await folder()
  let store = await open(directory)
  await deliver(store, ['ann@example.com'], raw)
  await store.close()
  const path = join(directory, 'raw/000000/1.eml')
  const rcptTo = addresses(30_000, 97)
  const said = /^(X-Mailcatch: \{"v":1,"length":)( *\d+)(,.*\r\n)/
  const file = (await readFile(path, 'latin1')).replace(said, (_line, before, _length, rest) => {
    const all = rest.replace('["ann@example.com"]', JSON.stringify(rcptTo))
    return `${before}${`${before.length + 7 + all.length}`.padStart(7)}${all}`
  })
  const old = await folder()
  await mkdir(join(old, 'raw/000000'), { recursive: true })
  await writeFile(join(old, 'raw/000000/1.eml'), file)
  store = await open(old)
  try {
    assert.deepEqual(store.entry(1)?.message.rcptTo, rcptTo)
    assert.deepEqual(await store.rawBytes(1), raw)
  } finally {
    await store.close()
  }
})

test('What could not be read back is refused before it is acknowledged, in one piece or streamed', async () => {
  const store = await open(null)
  try {
    const rcptTo = addresses(10_500, 97)
    for (const size of [0, 400 * 1024]) {
      await assert.rejects(
        deliver(store, rcptTo, Buffer.concat([raw, Buffer.alloc(size, 'x')])),
        (error: unknown) => error instanceof StoreError && error.code === 'too-big',
      )
    }
    assert.equal(store.total, 0)
    assert.equal(await deliver(store, rcptTo.slice(0, 9_000), raw), 2, 'the next one is taken')
  } finally {
    await store.close()
  }
})

test('An implied envelope has as many of those that the header names as line 1 has room for', () => {
  const implied = (to: readonly string[], cc: readonly string[] = []) =>
    impliedEnvelope(
      summarise(
        readHeader(Buffer.from(`From: a@b\r\nTo: ${to.join(',')}\r\nCc: ${cc.join(',')}\r\n\r\n`)),
      ),
    ).rcptTo
  const usual = addresses(900, 80)
  assert.deepEqual(implied(usual, usual), usual)
  assert.deepEqual(implied(addresses(10_000, 80)), addresses(1_000, 80))
  const long = implied(addresses(1_000, 900, 'ü'))
  assert.deepEqual(long, addresses(1_000, 900, 'ü').slice(0, long.length))
  // Each ü takes up six octets: 272 KiB have room for 51 of these.
  assert.equal(long.length, 51)
})
