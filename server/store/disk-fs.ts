import {
  closeSync,
  createReadStream,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import * as fs from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { StoreFile, StoreFs } from './store-fs.ts'

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

const opened = async (path: string, flags: string): Promise<StoreFile> => {
  const handle = await fs.open(path, flags, 0o600)
  return {
    async write(data, position) {
      let from = 0
      while (from < data.length) {
        const at = position === undefined ? null : position + from
        const { bytesWritten } = await handle.write(data, from, data.length - from, at)
        from += bytesWritten
      }
    },
    truncate: length => handle.truncate(length),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  }
}

/** Octets. */
const quickRead = 64 * 1024

/**
 * Synchronous on purpose, as `place` is: a small file that was caught lately is in the page cache, and three calls take
 * 15 µs, three trips to the thread pool ten times that where the machine is busy.
 */
const readAtOnce = (path: string, start: number, buffer: Buffer): Buffer => {
  const descriptor = openSync(path, 'r')
  try {
    let length = 0
    while (length < buffer.length) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, start + length)
      if (read === 0) break
      length += read
    }
    return buffer.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}

/** The file system of this machine. */
export const diskFs: StoreFs = {
  async makeDirectory(path) {
    await fs.mkdir(path, { recursive: true, mode: 0o700 })
  },
  async list(path) {
    try {
      return await fs.readdir(path)
    } catch (error) {
      if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return []
      throw error
    }
  },
  read: path => fs.readFile(path),
  async readRange(path, start, end) {
    const buffer = Buffer.allocUnsafe(Math.max(0, end - start))
    if (buffer.length <= quickRead) return readAtOnce(path, start, buffer)
    const handle = await fs.open(path, 'r')
    try {
      let length = 0
      while (length < buffer.length) {
        const { bytesRead } = await handle.read(
          buffer,
          length,
          buffer.length - length,
          start + length,
        )
        if (bytesRead === 0) break
        length += bytesRead
      }
      return buffer.subarray(0, length)
    } finally {
      await handle.close()
    }
  },
  // createReadStream's `end` is inclusive, so it has no word for an empty range.
  stream: (path, start, end) =>
    end > start ? createReadStream(path, { start, end: end - 1 }) : Readable.from([]),
  size: async path => (await fs.stat(path)).size,
  create: path => opened(path, 'wx'),
  /**
   * Synchronous on purpose: four calls into the page cache take 20 µs together, four trips to the thread pool more than
   * that of this thread's time alone, and milliseconds of waiting where the machine is busy.
   */
  async place(temporary, path, data) {
    const descriptor = openSync(temporary, 'wx', 0o600)
    try {
      try {
        for (let at = 0; at < data.length; ) at += writeSync(descriptor, data, at)
      } finally {
        closeSync(descriptor)
      }
      renameSync(temporary, path)
    } catch (error) {
      try {
        unlinkSync(temporary)
      } catch {
        // What went wrong first is what to tell; the next start looks for what is left.
      }
      throw error
    }
  },
  append: path => opened(path, 'a'),
  rename: (from, to) => fs.rename(from, to),
  async remove(path) {
    try {
      await fs.unlink(path)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  },
  async syncDirectory(path) {
    const handle = await fs.open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  sharedPath: path => path,
}
