import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChangeLog, type Operation } from '../../server/store/change-log.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { failingFs } from '../helpers/failing-fs.ts'

const options = { fsync: true, log: () => {} }
const remove = (ids: string): Operation[] => [{ op: 'remove', ids, reason: 'deleted' }]
const ids = (lines: readonly { ops: readonly Operation[] }[]) =>
  lines.flatMap(({ ops }) => ops.map(op => op.ids))

test('what was appended is read back in order, over several files', async () => {
  const fs = memoryFs()
  const first = await ChangeLog.open(fs, '/log', options)
  assert.deepEqual(first.lines, [])
  await Promise.all(['1', '2', '3'].map(set => first.changeLog.append(remove(set))))
  await first.changeLog.close()
  const second = await ChangeLog.open(fs, '/log', options)
  assert.deepEqual(ids(second.lines), ['1', '2', '3'])
  assert.equal((await second.changeLog.append(remove('4'))).lsn, 4)
  const number = await second.changeLog.rotate(remove('5'))
  await second.changeLog.drop(number)
  await second.changeLog.close()
  const third = await ChangeLog.open(fs, '/log', options)
  assert.deepEqual(ids(third.lines), ['5'])
  assert.equal(third.changeLog.lsn, 5)
})

for (const operation of ['write', 'sync', 'append']) {
  test(`a failed ${operation} is told to whom it concerns, leaves nothing behind, and the next one works`, async () => {
    const { fs, fail } = failingFs(memoryFs())
    const { changeLog } = await ChangeLog.open(fs, '/log', options)
    if (operation !== 'append') await changeLog.append(remove('1'))
    fail(operation, 'ENOSPC')
    await assert.rejects(changeLog.append(remove('2')), { code: 'ENOSPC' })
    await changeLog.append(remove('3'))
    await changeLog.close()
    const { lines } = await ChangeLog.open(fs, '/log', options)
    assert.deepEqual(ids(lines), operation === 'append' ? ['3'] : ['1', '3'])
  })
}

test('while what failed cannot be cut off, nothing is acknowledged behind it', async () => {
  const { fs, fail } = failingFs(memoryFs())
  const { changeLog } = await ChangeLog.open(fs, '/log', options)
  await changeLog.append(remove('1'))
  fail('write', 'EIO')
  fail('truncate', 'EIO', 2)
  await assert.rejects(changeLog.append(remove('2')), { code: 'EIO' })
  await assert.rejects(changeLog.append(remove('3')), { code: 'EIO' })
  await changeLog.append(remove('4'))
  await changeLog.close()
  assert.deepEqual(ids((await ChangeLog.open(fs, '/log', options)).lines), ['1', '4'])
})

test('a line that says what no transaction can say is skipped', async () => {
  const fs = memoryFs()
  await fs.makeDirectory('/log')
  const file = await fs.create('/log/000001.jsonl')
  const damaged: unknown[] = [
    null,
    {},
    { op: 'frobnicate', ids: '1' },
    { op: 'reserve', ids: 5 },
    { op: 'remove', ids: '1:x', reason: 'deleted' },
    { op: 'remove' },
    { op: 'update', ids: '1', addFlags: 5 },
    { op: 'update', ids: '1', tags: [1] },
    { op: 'update', ids: ['1'] },
  ]
  const sound: Operation[] = [
    { op: 'reserve', ids: 5, seqs: 6 },
    { op: 'update', ids: '1:2', addFlags: ['\\Seen'], tags: [] },
    { op: 'remove', ids: '1', reason: 'retention' },
  ]
  const lines = [...damaged.map(op => [...sound, op]), sound].map((ops, at) => ({
    lsn: at + 1,
    ops,
  }))
  await file.write(Buffer.from(lines.map(line => `${JSON.stringify(line)}\n`).join('')))
  const said: string[] = []
  const opened = await ChangeLog.open(fs, '/log', { fsync: false, log: text => said.push(text) })
  assert.deepEqual(opened.lines, lines.slice(-1))
  assert.equal(said.length, damaged.length)
})

test('a torn last line is dropped, a damaged one skipped, and both are said', async () => {
  const fs = memoryFs()
  await fs.makeDirectory('/log')
  const file = await fs.create('/log/000001.jsonl')
  const line = (lsn: number) => JSON.stringify({ lsn, ops: remove(`${lsn}`) })
  await file.write(Buffer.from(`${line(1)}\n\0\0\n${line(3)}\n${line(4).slice(0, 20)}`))
  const said: string[] = []
  const { lines } = await ChangeLog.open(fs, '/log', { fsync: false, log: text => said.push(text) })
  assert.deepEqual(ids(lines), ['1', '3'])
  assert.equal(said.length, 2)
})
