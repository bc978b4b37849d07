import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Up to here a message waits in memory, from here on in a file. Octets. */
const memoryLimit = 1024 * 1024
const readSize = 64 * 1024

/**
 * Keeps one message until it is known in full: what it is can be told by its last octet only, and neither a pipe nor an
 * mbox is read twice. Over the limit it keeps nothing, and only counts.
 */
export class Spool {
  readonly #limit: number
  readonly #hash = createHash('sha256')
  #pieces: Uint8Array[] = []
  #waiting = 0
  #file: FileHandle | null = null
  #size = 0

  /** @param limit octets that a message may have */
  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#size
  }

  get isOverLimit(): boolean {
    return this.#size > this.#limit
  }

  async write(octets: Uint8Array): Promise<void> {
    this.#size += octets.length
    if (this.isOverLimit) {
      this.#pieces = []
      return
    }
    this.#hash.update(octets)
    this.#pieces.push(octets)
    this.#waiting += octets.length
    if (this.#waiting <= memoryLimit) return
    this.#file ??= await openNameless()
    await this.#file.writeFile(Buffer.concat(this.#pieces))
    this.#pieces = []
    this.#waiting = 0
  }

  /** SHA-256 of the octets, in hexadecimal. May be asked for once, at the end. */
  digest(): string {
    return this.#hash.digest('hex')
  }

  /** The octets from the first one on, each time that it is called. */
  async *octets(): AsyncGenerator<Uint8Array> {
    for (let at = 0; this.#file; ) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.alloc(readSize), 0, readSize, at)
      if (bytesRead === 0) break
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
    yield* this.#pieces
  }

  async close(): Promise<void> {
    this.#pieces = []
    await this.#file?.close()
  }
}

/** A file that goes with its handle, however the process ends. */
async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `mailcatch-${randomBytes(12).toString('hex')}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}
