import { fold } from '../mime/fold.ts'
import type { Entry } from './message.ts'

/** What stands between texts that are looked through as one. */
const separator = '\0'
/** So many are sooner looked through one by one. */
const few = 4

/** Texts that patterns look at: folded once, however many patterns there are. */
export class Texts {
  readonly values: readonly string[]
  /** Characters of all of them. */
  readonly length: number
  #folded: readonly string[] | null = null
  #joined: string | null = null
  #set: ReadonlySet<string> | null = null

  constructor(values: readonly string[]) {
    this.values = values
    let length = 0
    for (const text of values) length += text.length
    this.length = length
  }

  get isFolded(): boolean {
    return this.#folded !== null
  }

  get folded(): readonly string[] {
    this.#folded ??= this.values.map(fold)
    return this.#folded
  }

  /** Whether one of them, folded, has that in it. */
  hold(wanted: string): boolean {
    // What has no separator in it lies within one of the texts.
    if (this.values.length <= few || wanted.includes(separator)) {
      return this.folded.some(text => text.includes(wanted))
    }
    this.#joined ??= this.folded.join(separator)
    return this.#joined.includes(wanted)
  }

  /** Whether one of them, folded, is that. */
  has(wanted: string): boolean {
    if (this.values.length <= few) return this.folded.includes(wanted)
    this.#set ??= new Set(this.folded)
    return this.#set.has(wanted)
  }
}

/** The texts of an entry, read once for all conditions of a search, which ask of one entry after the other. */
export const textsOf = (read: (entry: Entry) => readonly string[]): ((entry: Entry) => Texts) => {
  let last: Entry | undefined
  let texts = new Texts([])
  return entry => {
    if (entry !== last) {
      texts = new Texts(read(entry))
      last = entry
    }
    return texts
  }
}
