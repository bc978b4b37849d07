import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { type Mailcatch, startMailcatch } from '../../server/mailcatch.ts'
import { makeFolder, runExport, runImport } from '../helpers/commands.ts'
import { corpusFolder, corpusMails } from '../helpers/corpus.ts'

// Whatever was imported is exported octet for octet, and imported again in the same order.

const folder = makeFolder()
after(folder.remove)

const sha256 = (octets: Uint8Array) => createHash('sha256').update(octets).digest('hex')
const mails = corpusMails().map(sha256)

/** Digests of the files of a folder, in the order of their ids. */
const digests = (path: string): string[] =>
  readdirSync(path)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map(name => sha256(readFileSync(`${path}/${name}`)))

async function roundTrip(name: string, inbox: () => Promise<{ data: string } | { url: string }>) {
  const path = (...names: string[]) => folder.in(name, ...names)
  const count = mails.length
  const first = await inbox()
  const imported = await runImport([corpusFolder], first)
  assert.deepEqual([imported.code, imported.result.imported, imported.errors], [0, count, []])
  const exported = await runExport([path('first')], first)
  assert.deepEqual([exported.code, exported.result.exported, exported.errors], [0, count, []])
  assert.deepEqual(digests(path('first')).sort(), mails.toSorted())
  await runExport([], { ...first, mbox: path('first.mbox') })

  for (const source of ['first', 'first.mbox']) {
    const second = await inbox()
    for (const [expected, there] of [
      [count, 0],
      [0, count],
    ]) {
      const { code, result, errors } = await runImport([path(source)], second)
      assert.deepEqual([code, result.imported, result.present, errors], [0, expected, there, []])
    }
    await runExport([path(`from-${source}`)], { ...second, mbox: path('again.mbox') })
    assert.deepEqual(digests(path(`from-${source}`)), digests(path('first')), source)
    const [again, before] = ['again.mbox', 'first.mbox'].map(file => readFileSync(path(file)))
    // When they came is another time now.
    const timeless = (octets?: Buffer) =>
      octets?.toString('latin1').replace(/^(From \S+) .{24}(?= octets=)/gm, '$1')
    assert.equal(timeless(again), timeless(before))
  }
}

test(`${mails.length} mails through data directories`, async () => {
  let number = 0
  await roundTrip('directories', async () => ({ data: folder.in(`data-${++number}`) }))
})

test(`${mails.length} mails through running servers`, async () => {
  const running: Mailcatch[] = []
  try {
    await roundTrip('servers', async () => {
      const mailcatch = await startMailcatch({ maxMessageSize: 50_000_000 })
      running.push(mailcatch)
      return { url: mailcatch.url ?? assert.fail('there is no HTTP') }
    })
  } finally {
    await Promise.all(running.map(mailcatch => mailcatch.close()))
  }
})
