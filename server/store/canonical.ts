import type { Readable } from 'node:stream'
import { Canonicaliser } from '../mime/canonical.ts'
import { canonicalSize, type Message } from './message.ts'
import type { RawFiles } from './raw-files.ts'
import type { StoreFs } from './store-fs.ts'

/** Octets `[start, end)` of a message. */
export type Range = { readonly start: number; readonly end: number }

/** A message opened for reading, which is there until it is closed, even when it is removed meanwhile. */
export type OpenMessage = {
  /** Octets. */
  readonly size: number
  /** The octets `[start, end)`, which must be in it; at once, so for small pieces. Throws the file system's errors. */
  readNow(start: number, end: number): Buffer
  /** The same, while the process does something else. */
  read(start: number, end: number): Promise<Buffer>
  close(): void
}

/** A file, and where in it something lies. */
type Place = { readonly path: string; readonly start: number; readonly end: number }

/**
 * The messages as the mail protocols serve them: with CRLF line ends only. Nearly always that is the raw file; one that
 * holds a bare CR or LF gets a twin beside it, made when it is first wanted.
 */
export class Canonical {
  readonly #fs: StoreFs
  readonly #raw: RawFiles
  readonly #making = new Map<number, Promise<void>>()
  readonly #made = new Set<number>()
  readonly #isThere: (id: number) => boolean

  /** `isThere` tells whether anything uses a message. */
  constructor(fs: StoreFs, raw: RawFiles, isThere: (id: number) => boolean) {
    this.#fs = fs
    this.#raw = raw
    this.#isThere = isThere
  }

  /** The octets of a range, or all. Rejects with the error of the file system. */
  async bytes(message: Message, range?: Range): Promise<Buffer> {
    const { path, start, end } = await this.#place(message, range)
    return this.#fs.readRange(path, start, end)
  }

  /** The same as a stream. */
  async stream(message: Message, range?: Range): Promise<Readable> {
    const { path, start, end } = await this.#place(message, range)
    return this.#fs.stream(path, start, end)
  }

  /** Opens a message. Rejects with the error of the file system. */
  async open(message: Message): Promise<OpenMessage> {
    const { path, start, end } = await this.#place(message)
    const file = this.#fs.open(path)
    const whole = (octets: Buffer, length: number) => {
      if (octets.length === length) return octets
      throw new Error(`message ${message.id} is shorter than it was: ${path}`)
    }
    return {
      size: end - start,
      readNow: (from, to) => whole(file.readNow(start + from, start + to), to - from),
      read: async (from, to) => whole(await file.read(start + from, start + to), to - from),
      close: () => file.close(),
    }
  }

  /** The raw file is gone. */
  forget(id: number): void {
    this.#made.delete(id)
  }

  async #place(message: Message, range?: Range): Promise<Place> {
    const size = canonicalSize(message)
    const from = Math.min(range?.start ?? 0, size)
    const to = Math.min(range?.end ?? size, size)
    if (message.bareEnds === 0) {
      const { id, start } = message
      return { path: this.#raw.path(id), start: start + from, end: start + to }
    }
    if (!this.#made.has(message.id)) await this.#make(message)
    return { path: this.#raw.canonicalPath(message.id), start: from, end: to }
  }

  #make(message: Message): Promise<void> {
    const { id } = message
    let making = this.#making.get(id)
    if (!making) {
      making = this.#write(message).finally(() => this.#making.delete(id))
      this.#making.set(id, making)
    }
    return making
  }

  async #write({ id, start, size }: Message): Promise<void> {
    const path = this.#raw.canonicalPath(id)
    const temporary = `${path}.tmp`
    await this.#fs.remove(temporary)
    const file = await this.#fs.create(temporary)
    try {
      try {
        const canonicaliser = new Canonicaliser()
        for await (const chunk of this.#raw.stream(id, start, start + size)) {
          await file.write(canonicaliser.take(chunk as Buffer))
        }
        await file.write(canonicaliser.end())
      } finally {
        await file.close()
      }
      await this.#fs.rename(temporary, path)
    } catch (error) {
      // What went wrong first is what to tell; the next start looks for what is left.
      await this.#fs.remove(temporary).catch(() => {})
      throw error
    }
    if (this.#isThere(id)) this.#made.add(id)
    else await this.#fs.remove(path) // it went meanwhile
  }
}
