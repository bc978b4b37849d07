import { blockOf } from './entries.ts'
import type { RawFiles } from './raw-files.ts'

/** So many are deleted at a time. */
const atOnce = 16

/** The raw files of removed messages, on their way out in the background. */
export class RemovedFiles {
  readonly #raw: RawFiles
  readonly #log: (line: string) => void
  #numbers: number[] = []
  #deleting: Promise<void> | null = null
  /** Blocks whose removals a power loss may undo. */
  readonly #unsynced = new Set<number>()

  constructor(raw: RawFiles, log: (line: string) => void) {
    this.#raw = raw
    this.#log = log
  }

  /** `blocks` are those whose files another process removed, maybe not for good. */
  add(numbers: readonly number[], blocks: readonly number[] = []): void {
    for (const block of blocks) this.#unsynced.add(block)
    for (const number of numbers) this.#numbers.push(number)
    this.#deleting ??= this.#delete().finally(() => {
      this.#deleting = null
    })
  }

  /** Waits for what is under way; resolves with whether no file is left, for good. */
  async areGone(): Promise<boolean> {
    while (this.#deleting) await this.#deleting
    if (this.#numbers.length > 0) return false
    const blocks = [...this.#unsynced]
    await this.#raw.syncRemovals(blocks)
    for (const block of blocks) this.#unsynced.delete(block)
    return true
  }

  async #delete(): Promise<void> {
    const stuck: number[] = []
    while (this.#numbers.length > 0) {
      const some = this.#numbers.splice(-atOnce)
      const results = await Promise.allSettled(some.map(number => this.#raw.remove(number)))
      results.forEach((result, index) => {
        const number = some[index] as number
        if (result.status === 'fulfilled') {
          this.#unsynced.add(blockOf(number))
          return
        }
        this.#log(`a removed message is still on disk: ${result.reason.message}`)
        stuck.push(number)
      })
    }
    // Tried again with the next removal, or at the next start.
    this.#numbers = stuck
  }
}
