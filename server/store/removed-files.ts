import { blockOf } from './entries.ts'
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
  /** Tried again with the next removal, or at the next start. */
  #stuck: Going[] = []
  /** Gone, but a power loss may bring them back. */
  #unsynced: Going[] = []
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

  /** The numbers of the files that are still there, or may be there again after a power loss. */
  get numbers(): number[] {
    const all = [...this.#going, ...this.#underWay, ...this.#stuck, ...this.#unsynced]
    return all.map(([number]) => number)
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
    this.#going.push(...this.#stuck.splice(0))
    while (this.#going.length > 0) {
      await this.#deleteSome()
      if (this.#going.length === 0) await this.#sync()
    }
  }

  async #deleteSome(): Promise<void> {
    const some = this.#going.splice(-atOnce)
    this.#underWay = some
    const results = await Promise.allSettled(some.map(file => this.#raw.remove(...file)))
    this.#underWay = []
    results.forEach((result, index) => {
      const file = some[index] as Going
      if (result.status === 'fulfilled') {
        this.#unsynced.push(file)
        return
      }
      this.#log(`a removed message is still on disk: ${result.reason.message}`)
      this.#stuck.push(file)
    })
  }

  async #sync(): Promise<void> {
    const gone = this.#unsynced.length
    const blocks = new Set(this.#unsynced.map(([number]) => blockOf(number)))
    try {
      await this.#raw.syncBlocks(blocks)
      this.#unsynced.splice(0, gone)
    } catch (error) {
      this.#log(`a power loss may bring back removed messages: ${(error as Error).message}`)
    }
  }
}
