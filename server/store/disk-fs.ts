import {
  closeSync,
  createReadStream,
  openSync,
  read,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import * as fs from 'node:fs/promises'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { OpenFile, StoreFile, StoreFs } from './store-fs.ts'

const readAt = promisify(read)

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

const openedToRead = (path: string): OpenFile => {
  const descriptor = openSync(path, 'r')
  return {
    readNow(start, end) {
      const buffer = Buffer.allocUnsafe(Math.max(0, end - start))
      let length = 0
      while (length < buffer.length) {
        const octets = readSync(descriptor, buffer, length, buffer.length - length, start + length)
        if (octets === 0) break
        length += octets
      }
      return buffer.subarray(0, length)
    },
    async read(start, end) {
      const buffer = Buffer.allocUnsafe(Math.max(0, end - start))
      let length = 0
      while (length < buffer.length) {
        const { bytesRead } = await readAt(descriptor, {
          buffer,
          offset: length,
          length: buffer.length - length,
          position: start + length,
        })
        if (bytesRead === 0) break
        length += bytesRead
      }
      return buffer.subarray(0, length)
    },
    close: () => closeSync(descriptor),
  }
}

/** Octets. */
const quickRead = 64 * 1024

/**
 * Synchronous on purpose, as `place` is: a small file that was caught lately is in the page cache, and three calls take
 * 15 µs, three trips to the thread pool ten times that where the machine is busy.
 */
const readAtOnce = (path: string, start: number, end: number): Buffer => {
  const file = openedToRead(path)
  try {
    return file.readNow(start, end)
  } finally {
    file.close()
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
    if (end - start <= quickRead) return readAtOnce(path, start, end)
    const buffer = Buffer.allocUnsafe(Math.max(0, end - start))
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
  open: openedToRead,
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
