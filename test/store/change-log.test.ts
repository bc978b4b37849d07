import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChangeLog, type LogLine } from '../../server/store/change-log.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import type { Operation } from '../../server/store/operation.ts'
import { failingFs } from '../helpers/failing-fs.ts'

const options = { fsync: true, log: () => {} }
const remove = (ids: string): Operation[] => [{ op: 'remove', ids, reason: 'deleted' }]
const ids = (lines: readonly { ops: readonly Operation[] }[]) =>
  lines.flatMap(({ ops }) => ops.map(op => (op.op === 'remove' ? op.ids : '')))
const append = (log: ChangeLog, set: string) => log.append(remove(set), ({ lsn }) => lsn)

test('what was appended is applied and read back in order, over several files', async () => {
  const fs = memoryFs()
  const first = await ChangeLog.open(fs, '/log', options)
  assert.deepEqual(first.lines, [])
  const lsns = await Promise.all(['1', '2', '3'].map(set => append(first.changeLog, set)))
  assert.deepEqual(lsns, [1, 2, 3])
  await first.changeLog.close()
  const second = await ChangeLog.open(fs, '/log', options)
  assert.deepEqual(ids(second.lines), ['1', '2', '3'])
  assert.equal(await append(second.changeLog, '4'), 4)
})

test('a base stands for everything before its file, and not for what comes after', async () => {
  const fs = memoryFs()
  const { changeLog } = await ChangeLog.open(fs, '/log', options)
  await append(changeLog, '1')
  const late = append(changeLog, '2')
  let taken = 0
  const number = await changeLog.rotate(lsn => {
    taken = lsn
  })
  assert.equal(taken, 2)
  assert.equal(await late, 2)
  await append(changeLog, '3')
  await changeLog.rebase(number, [{ lsn: taken, ops: remove('1:2') }])
  await changeLog.close()
  const again = await ChangeLog.open(fs, '/log', options)
  assert.deepEqual(ids(again.lines), ['1:2', '3'])
  assert.equal(await append(again.changeLog, '4'), 4)
  assert.deepEqual((await fs.list('/log')).sort(), [
    '000002.base.jsonl',
    '000002.jsonl',
    '000003.jsonl',
    'reserve',
  ])
})

test('each transaction is applied before the next, also where one has to wait', async () => {
  const { changeLog } = await ChangeLog.open(memoryFs(), '/log', options)
  const applied: number[] = []
  let go = () => {}
  const slow = changeLog.append(remove('1'), async ({ lsn }: LogLine) => {
    await new Promise<void>(resolve => {
      go = resolve
      setImmediate(() => go())
    })
    applied.push(lsn)
  })
  const quick = changeLog.append(remove('2'), ({ lsn }) => void applied.push(lsn))
  await Promise.all([quick, slow])
  assert.deepEqual(applied, [1, 2])
})

for (const operation of ['write', 'sync', 'append']) {
  test(`a failed ${operation} is told to whom it concerns, leaves nothing behind, and the next one works`, async () => {
    const { fs, fail } = failingFs(memoryFs())
    const { changeLog } = await ChangeLog.open(fs, '/log', options)
    if (operation !== 'append') await append(changeLog, '1')
    fail(operation, 'EIO')
    await assert.rejects(append(changeLog, '2'), { code: 'EIO' })
    await append(changeLog, '3')
    await changeLog.close()
    const { lines } = await ChangeLog.open(fs, '/log', options)
    assert.deepEqual(ids(lines), operation === 'append' ? ['3'] : ['1', '3'])
  })
}

test('while what failed cannot be cut off, nothing is acknowledged behind it', async () => {
  const { fs, fail } = failingFs(memoryFs())
  const { changeLog } = await ChangeLog.open(fs, '/log', options)
  await append(changeLog, '1')
  fail('write', 'EIO')
  fail('truncate', 'EIO', 2)
  await assert.rejects(append(changeLog, '2'), { code: 'EIO' })
  await assert.rejects(append(changeLog, '3'), { code: 'EIO' })
  await append(changeLog, '4')
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
    { op: 'reserve', ids: 2 ** 53 - 1, seqs: 1 },
    { op: 'next', uid: 2 ** 53 - 1 },
    { op: 'remove', ids: '1:x', reason: 'deleted' },
    { op: 'remove' },
    { op: 'update', ids: '1', addFlags: 5 },
    { op: 'update', ids: '1', tags: [1] },
    { op: 'update', ids: ['1'] },
    { op: 'put', runs: [{ numbers: '1:7', messages: '1:3', savedAt: 1 }] },
    { op: 'put', runs: [{ numbers: '1', messages: '1', savedAt: 1e16 }] },
    { op: 'put', runs: [{ numbers: '1', messages: '1', savedAt: 1, internalDates: [1e16] }] },
    { op: 'delete', account: 1, mailbox: 1 },
    { op: 'subscribe', account: 1, isSubscribed: true },
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
