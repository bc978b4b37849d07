import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { placeByCalls, type StoreFile, type StoreFs } from '../../server/store/store-fs.ts'
import { Directory, File, type Node } from './crash-disk.ts'
import type { Random } from './random.ts'

/**
 * A disk in memory that knows what a crash would leave of it.
 *
 * What it models, on purpose a little worse than any one file system:
 *
 * - The content of a file is safe as it was at its last `sync`. Of each write since then a power loss leaves all,
 *   nothing, its beginning up to a multiple of 512 octets, or only its length (zeros); a lost write before a kept one
 *   leaves zeros. A truncation is kept or lost. `sync` says nothing of the file's name.
 * - The names of a directory are safe as they were at its last `syncDirectory`. Of the names made, replaced or removed
 *   since then a power loss leaves the first so many, in their order, for each directory by itself: a removal in one
 *   directory may survive although an older change in another does not. A new directory is a name in the one above.
 * - The old name of a renamed file never goes without the new one being there. Names and contents are independent: a
 *   name may survive although what was written to its file does not.
 * - A killed process loses nothing that was written.
 * - Calls that are under way when the end comes happen, or do not, or a write happens in half.
 *
 * What it leaves out: sectors that go bad by themselves, a disk that lies about its cache, permissions.
 */
export type CrashDisk = {
  /** Switches the machine on. */
  boot(random: Random, options?: BootOptions): Machine
  /** The disk after a power loss; whatever was found is safe. */
  afterPowerLoss(random: Random): CrashDisk
  /** The disk as it is, once more, everything safe. */
  copy(): CrashDisk
  /** Every file by its path. */
  files(): Map<string, Buffer>
  /** The path of every directory. */
  directories(): string[]
  /** Changes a file from outside, safe at once: null removes it, `'directory'` puts one in its place. */
  plant(path: string, content: Uint8Array | 'directory' | null): void
}

export type BootOptions = {
  /** So many calls are done, and then the end comes; never by default. */
  readonly calls?: number
}

/** A machine, or a process on it, until its end. Calls under way are done one at a time, in a random order. */
export type Machine = {
  readonly fs: StoreFs
  /** Calls done. */
  readonly calls: number
  readonly isOff: boolean
  /** Resolves at the end. No call ends after it. */
  readonly off: Promise<void>
  cut(): void
  /** The end comes after so many more calls. */
  cutAfter(calls: number): void
}

