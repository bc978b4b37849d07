import type { Readable } from 'node:stream'

/** A file opened for writing. */
export type StoreFile = {
  /** Writes all of it, at the end, or at `position`. */
  write(data: Uint8Array, position?: number): Promise<void>
  truncate(length: number): Promise<void>
  /** Resolves when the file's content would survive a power loss. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** A file opened for reading: what is in it stays readable until it is closed, even when it is removed meanwhile. */
export type OpenFile = {
  /**
   * The octets `[start, end)`, or as many of them as there are. Synchronous, so for small pieces: from the page cache
   * they come in a few microseconds, where a trip to the thread pool takes a hundred.
   */
  readNow(start: number, end: number): Buffer
  /** The same, while the process does something else. */
  read(start: number, end: number): Promise<Buffer>
  close(): void
}

/**
 * All file access of the store. Paths are absolute. Errors are Node's, with their `code`.
 * The real one is `disk-fs`, the twin that keeps nothing `memory-fs`.
 */
export type StoreFs = {
  /** Makes a directory and its parents, for this user alone; one that is there is no error. */
  makeDirectory(path: string): Promise<void>
  /** The names in a directory; none where there is no such directory. */
  list(path: string): Promise<string[]>
  read(path: string): Promise<Buffer>
  /** The octets `[start, end)`. */
  readRange(path: string, start: number, end: number): Promise<Buffer>
  stream(path: string, start: number, end: number): Readable
  /** Opens a file for reading. Synchronous; throws what `read` rejects with. */
  open(path: string): OpenFile
  size(path: string): Promise<number>
  /** A new file, for this user alone; EEXIST where the name is taken. */
  create(path: string): Promise<StoreFile>
  /**
   * A small file that is there in full or not at all: written under a temporary name, then renamed. Nothing is left
   * where it fails. Does not sync.
   */
  place(temporary: string, path: string, data: Uint8Array): Promise<void>
  /** Opens a file for appending, or makes it. */
  append(path: string): Promise<StoreFile>
  rename(from: string, to: string): Promise<void>
  /** A missing file is no error. */
  remove(path: string): Promise<void>
  /** Resolves when the directory's names would survive a power loss. */
  syncDirectory(path: string): Promise<void>
  /** Where another thread can read the file by itself, null where it cannot. */
  sharedPath(path: string): string | null
}

/** What `place` does, call by call: with `fsync`, the content is on the disk before its name is. */
export const placeByCalls = async (
  fs: Pick<StoreFs, 'create' | 'rename' | 'remove'>,
  temporary: string,
  path: string,
  data: Uint8Array,
  fsync = false,
): Promise<void> => {
  const file = await fs.create(temporary)
  try {
    try {
      await file.write(data)
      if (fsync) await file.sync()
    } finally {
      await file.close()
    }
    await fs.rename(temporary, path)
  } catch (error) {
    // What went wrong first is what to tell; the next start looks for what is left.
    await fs.remove(temporary).catch(() => {})
    throw error
  }
}

/** Resolves when what another process wrote into a file would survive a power loss. */
export const syncFile = async (fs: StoreFs, path: string): Promise<void> => {
  const file = await fs.append(path)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
