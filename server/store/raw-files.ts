import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { blockOf } from './entries.ts'
import { findRawHead, type RawHead, writeRawHead } from './raw-head.ts'
import { type StoreFile, type StoreFs, syncFile } from './store-fs.ts'

/** The name of a block of a thousand numbers, in all folders of the store. */
export const blockName = (block: number): string => String(block).padStart(6, '0')

/** The highest UID that there is (RFC 9051 §9, nz-number). */
export const highestNumber = 4_294_967_295

/** Up to here a message waits in memory and is written in one piece. */
const streamFrom = 256 * 1024
/** A message that is streamed is written in pieces of this size. */
const pieceSize = 64 * 1024

/** A raw file in the making, under a temporary name. */
export type Draft = {
  write(chunk: Uint8Array): Promise<void> | undefined
  /** Completes the file and gives it the name of its number. Resolves with the length of line 1. */
  finish(number: number, head: RawHead): Promise<number>
  discard(): Promise<void>
}

export type RawFilesOptions = {
  readonly fsync: boolean
  /** Told of what could not be cleared up. */
  readonly log: (line: string) => void
}

/** The messages as they were sent, a file each: `raw/000042/42017.eml`, line 1 ours, the rest the sender's. */
export class RawFiles {
  readonly #fs: StoreFs
  readonly #directory: string
  readonly #options: RawFilesOptions
  readonly #folders = new Map<number, Promise<void>>()

  constructor(fs: StoreFs, directory: string, options: RawFilesOptions) {
    this.#fs = fs
    this.#directory = directory
    this.#options = options
  }