const failure = (code: string, path: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: ${path}`), { code, path })

const partsOf = (path: string): string[] => path.split('/').filter(part => part !== '')

/** What a disk is to the calls: a tree that is found by paths. */
class Tree {
  readonly root: Directory

  constructor(root: Directory) {
    this.root = root
  }

  find(path: string): Node | undefined {
    let node: Node | undefined = this.root
    for (const part of partsOf(path)) {
      node = node instanceof Directory ? node.names.get(part) : undefined
    }
    return node
  }

  file(path: string): File {
    const node = this.find(path)
    if (!node) throw failure('ENOENT', path)
    if (node instanceof Directory) throw failure('EISDIR', path)
    return node
  }

  /** The directory that a path's last name is in, and that name. */
  place(path: string): { readonly directory: Directory; readonly name: string } {
    const parts = partsOf(path)
    const name = parts.pop() ?? ''
    const directory = this.find(parts.join('/'))
    if (!(directory instanceof Directory)) throw failure('ENOENT', path)
    return { directory, name }
  }

  makeDirectory(path: string): void {
    let above = this.root
    for (const name of partsOf(path)) {
      const node = above.names.get(name) ?? new Directory()
      if (node instanceof File) throw failure('ENOTDIR', path)
      if (!above.names.has(name)) above.change({ name, node })
      above = node
    }
  }

  rename(from: string, to: string): void {
    const node = this.find(from)
    if (!node) throw failure('ENOENT', from)
    const source = this.place(from)
    const target = this.place(to)
    if (target.directory.names.get(target.name) instanceof Directory) throw failure('EISDIR', to)
    const change = target.directory.change({ name: target.name, node })
    const needs = { directory: target.directory, change }
    source.directory.change({ name: source.name, node: null, needs })
  }

  *files(directory = this.root, path = ''): Generator<[string, Buffer]> {
    for (const [name, node] of directory.names) {
      if (node instanceof Directory) yield* this.files(node, `${path}/${name}`)
      else yield [`${path}/${name}`, node.data]
    }
  }

  *directories(directory = this.root, path = ''): Generator<string> {
    for (const [name, node] of directory.names) {
      if (!(node instanceof Directory)) continue
      yield `${path}/${name}`
      yield* this.directories(node, `${path}/${name}`)
    }
  }
}

export const crashDisk = (root = new Directory()): CrashDisk => {
  const tree = new Tree(root)
  return {
    boot: (random, options = {}) => boot(tree, random, options),
    afterPowerLoss: random => crashDisk(root.afterPowerLoss(random)),
    copy: () => crashDisk(root.copy()),
    files: () => new Map(tree.files()),
    directories: () => [...tree.directories()],
    plant(path, content) {
      const { directory, name } = tree.place(path)
      const node =
        content === 'directory' ? new Directory() : content && new File(Buffer.from(content))
      directory.change({ name, node })
      directory.sync()
    },
  }
}

type Call = {
  readonly run: () => unknown
  /** What becomes of a call that the end cuts short, where it is more than nothing and less than all. */
  readonly half: (() => void) | undefined
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

const boot = (tree: Tree, random: Random, options: BootOptions): Machine => {
  let limit = options.calls
  const waiting: Call[] = []
  let done = 0
  let isOff = false
  let isWorking = false
  let end = () => {}
  const off = new Promise<void>(resolve => {
    end = resolve
  })

  const cut = (): void => {
    if (isOff) return
    isOff = true
    for (const { run, half } of waiting) {
      const fate = random.pick([run, half, undefined])
      try {
        fate?.()
      } catch {
        // Nobody is left to be told.
      }
    }
    end()
  }
  const work = async (): Promise<void> => {
    isWorking = true
    while (waiting.length > 0 && !isOff) {
      await setImmediate()
      if (isOff) return
      if (done === limit) return cut()
      done++
      const [next] = waiting.splice(random.integer(waiting.length), 1)
      try {
        next?.resolve(next.run() as never)
      } catch (error) {
        next?.reject(error)
      }
    }
    isWorking = false
  }
  const call = <T>(run: () => T, half?: () => void): Promise<T> =>
    new Promise((resolve, reject) => {
      if (isOff) return // whoever asks is no more
      waiting.push({ run, half, resolve, reject })
      if (!isWorking) void work()
    })

  const opened = (file: File): StoreFile => {
    const write = (data: Uint8Array, position: number | undefined): void =>
      file.edit({ at: position ?? file.data.length, bytes: Buffer.from(data) })
    return {
      write: (data, position) =>
        call(
          () => write(data, position),
          () => write(data.subarray(0, data.length >> 1), position),
        ),
      truncate: length => call(() => file.edit({ at: length, bytes: null })),
      sync: () => call(() => file.sync()),
      close: () => call(() => {}),
    }
  }
  const fs: StoreFs = {
    makeDirectory: path => call(() => tree.makeDirectory(path)),
    list: path =>
      call(() => {
        const node = tree.find(path)
        if (node instanceof File) throw failure('ENOTDIR', path)
        return [...(node?.names.keys() ?? [])]
      }),
    read: path => call(() => Buffer.from(tree.file(path).data)),
    readRange: (path, start, end) =>
      call(() => Buffer.from(tree.file(path).data.subarray(start, end))),
    stream: (path, start, end) =>
      Readable.from(
        (async function* () {
          yield await fs.readRange(path, start, end)
        })(),
        { objectMode: false },
      ),
    // Synchronous, so that no power can fail in it.
    open: path => {
      const { data } = tree.file(path)
      const readNow = (start: number, end: number) => Buffer.from(data.subarray(start, end))
      return { readNow, read: (start, end) => call(() => readNow(start, end)), close: () => {} }
    },
    size: path => call(() => tree.file(path).data.length),
    create: path =>
      call(() => {
        const { directory, name } = tree.place(path)
        if (directory.names.has(name)) throw failure('EEXIST', path)
        const file = new File()
        directory.change({ name, node: file })
        return opened(file)
      }),
    place: (temporary, path, data) => placeByCalls(fs, temporary, path, data),
    append: path =>
      call(() => {
        if (!tree.find(path)) {
          const { directory, name } = tree.place(path)
          directory.change({ name, node: new File() })
        }
        return opened(tree.file(path))
      }),
    rename: (from, to) => call(() => tree.rename(from, to)),
    remove: path =>
      call(() => {
        const node = tree.find(path)
        if (node instanceof Directory) throw failure('EISDIR', path)
        if (!node) return
        const { directory, name } = tree.place(path)
        directory.change({ name, node: null })
      }),
    syncDirectory: path =>
      call(() => {
        const node = tree.find(path)
        if (!(node instanceof Directory)) throw failure('ENOENT', path)
        node.sync()
      }),
    sharedPath: () => null,
  }
  return {
    fs,
    get calls() {
      return done
    },
    get isOff() {
      return isOff
    },
    off,
    cut,
    cutAfter: calls => {
      limit = done + calls
    },
  }
}
