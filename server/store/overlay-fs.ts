import { dirname, join } from 'node:path'
import { memoryFs } from './memory-fs.ts'
import { placeByCalls, type StoreFs } from './store-fs.ts'

/** A file layer that reads `below`, and keeps to itself whatever is written, renamed or removed: for a look at what would be. */
export const overlayFs = (below: StoreFs): StoreFs => {
  const above = memoryFs()
  /** Paths that are decided above: there, or not there any more. */
  const decided = new Map<string, 'there' | 'gone'>()
  const layer = (path: string): StoreFs => {
    const where = decided.get(path)
    // What is gone above is missing there as well, so that the error is the usual one.
    return where === undefined ? below : above
  }
  const writable = async (path: string): Promise<void> => {
    await above.makeDirectory(dirname(path))
    decided.set(path, 'there')
  }
  /** Brings a file up before it is changed. */
  const lift = async (path: string): Promise<void> => {
    if (decided.has(path)) return
    const bytes = await below.read(path)
    await writable(path)
    const file = await above.create(path)
    await file.write(bytes)
    await file.close()
  }
  const fs: StoreFs = {
    makeDirectory: path => above.makeDirectory(path),
    async list(path) {
      const names = new Set([...(await below.list(path)), ...(await above.list(path))])
      return [...names].filter(name => decided.get(join(path, name)) !== 'gone')
    },
    read: async path => layer(path).read(path),
    readRange: async (path, start, end) => layer(path).readRange(path, start, end),
    stream: (path, start, end) => layer(path).stream(path, start, end),
    open: path => layer(path).open(path),
    size: async path => layer(path).size(path),
    async create(path) {
      await writable(path)
      return above.create(path)
    },
    place: (temporary, path, data) => placeByCalls(fs, temporary, path, data),
    async append(path) {
      const isThere = await fs.size(path).then(
        () => true,
        () => false,
      )
      if (isThere) await lift(path)
      else await writable(path)
      return above.append(path)
    },
    async rename(from, to) {
      await lift(from)
      await writable(to)
      await above.rename(from, to)
      decided.set(from, 'gone')
    },
    async remove(path) {
      await above.remove(path)
      decided.set(path, 'gone')
    },
    syncDirectory: async () => {},
    sharedPath: path => (decided.has(path) ? null : below.sharedPath(path)),
  }
  return fs
}
