import type { RawFiles } from './raw-files.ts'

/** So many are deleted at a time. */
const atOnce = 16

/** The raw files of removed messages, on their way out in the background. */
export class RemovedFiles {
  readonly #raw: RawFiles
  readonly #log: (line: string) => void
  #numbers: number[] = []
  #deleting: Promise<void> | null = null

  constructor(raw: RawFiles, log: (line: string) => void) {
    this.#raw = raw
    this.#log = log
  }

  add(numbers: readonly number[]): void {
    for (const number of numbers) this.#numbers.push(number)
    this.#deleting ??= this.#delete().finally(() => {
      this.#deleting = null
    })
  }

  /** Waits for what is under way; resolves with whether no file is left. */
  async areGone(): Promise<boolean> {
    while (this.#deleting) await this.#deleting
    return this.#numbers.length === 0
  }

  async #delete(): Promise<void> {
    const stuck: number[] = []
    while (this.#numbers.length > 0) {
      const some = this.#numbers.splice(-atOnce)
      const results = await Promise.allSettled(some.map(number => this.#raw.remove(number)))
      results.forEach((result, index) => {
        if (result.status === 'fulfilled') return
        this.#log(`a removed message is still on disk: ${result.reason.message}`)
        stuck.push(some[index] as number)
      })
    }
    // Tried again with the next removal, or at the next start.
    this.#numbers = stuck
  }
}