  path(number: number): string {
    return join(this.#directory, blockName(blockOf(number)), `${number}.eml`)
  }

  /** The message with canonical line ends, made where it is wanted (see `canonical`). */
  canonicalPath(number: number): string {
    return join(this.#directory, blockName(blockOf(number)), `${number}.crlf.eml`)
  }

  /** Where another thread can read the file by itself, null where it cannot. */
  sharedPath(number: number): string | null {
    return this.#fs.sharedPath(this.path(number))
  }

  /** Makes the folder, and removes what a crash left half-written. */
  async open(): Promise<void> {
    await this.#fs.makeDirectory(this.#directory)
    for (const name of await this.#fs.list(this.#directory)) {
      if (/^[0-9a-f]{24}\.tmp$/.test(name)) await this.#fs.remove(join(this.#directory, name))
    }
  }

  /** `head` is asked for when the message must begin to be written before its end is there. */
  draft(head: () => RawHead): Draft {
    return new RawDraft(this.#fs, this.#directory, this.#options, head, async number => {
      await this.#folder(blockOf(number))
      return this.path(number)
    })
  }

  /** The numbers of the blocks that have a folder, ascending. */
  async blocks(): Promise<number[]> {
    const names = await this.#fs.list(this.#directory)
    return names
      .filter(name => /^\d{6,7}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b)
  }

  /** The numbers of the raw files in a block, ascending. What a crash left half-written goes. */
  async numbers(block: number): Promise<number[]> {
    const directory = join(this.#directory, blockName(block))
    const names = await this.#fs.list(directory)
    for (const name of names) {
      if (/^\d{1,10}\.eml\.tmp$/.test(name)) await this.#fs.remove(join(directory, name))
    }
    const numbers = names
      .map(name => Number(/^([1-9]\d{0,9})\.eml$/.exec(name)?.[1]))
      .filter(number => number <= highestNumber && blockOf(number) === block)
      .sort((a, b) => a - b)
    const there = new Set(numbers)
    for (const name of names) {
      const twin = /^([1-9]\d{0,9})\.crlf\.eml(\.tmp)?$/.exec(name)
      const isUseless = twin && (twin[2] || !there.has(Number(twin[1])))
      if (isUseless) await this.#fs.remove(join(directory, name))
    }
    return numbers
  }

  /** Mails that somebody laid among the raw files: what has no name of ours, or not in its place. */
  async strays(): Promise<string[]> {
    const strays: string[] = []
    for (const folder of await this.#fs.list(this.#directory)) {
      for (const name of await this.#fs.list(join(this.#directory, folder))) {
        const number = Number(/^([1-9]\d{0,9})(\.crlf)?\.eml$/.exec(name)?.[1])
        const isOurs = number <= highestNumber && blockName(blockOf(number)) === folder
        if (name.endsWith('.eml') && !isOurs) strays.push(join(this.#directory, folder, name))
      }
    }
    return strays
  }

  /** Line 1 and the length of the file; null where line 1 is not ours. */
  async head(number: number): Promise<{ head: RawHead; start: number; size: number } | null> {
    const path = this.path(number)
    const size = await this.#fs.size(path)
    const read = await findRawHead(size, end => this.#fs.readRange(path, 0, end))
    return read && { head: read.head, start: read.length, size: size - read.length }
  }

  /** The octets `[start, end)` of the file, line 1 included. */
  stream(number: number, start: number, end: number): Readable {
    return this.#fs.stream(this.path(number), start, end)
  }

  read(number: number, start: number, end: number): Promise<Buffer> {
    return this.#fs.readRange(this.path(number), start, end)
  }

  /** Removes the file, and before it its canonical twin where it may have one. */
  async remove(number: number, mayHaveTwin: boolean): Promise<void> {
    if (mayHaveTwin) await this.#fs.remove(this.canonicalPath(number))
    await this.#fs.remove(this.path(number))
  }

  /** Where that is wanted, resolves when it would survive a power loss which files these blocks have. */
  async syncBlocks(blocks: Iterable<number>): Promise<void> {
    if (!this.#options.fsync) return
    for (const block of blocks) {
      await this.#fs.syncDirectory(join(this.#directory, blockName(block)))
    }
  }

  /** The same for the content of a file that another process wrote. */
  async syncFile(number: number): Promise<void> {
    if (!this.#options.fsync) return
    await syncFile(this.#fs, this.path(number))
  }

  #folder(block: number): Promise<void> {
    let made = this.#folders.get(block)
    if (!made) {
      made = (async () => {
        await this.#fs.makeDirectory(join(this.#directory, blockName(block)))
        if (this.#options.fsync) await this.#fs.syncDirectory(this.#directory)
      })()
      this.#folders.set(block, made)
      // A folder that could not be made is tried again by the next message.
      made.catch(() => this.#folders.delete(block))
    }
    return made
  }
}

class RawDraft implements Draft {
  readonly #fs: StoreFs
  readonly #fsync: boolean
  readonly #log: (line: string) => void
  readonly #path: (number: number) => Promise<string>
  readonly #directory: string
  /** Of a message that is streamed: its number comes with its end. */
  #temporary = ''
  #head: () => RawHead
  #pieces: Uint8Array[] = []
  #waiting = 0
  #file: StoreFile | null = null
  #writing: Promise<void> | null = null

  constructor(
    fs: StoreFs,
    directory: string,
    { fsync, log }: RawFilesOptions,
    head: () => RawHead,
    path: (number: number) => Promise<string>,
  ) {
    this.#fs = fs
    this.#fsync = fsync
    this.#log = log
    this.#head = head
    this.#path = path
    this.#directory = directory
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    this.#pieces.push(chunk)
    this.#waiting += chunk.length
    if (this.#writing) return this.#writing
    if (this.#waiting < (this.#file ? pieceSize : streamFrom)) return undefined
    this.#writing = this.#flush().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  async finish(number: number, head: RawHead): Promise<number> {
    const path = await this.#path(number)
    const line = writeRawHead(head)
    this.#head = () => head
    if (this.#file || this.#writing || this.#fsync) await this.#stream(path, line)
    else await this.#fs.place(`${path}.tmp`, path, Buffer.concat([line, ...this.#pieces]))
    return line.length
  }

  async discard(): Promise<void> {
    this.#pieces = []
    await this.#writing?.catch(() => {}) // its caller was told
    const file = this.#file
    this.#file = null
    try {
      await file?.close()
      if (this.#temporary !== '') await this.#fs.remove(this.#temporary)
    } catch (error) {
      this.#log(`${this.#temporary} is left until the next start: ${(error as Error).message}`)
    }
  }

  /** Completes a file that is written in pieces, or that must be on the disk before its name is. */
  async #stream(path: string, line: Buffer): Promise<void> {
    const isBegun = this.#file !== null || this.#writing !== null
    while (this.#writing) await this.#writing
    await this.#flush()
    const file = this.#file as StoreFile
    if (isBegun) await file.write(line, 0)
    if (this.#fsync) await file.sync()
    this.#file = null
    await file.close()
    await this.#fs.rename(this.#temporary, path)
    // Not acknowledged yet: what fails from here on takes the file with it.
    this.#temporary = path
    if (this.#fsync) await this.#fs.syncDirectory(dirname(path))
  }

  async #flush(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = []
    this.#waiting = 0
    if (!this.#file) {
      this.#temporary = join(this.#directory, `${randomBytes(12).toString('hex')}.tmp`)
      this.#file = await this.#fs.create(this.#temporary)
      pieces.unshift(writeRawHead(this.#head()))
    }
    await this.#file.write(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces))
  }
}
