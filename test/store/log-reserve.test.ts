import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChangeLog } from '../../server/store/change-log.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import type { Operation } from '../../server/store/operation.ts'
import type { StoreFs } from '../../server/store/store-fs.ts'

const full = () => Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })

/** A disk that somebody else fills up to the last octet, as often as the test says. */
const fillableDisk = () => {
  const fs = memoryFs()
  let room = Number.POSITIVE_INFINITY
  const sizes = new Map<string, number>()
  const watch = async (path: string, opening: ReturnType<StoreFs['create']>) => {
    const file = await opening
    return {
      ...file,
      write: async (data: Uint8Array) => {
        if (data.length > room) throw full()
        room -= data.length
        sizes.set(path, (sizes.get(path) ?? 0) + data.length)
        await file.write(data)
      },
    }
  }
  const disk: StoreFs = {
    ...fs,
    create: path => watch(path, fs.create(path)),
    append: path => watch(path, fs.append(path)),
    remove: async path => {
      room += sizes.get(path) ?? 0
      sizes.delete(path)
      await fs.remove(path)
    },
  }
  return {
    disk,
    fill: () => {
      room = 0
    },
    makeRoom: () => {
      room = 1024 ** 2
    },
  }
}

const remove: Operation[] = [{ op: 'remove', ids: '1', reason: 'deleted' }]
const update: Operation[] = [{ op: 'update', ids: '1', addFlags: ['\\Seen'] }]

test('on a full disk what makes room is logged, and nothing else', async () => {
  const { disk, fill, makeRoom } = fillableDisk()
  const logged: string[] = []
  const options = { fsync: false, log: (line: string) => logged.push(line) }
  const { changeLog } = await ChangeLog.open(disk, '/changes', options)
  await changeLog.append(update, () => {})
  for (let round = 0; round < 3; round++) {
    fill()
    await assert.rejects(
      changeLog.append(update, () => {}),
      { code: 'ENOSPC' },
    )
    await changeLog.append(remove, () => {})
    assert.equal(changeLog.reserve.isThere, false)
    makeRoom()
    await changeLog.reserve.fill()
    assert.equal(changeLog.reserve.isThere, true)
  }
  await changeLog.close()
  assert.deepEqual(logged, [])
  const { lines } = await ChangeLog.open(disk, '/changes', options)
  assert.deepEqual(
    lines.map(({ ops }) => ops[0]?.op),
    ['update', 'remove', 'remove', 'remove'],
  )
})

test('where no room can be set aside that is said once, and everything else works', async () => {
  const { disk, makeRoom } = fillableDisk()
  const logged: string[] = []
  const options = { fsync: false, log: (line: string) => logged.push(line) }
  let isSmall = true
  const small: StoreFs = {
    ...disk,
    create: path =>
      isSmall && path.endsWith('reserve') ? Promise.reject(full()) : disk.create(path),
  }
  const { changeLog } = await ChangeLog.open(small, '/changes', options)
  await changeLog.append(update, () => {})
  await changeLog.reserve.fill()
  await changeLog.append(update, () => {})
  assert.equal(logged.length, 1)
  assert.match(logged[0] ?? '', /^no room could be set aside/)
  isSmall = false
  makeRoom()
  await Promise.all([changeLog.reserve.fill(), changeLog.reserve.fill()])
  assert.equal(changeLog.reserve.isThere, true)
  await changeLog.close()
})
