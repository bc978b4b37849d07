import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { CommandError } from '../../server/commands/command-error.ts'
import { startMailcatch } from '../../server/mailcatch.ts'
import { UsageError } from '../../server/options.ts'
import { makeFolder, runDoctor, runImport } from '../helpers/commands.ts'
import { mail } from '../helpers/http-server.ts'

const folder = makeFolder()
after(folder.remove)

const directory = async (name: string): Promise<string> => {
  const data = folder.in(name)
  writeFileSync(folder.in(`${name}.eml`), mail('one'))
  await runImport([folder.in(`${name}.eml`)], { data })
  return data
}

test('says that nothing is wrong', async () => {
  const data = await directory('sound')
  const { code, result, errors } = await runDoctor([], { data })
  assert.deepEqual([code, errors, result.problems, result.messages], [0, [], [], 1])
})

test('says what is wrong, and mends it where that is asked for', async () => {
  const data = await directory('damaged')
  truncateSync(`${data}/index/000000.json`, 20)
  writeFileSync(`${data}/raw/000000/hers.eml`, mail('two'))
  const sick = await runDoctor([], { data })
  assert.equal(sick.code, 1)
  assert.deepEqual(
    sick.errors.map(({ code, message }) => [code, message]),
    [
      ['MAILCATCH_DAMAGE', sick.errors[0]?.message],
      ['MAILCATCH_DAMAGE', 'not in the index: message 1'],
      ['MAILCATCH_DAMAGE', 'raw/000000/hers.eml was not put there by Mailcatch'],
    ],
  )
  assert.match(sick.errors[0]?.message ?? '', /^index\/000000\.json is damaged/)
  const mended = await runDoctor([], { data, fix: true })
  assert.deepEqual([mended.code, mended.result.problems, mended.result.messages], [0, [], 2])
  assert.equal(mended.errors.length, 3)
  const well = await runDoctor([], { data })
  assert.deepEqual([well.code, well.errors, (well.result.setAside as unknown[]).length], [0, [], 1])
})

test('works on a directory of its own, and on no other', async () => {
  const data = await directory('running')
  await using mailcatch = await startMailcatch({ data })
  assert.ok(mailcatch.url)
  await assert.rejects(runDoctor([], { data }), { code: 'MAILCATCH_DATA_IN_USE', exitCode: 3 })
  await assert.rejects(runDoctor([], { data: folder.in('nowhere') }), CommandError)
  mkdirSync(folder.in('empty'))
  await assert.rejects(runDoctor([], { data: folder.in('empty') }), CommandError)
  await assert.rejects(runDoctor(['thing'], { data }), UsageError)
})

test('a change log whose end was cut off', async () => {
  const data = await directory('torn')
  appendFileSync(`${data}/changes/000099.jsonl`, '{"lsn":')
  const { errors } = await runDoctor([], { data, fix: true })
  assert.match(errors[0]?.message ?? '', /^changes\/000099\.jsonl: the last line is torn; dropped/)
  assert.equal((await runDoctor([], { data })).code, 0)
  rmSync(data, { recursive: true })
})
