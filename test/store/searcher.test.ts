import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ContentSource } from '../../server/mime/content.ts'
import { confirmed, refuted, unknown } from '../../server/store/condition.ts'
import { diskFs } from '../../server/store/disk-fs.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import type { Entry } from '../../server/store/message.ts'
import type { PatternSource } from '../../server/store/pattern.ts'
import type { Probe } from '../../server/store/probe.ts'
import { QueryError } from '../../server/store/query-error.ts'
import { SearchTexts } from '../../server/store/search-texts.ts'
import { Searcher } from '../../server/store/searcher.ts'
import { StoreError } from '../../server/store/store-error.ts'

const source = (value: string): PatternSource => ({
  mode: 'substring',
  value,
  parameter: 'q',
  position: 5,
})
const entry = (number: number, parsed: Entry['message']['parsed'] = true): Entry =>
  ({ number, message: { id: number, parsed, subject: `Subject ${number}` } }) as unknown as Entry

/** Of a and b, without a period. */
const noise = (length: number): string => {
  let state = 1
  let text = ''
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
    text += (state >> 8) % 2 === 0 ? 'a' : 'b'
  }
  return text
}

const mail =
  'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nX-Kind: one\r\nMIME-Version: 1.0\r\n' +
  'Date: Sat, 21 Nov 2026 23:00:00 -0500\r\n' +
  'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p class=c>The <a href=//a.example>Fox</a>, https://b.example</p>\r\n' +
  '--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="report.csv"\r\n\r\n1,2\r\n--b--\r\n'

describe('a searcher', () => {
  let folder = ''
  let total = 1_000_000
  const searchers: Searcher[] = []
  const make = async (fs = diskFs, timeout = 8_000) => {
    const texts = new SearchTexts(fs, join(folder, 'text'), assert.fail)
    await texts.open()
    const searcher = new Searcher({
      texts,
      source: async ({ id }): Promise<ContentSource | undefined> => {
        if (id === 1) return { path: join(folder, 'mail.eml'), start: 6 }
        if (id === 2) return { bytes: Buffer.from(`xx${mail}`).subarray(2) }
        if (id === 3) return undefined
        if (id === 5) return { bytes: Buffer.from(`\r\n${noise(2_000_000)}`) }
        return { path: join(folder, 'missing.eml'), start: 0 }
      },
      total: () => total,
      log: assert.fail,
      timeout,
    })
    searchers.push(searcher)
    return { texts, searcher }
  }
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailcatch-searcher-'))
    await writeFile(join(folder, 'mail.eml'), `LINE\r\n${mail}`)
  })
  after(async () => {
    for (const searcher of searchers) await searcher.close()
    await rm(folder, { recursive: true })
  })

  test('scans the same on this thread and on another, also what was put just now', async () => {
    for (const fs of [diskFs, memoryFs()]) {
      for (total of [1, 1_000_000]) {
        const { texts, searcher } = await make(fs)
        const block = fs === diskFs ? 7 : 8
        const first = block * 1_000 + (total === 1 ? 0 : 10)
        texts.put(first, { text: 'the fox', isCut: false, isWhole: false })
        texts.put(first + 1, { text: 'the bear', isCut: true, isWhole: false })
        const [fox, bear] = await searcher.scan(block, ['fox', 'bear'])
        const at = first % 1_000
        assert.deepEqual([...(fox?.slice(at, at + 3) ?? [])], [confirmed, unknown, unknown])
        assert.deepEqual([...(bear?.slice(at, at + 3) ?? [])], [refuted, confirmed, unknown])
        assert.deepEqual(await searcher.scan(99, ['fox']), [new Uint8Array(1_000)])
      }
    }
  })

  const probes: Probe[] = [
    { kind: 'word', wanted: 'the fox' },
    { kind: 'text', source: source('the fox') },
    { kind: 'text', source: source('class') },
    { kind: 'html', source: source('/class=.>/') },
    { kind: 'fileName', source: { ...source('*.CSV'), mode: 'whole' } },
    { kind: 'header', name: 'x-kind', source: source('ONE') },
    { kind: 'header', name: 'subject', source: source('/^Grüße$/') },
    { kind: 'field', name: 'subject', wanted: 'rüss' },
    { kind: 'field', name: 'x-kind', wanted: '' },
    { kind: 'body', wanted: 'class=c', withHeaders: false },
    { kind: 'body', wanted: 'x-kind: one', withHeaders: true },
    { kind: 'sent', from: 0, upto: Date.parse('2026-11-21T00:00:00Z') },
    { kind: 'extract', what: 'links' },
    { kind: 'extract', what: 'codes' },
    { kind: 'values', source: source('/ [12]$/'), values: ({ message }) => [message.subject] },
  ]

  test('asks messages in files and in memory', async () => {
    const { searcher } = await make()
    const all = probes.map((_, at) => at !== 2 && at !== 7 && at !== 13)
    assert.deepEqual(await searcher.ask([entry(1), entry(2)], probes), [all, all])
  })

  test('knows of what the parser gave up only what it can read for itself', async () => {
    const { searcher } = await make()
    const some = probes.map((_, at) => at > 4 && at !== 7 && at !== 12 && at !== 13)
    assert.deepEqual(await searcher.ask([entry(1, 'failed')], probes), [some])
  })

  test('reads fields, unfolded, of what is there', async () => {
    const { searcher } = await make()
    const messages = [1, 3, 2].map(id => entry(id).message)
    const there = ['=?utf-8?q?Gr=C3=BC=C3=9Fe?=', null]
    assert.deepEqual(await searcher.fields(messages, ['subject', 'x-nothing']), [
      there,
      [null, null],
      there,
    ])
    await assert.rejects(searcher.fields([entry(4).message], ['subject']), StoreError)
  })

  test('leaves out what is gone, and says what cannot be read', async () => {
    const { searcher } = await make()
    const word = probes.slice(0, 1)
    assert.deepEqual(await searcher.ask([entry(3), entry(1)], word), [null, [true]])
    await assert.rejects(searcher.ask([entry(4)], word), StoreError)
  })

  test('refuses a pattern that takes too long, and goes on with the others', async () => {
    const { searcher } = await make(diskFs, 500)
    // Too many states for a table: each character costs as much as the pattern is long.
    const slow: Probe = { kind: 'text', source: source('/(a|b)*a(a|b){900}c/i') }
    const refusal = assert.rejects(searcher.ask([entry(5)], [slow]), (error: unknown) => {
      assert.ok(error instanceof QueryError, String(error))
      assert.deepEqual([error.parameter, error.position], ['q', 5])
      return true
    })
    const other = searcher.ask([entry(1)], probes.slice(0, 1))
    await refusal
    assert.deepEqual(await other, [[true]])
  })

  test('is closed whatever the worker had to tell meanwhile', async () => {
    const { searcher } = await make()
    await searcher.ask([entry(2)], probes)
    const asked = assert.rejects(searcher.ask([entry(2)], probes), { code: 'closed' })
    await new Promise(done => setImmediate(done))
    // The worker answers, and nobody here has time to hear of it before the end.
    const until = performance.now() + 300
    while (performance.now() < until);
    await searcher.close()
    await asked
  })

  test('ends what is under way when it is closed', async () => {
    const { searcher } = await make()
    const asked = assert.rejects(searcher.ask([entry(1)], probes), { code: 'closed' })
    await new Promise(resolve => setImmediate(resolve))
    await searcher.close()
    await asked
    await assert.rejects(searcher.ask([entry(1)], probes), { code: 'closed' })
  })
})
