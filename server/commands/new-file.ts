import { type FileHandle, open, rename, rm } from 'node:fs/promises'

/** Octets that are written in one piece. */
const pieceSize = 256 * 1024

/** A file that comes to be there in full or not at all: written under a temporary name, for this user alone. */
export class NewFile {
  readonly #path: string
  readonly #temporary: string
  readonly #file: FileHandle
  #pieces: Uint8Array[] = []
  #waiting = 0
  #written = 0

  private constructor(path: string, temporary: string, file: FileHandle) {
    this.#path = path
    this.#temporary = temporary
    this.#file = file
  }

  /** What an earlier one left that did not come to its end is thrown away. */
  static async open(path: string): Promise<NewFile> {
    const temporary = `${path}.part`
    await rm(temporary, { force: true })
    return new NewFile(path, temporary, await open(temporary, 'wx', 0o600))
  }

  /** Octets so far. */
  get size(): number {
    return this.#written + this.#waiting
  }

  async write(octets: Uint8Array): Promise<void> {
    this.#pieces.push(octets)
    this.#waiting += octets.length
    if (this.#waiting >= pieceSize) await this.#flush()
  }

  /** Takes back everything after the first `size` octets. */
  async cut(size: number): Promise<void> {
    await this.#flush()
    await this.#file.truncate(size)
    this.#written = size
  }

  /** Gives the file its name, in place of what may be there under it. Nothing is left where that fails. */
  async place(): Promise<void> {
    try {
      await this.#flush()
      await this.#file.close()
      await rename(this.#temporary, this.#path)
    } catch (error) {
      await this.discard()
      throw error
    }
  }

  /** Removes what was not placed. */
  async discard(): Promise<void> {
    await this.#file.close()
    await rm(this.#temporary, { force: true })
  }

  async #flush(): Promise<void> {
    const octets = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#waiting = 0
    for (let at = 0; at < octets.length; ) {
      const rest = octets.length - at
      const { bytesWritten } = await this.#file.write(octets, at, rest, this.#written)
      at += bytesWritten
      this.#written += bytesWritten
    }
  }
}
