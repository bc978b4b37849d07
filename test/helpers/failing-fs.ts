import { placeByCalls, type StoreFile, type StoreFs } from '../../server/store/store-fs.ts'

/** The next calls of the named operations fail with these codes, after `half` of the octets where it is a write. */
export type Faults = {
  fail: (operation: string, code: string, times?: number) => void
  fs: StoreFs
}

/** A file layer that works, until it is told to fail. */
export const failingFs = (fs: StoreFs): Faults => {
  const planned: { operation: string; code: string; times: number }[] = []
  const check = (operation: string): void => {
    const fault = planned.find(plan => plan.operation === operation && plan.times > 0)
    if (!fault) return
    fault.times--
    throw Object.assign(new Error(`${fault.code}: ${operation}`), { code: fault.code })
  }
  const watch = (file: StoreFile): StoreFile => ({
    async write(data, position) {
      try {
        check('write')
      } catch (error) {
        await file.write(data.subarray(0, data.length >> 1), position)
        throw error
      }
      await file.write(data, position)
    },
    async truncate(length) {
      check('truncate')
      await file.truncate(length)
    },
    async sync() {
      check('sync')
      await file.sync()
    },
    close: () => file.close(),
  })
  const failing: StoreFs = {
    ...fs,
    place: (temporary, path, data) => placeByCalls(failing, temporary, path, data),
    async create(path) {
      check('create')
      return watch(await fs.create(path))
    },
    async append(path) {
      check('append')
      return watch(await fs.append(path))
    },
    async rename(from, to) {
      check('rename')
      await fs.rename(from, to)
    },
    async remove(path) {
      check('remove')
      await fs.remove(path)
    },
  }
  return {
    fail: (operation, code, times = 1) => planned.push({ operation, code, times }),
    fs: failing,
  }
}
