import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { launch, startMailcatch } from '../../server/mailcatch.ts'
import { libraryOptions, UsageError } from '../../server/options.ts'
import { makeFolder, runExport, runImport } from '../helpers/commands.ts'
import { mail, put } from '../helpers/http-server.ts'

const folder = makeFolder()
after(folder.remove)

const silent = { info: () => {}, warn: () => {}, error: () => {} }

/** A data directory with mails of these subjects; their bodies differ in length. */
async function directory(name: string, ...subjects: string[]): Promise<string> {
  const data = folder.in(name)
  const mails = subjects.map((subject, at) => mail(subject, 'x'.repeat(at)))
  const mbox = mails.map(text => `From a@b\n${text}\n`).join('')
  writeFileSync(folder.in(`${name}.mbox`), mbox)
  await runImport([folder.in(`${name}.mbox`)], { data })
  return data
}

const names = (...path: string[]) => readdirSync(folder.in(...path)).sort()

test('goes on where it stopped', async () => {
  const data = await directory('resume', 'one', 'two', 'three')
  const out = folder.in('resumed')
  await runExport([out], { data })
  const whole = names('resumed').map(name => readFileSync(folder.in('resumed', name)))
  rmSync(folder.in('resumed', '2.eml'))
  writeFileSync(folder.in('resumed', '3.eml'), '')
  writeFileSync(folder.in('resumed', '2.eml.part'), 'half of it')
  const { result, code } = await runExport([out], { data })
  assert.deepEqual([code, result.exported, result.present], [0, 2, 1])
  assert.deepEqual(names('resumed'), ['1.eml', '2.eml', '3.eml'])
  assert.deepEqual(
    names('resumed').map(name => readFileSync(folder.in('resumed', name))),
    whole,
  )
})

test('a part of the inbox: what a search finds', async () => {
  const subjects = Array.from({ length: 30 }, (_, at) => `${at % 3 === 0 ? 'red' : 'blue'} ${at}`)
  const data = await directory('search', ...subjects)
  const expected = subjects.flatMap((subject, at) => (subject.startsWith('red') ? [at + 1] : []))
  const ids = (out: string) =>
    readdirSync(folder.in(out))
      .map(name => Number.parseInt(name, 10))
      .sort((a, b) => a - b)
  await runExport([folder.in('found')], { data, q: 'subject:red' })
  assert.deepEqual(ids('found'), expected)
  await using mailcatch = await startMailcatch({ data })
  await runExport([folder.in('found-too')], { url: mailcatch.url, q: 'subject:red' })
  assert.deepEqual(ids('found-too'), expected)
  for (const options of [{ url: mailcatch.url }, { data: await directory('search-2', 'x') }]) {
    const { result } = await runExport([folder.in('none')], { ...options, q: 'subject:green' })
    assert.equal(result.exported, 0)
    await assert.rejects(runExport([folder.in('none')], { ...options, q: 'from:((' }), UsageError)
  }
})

test('a folder and an mbox in one go, the mbox anew each time', async () => {
  const data = await directory('both', 'one', 'two')
  const [out, mbox] = [folder.in('both-out'), folder.in('both-out.mbox')]
  const first = await runExport([out], { data, mbox })
  assert.deepEqual([first.code, first.result.exported, first.result.to], [0, 2, [out, mbox]])
  const second = await runExport([out], { data, mbox })
  assert.deepEqual([second.result.exported, second.result.present], [2, 0])
  assert.equal(readFileSync(mbox, 'utf8').match(/^From /gm)?.length, 2)
})

test("one message that cannot be had, or somebody else's file: told, the others go on", async () => {
  const data = await directory('damaged', 'one', 'two', 'three')
  await using mailcatch = await startMailcatch({ data })
  rmSync(folder.in('damaged/raw/000000/2.eml'))
  writeFileSync(folder.in('notes'), 'mine')
  const { url } = mailcatch
  const out = await runExport([folder.in('damaged-out')], { url })
  assert.deepEqual([out.code, out.result.exported, out.result.failed], [1, 2, 1])
  assert.equal(out.errors[0]?.code, 'MAILCATCH_NOT_EXPORTED')
  assert.match(out.errors[0]?.message ?? '', /^message 2: /)
  assert.deepEqual(names('damaged-out'), ['1.eml', '3.eml'])
  const mbox = await runExport([], { url, mbox: folder.in('damaged.out') })
  assert.deepEqual([mbox.code, mbox.result.exported, mbox.result.failed], [1, 2, 1])
  assert.equal(readFileSync(folder.in('damaged.out'), 'utf8').match(/^From /gm)?.length, 2)
  await assert.rejects(runExport([], { url, mbox: folder.in('notes') }), /is no mbox/)
})

test('what is deleted meanwhile is left out', async () => {
  const { store, url, close } = await launch(libraryOptions({}), {
    log: silent,
    keepsProcessAlive: false,
  })
  try {
    for (let count = 0; count < 300; count++) await put(store, mail(`${count}`))
    const exporting = runExport([], { url, mbox: folder.in('meanwhile.mbox') })
    // The list is taken once the first message is asked for, which the temporary file tells.
    while (!existsSync(folder.in('meanwhile.mbox.part'))) await new Promise(setImmediate)
    await store.remove([299, 300])
    const { code, result } = await exporting
    assert.deepEqual([code, result.exported, result.gone], [0, 298, 2])
  } finally {
    await close()
  }
})

test('stopped: a folder keeps what is there, an mbox is not there at all', async () => {
  const data = await directory('stopped', 'one', 'two')
  const stopped = AbortSignal.abort()
  const mbox = folder.in('stopped-out.mbox')
  const { code, result } = await runExport([folder.in('stopped-out')], { data, mbox }, stopped)
  assert.deepEqual([code, result.exported, result.complete], [1, 0, false])
  assert.equal(existsSync(mbox), false)
  assert.equal(existsSync(`${mbox}.part`), false)
})

test('says what it is used for', async () => {
  const options = { data: folder.in('nowhere') }
  await assert.rejects(runExport([], options), /export where\?/)
  await assert.rejects(runExport(['a', 'b'], options), UsageError)
  await assert.rejects(runExport([folder.in('x')], options), /there is no inbox in .*nowhere/)
  assert.equal(existsSync(folder.in('nowhere')), false)
  assert.equal(existsSync(folder.in('x')), false)
})
