import { Readable } from 'node:stream'
import { placeByCalls, type StoreFile, type StoreFs } from '../../server/store/store-fs.ts'

/** The error that a call comes to; a short write is half of the octets, then ENOSPC. */
export type Fault = 'ENOSPC' | 'EDQUOT' | 'EIO' | 'EMFILE' | 'EACCES' | 'EROFS' | 'short write'

export type Faults = {
  readonly fs: StoreFs
  /** Calls made since the start or the last `reset`. */
  readonly calls: number
  /** How many of them failed. */
  readonly failures: number
  /** The next calls of the named operation fail; a write leaves half of its octets. */
  fail(operation: string, fault: Fault, times?: number): void
  /** Counts from 0 again. Call `k` (from 1) fails, and so do those after it up to `until`; no other call is short. */
  failCall(k: number, fault: Fault, until?: number): void
  /** Nothing fails any more; counts from 0 again. */
  reset(): void
}

/** A file layer over another one that works until it is told to fail. A short write is no fault of any other call. */
export const failingFs = (fs: StoreFs): Faults => {
  let calls = 0
  let failures = 0
  let range = { from: 0, to: 0, fault: 'EIO' as Fault }
  let planned: { operation: string; fault: Fault; times: number }[] = []

  const failureOf = (operation: string): (Error & { isShort: boolean }) | null => {
    calls++
    const plan = planned.find(({ operation: named, times }) => named === operation && times > 0)
    if (plan) plan.times--
    const fault = plan?.fault ?? (calls >= range.from && calls <= range.to ? range.fault : null)
    if (!fault || (fault === 'short write' && operation !== 'write')) return null
    failures++
    const code = fault === 'short write' ? 'ENOSPC' : fault
    const isShort = plan !== undefined || fault === 'short write'
    return Object.assign(new Error(`${code}: ${operation}`), { code, isShort })
  }
  const check = (operation: string): void => {
    const failure = failureOf(operation)
    if (failure) throw failure
  }

  const watch = (file: StoreFile): StoreFile => ({
    async write(data, position) {
      const failure = failureOf('write')
      if (failure?.isShort) await file.write(data.subarray(0, data.length >> 1), position)
      if (failure) throw failure
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
    async close() {
      // The descriptor is gone whatever close() says.
      await file.close()
      check('close')
    },
  })

  const failing: StoreFs = {
    async makeDirectory(path) {
      check('makeDirectory')
      await fs.makeDirectory(path)
    },
    async list(path) {
      check('list')
      return fs.list(path)
    },
    async read(path) {
      check('read')
      return fs.read(path)
    },
    async readRange(path, start, end) {
      check('readRange')
      return fs.readRange(path, start, end)
    },
    stream(path, start, end) {
      const failure = failureOf('stream')
      if (!failure) return fs.stream(path, start, end)
      return new Readable({
        read() {
          this.destroy(failure)
        },
      })
    },
    open(path) {
      check('open')
      const file = fs.open(path)
      return {
        readNow(start, end) {
          check('readNow')
          return file.readNow(start, end)
        },
        async read(start, end) {
          check('readOpen')
          return file.read(start, end)
        },
        close: () => file.close(),
      }
    },
    async size(path) {
      check('size')
      return fs.size(path)
    },
    async create(path) {
      check('create')
      return watch(await fs.create(path))
    },
    place: (temporary, path, data) => placeByCalls(failing, temporary, path, data),
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
    async syncDirectory(path) {
      check('syncDirectory')
      await fs.syncDirectory(path)
    },
    sharedPath: path => fs.sharedPath(path),
  }
  return {
    fs: failing,
    get calls() {
      return calls
    },
    get failures() {
      return failures
    },
    fail: (operation, fault, times = 1) => {
      planned.push({ operation, fault, times })
    },
    failCall: (k, fault, until = k) => {
      calls = 0
      failures = 0
      range = { from: k, to: until, fault }
    },
    reset: () => {
      calls = 0
      failures = 0
      range = { from: 0, to: 0, fault: 'EIO' }
      planned = []
    },
  }
}
