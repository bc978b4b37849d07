import { Readable } from 'node:stream'
import { placeByCalls, type StoreFile, type StoreFs } from './store-fs.ts'

const failure = (code: string, path: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: ${path}`), { code, path })

/** The content of one file: the pieces as they were written, joined at the first read. */
class MemoryFile {
  #pieces: Buffer[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  bytes(): Buffer {
    if (this.#pieces.length !== 1) this.#pieces = [Buffer.concat(this.#pieces, this.#length)]
    return this.#pieces[0] as Buffer
  }

  write(data: Uint8Array, position = this.#length): void {
    // A copy: the caller may use its buffer again.
    const copy = Buffer.from(data)
    if (position === this.#length) {
      this.#pieces.push(copy)
      this.#length += copy.length
      return
    }
    const before = this.bytes()
    const joined = Buffer.alloc(Math.max(before.length, position + copy.length))
    before.copy(joined)
    copy.copy(joined, position)
    this.#pieces = [joined]
    this.#length = joined.length
  }

  truncate(length: number): void {
    this.#pieces = [Buffer.from(this.bytes().subarray(0, length))]
    this.#length = Math.min(this.#length, length)
  }
}

/** The twin of the disk for `--memory`: same behaviour, nothing kept, no directories but in name. */
export const memoryFs = (): StoreFs => {
  // Directory → name → file, so that listing one does not walk the others.
  const directories = new Map<string, Map<string, MemoryFile>>()
  const split = (path: string): [string, string] => {
    const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
    return [path.slice(0, slash), path.slice(slash + 1)]
  }
  const find = (path: string): MemoryFile | undefined => {
    const [directory, name] = split(path)
    return directories.get(directory)?.get(name)
  }
  const need = (path: string): MemoryFile => {
    const file = find(path)
    if (!file) throw failure('ENOENT', path)
    return file
  }
  const put = (path: string, file: MemoryFile): void => {
    const [directory, name] = split(path)
    const files = directories.get(directory)
    if (!files) throw failure('ENOENT', path)
    files.set(name, file)
  }
  const opened = (file: MemoryFile): StoreFile => ({
    write: async (data, position) => file.write(data, position),
    truncate: async length => file.truncate(length),
    sync: async () => {},
    close: async () => {},
  })

  const fs: StoreFs = {
    async makeDirectory(path) {
      if (!directories.has(path)) directories.set(path, new Map())
    },
    list: async path => [
      ...(directories.get(path)?.keys() ?? []),
      ...[...directories.keys()]
        .map(split)
        .flatMap(([parent, name]) => (parent === path ? [name] : [])),
    ],
    read: async path => Buffer.from(need(path).bytes()),
    readRange: async (path, start, end) => Buffer.from(need(path).bytes().subarray(start, end)),
    stream: (path, start, end) => {
      const file = find(path)
      return file
        ? Readable.from([file.bytes().subarray(start, end)], { objectMode: false })
        : new Readable({
            read() {
              this.destroy(failure('ENOENT', path))
            },
          })
    },
    open(path) {
      const file = need(path)
      const readNow = (start: number, end: number) => Buffer.from(file.bytes().subarray(start, end))
      return { readNow, read: async (start, end) => readNow(start, end), close() {} }
    },
    size: async path => need(path).length,
    async create(path) {
      if (find(path)) throw failure('EEXIST', path)
      const file = new MemoryFile()
      put(path, file)
      return opened(file)
    },
    place: (temporary, path, data) => placeByCalls(fs, temporary, path, data),
    async append(path) {
      const file = find(path) ?? new MemoryFile()
      put(path, file)
      return opened(file)
    },
    async rename(from, to) {
      const file = need(from)
      put(to, file)
      const [directory, name] = split(from)
      directories.get(directory)?.delete(name)
    },
    async remove(path) {
      const [directory, name] = split(path)
      directories.get(directory)?.delete(name)
    },
    syncDirectory: async () => {},
    sharedPath: () => null,
  }
  return fs
}
