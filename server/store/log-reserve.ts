import { randomBytes } from 'node:crypto'
import type { StoreFs } from './store-fs.ts'

/** Octets: enough to say of ten thousand scattered messages that they are gone. */
const size = 128 * 1024
/** Milliseconds between attempts of which nobody knows whether there is room. */
const patience = 1_000

/**
 * Room on the disk that is given up where it is full: a removal goes into the change log first, and without this nothing
 * could be deleted when that is what is needed most.
 */
export class LogReserve {
  readonly #fs: StoreFs
  readonly #path: string
  readonly #log: (line: string) => void
  #isTold = false
  #isThere = false
  #triedAt = Number.NEGATIVE_INFINITY
  #filling: Promise<void> | null = null

  constructor(fs: StoreFs, path: string, log: (line: string) => void) {
    this.#fs = fs
    this.#path = path
    this.#log = log
  }

  get isThere(): boolean {
    return this.#isThere
  }

  /** The same as `fill`, now and then. */
  async tryToFill(): Promise<void> {
    if (performance.now() - this.#triedAt >= patience) await this.fill()
  }

  /** Sets the room aside, if it is not and can be. */
  async fill(): Promise<void> {
    if (this.#isThere) return
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = null
    })
    await this.#filling
  }

  /** Waits for what is under way. */
  async settled(): Promise<void> {
    await this.#filling
  }

  /** Gives the room up; resolves with whether there was any. */
  async release(): Promise<boolean> {
    await this.#filling
    if (!this.#isThere) return false
    this.#isThere = false
    this.#triedAt = performance.now()
    await this.#fs.remove(this.#path)
    return true
  }

  async #fill(): Promise<void> {
    this.#triedAt = performance.now()
    try {
      await this.#fs.remove(this.#path)
      const file = await this.#fs.create(this.#path)
      try {
        // A file system that compresses would set nothing aside for zeros.
        await file.write(randomBytes(size))
      } finally {
        await file.close()
      }
      this.#isThere = true
      this.#isTold = false
    } catch (error) {
      // Tried again; till then others may have what room there is.
      await this.#fs.remove(this.#path).catch(() => {})
      if (this.#isTold) return
      this.#isTold = true
      this.#log(
        `no room could be set aside for deletions on a full disk: ${(error as Error).message}`,
      )
    }
  }
}
