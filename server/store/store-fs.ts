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
  size(path: string): Promise<number>
  /** A new file, for this user alone; EEXIST where the name is taken. */
  create(path: string): Promise<StoreFile>
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

/** Writes a whole file so that it is there in full or not at all: temporary name, then rename. */
export const replaceFile = async (
  fs: StoreFs,
  path: string,
  data: Uint8Array,
  options: { readonly temporary: string; readonly fsync: boolean },
): Promise<void> => {
  await fs.remove(options.temporary)
  const file = await fs.create(options.temporary)
  try {
    await file.write(data)
    if (options.fsync) await file.sync()
  } catch (error) {
    await file.close()
    await fs.remove(options.temporary)
    throw error
  }
  await file.close()
  await fs.rename(options.temporary, path)
}
