import type { Message } from './message.ts'
import type { RawFiles } from './raw-files.ts'

/** So many are deleted at a time. */
const atOnce = 16

/** A message, and whether it may have a canonical twin. */
type Going = readonly [number: number, mayHaveTwin: boolean]

/** The raw files of removed messages, on their way out in the background. */
export class RemovedFiles {
  readonly #raw: RawFiles
  readonly #log: (line: string) => void
  #going: Going[] = []
  #underWay: Going[] = []
  #deleting: Promise<void> | null = null

  constructor(raw: RawFiles, log: (line: string) => void) {
    this.#raw = raw
    this.#log = log
  }

  /** Those that a former process left. */
  addNumbers(numbers: readonly number[]): void {
    for (const number of numbers) this.#going.push([number, true])
    this.#begin()
  }

  add(messages: readonly Message[]): void {
    for (const { id, bareEnds } of messages) this.#going.push([id, bareEnds > 0])
    this.#begin()
  }

  /** The numbers of the files that are still there. */
  get numbers(): number[] {
    return [...this.#going, ...this.#underWay].map(([number]) => number)
  }

  #begin(): void {
    this.#deleting ??= this.#delete().finally(() => {
      this.#deleting = null
    })
  }

  /** Waits for what is under way. */
  async settled(): Promise<void> {
    while (this.#deleting) await this.#deleting
  }

  async #delete(): Promise<void> {
    const stuck: Going[] = []
    while (this.#going.length > 0) {
      const some = this.#going.splice(-atOnce)
      this.#underWay = some
      const results = await Promise.allSettled(some.map(file => this.#raw.remove(...file)))
      results.forEach((result, index) => {
        if (result.status === 'fulfilled') return
        this.#log(`a removed message is still on disk: ${result.reason.message}`)
        stuck.push(some[index] as Going)
      })
    }
    this.#underWay = []
    // Tried again with the next removal, or at the next start.
    this.#going = stuck
  }
}
