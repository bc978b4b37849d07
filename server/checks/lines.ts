import { excerpt } from '../mime/excerpt.ts'

/** The lines of a text, to turn offsets into places. Built at the first question. */
export class Lines {
  readonly #text: string
  #starts: Uint32Array | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** Line and column of an offset, both from 1. */
  at(offset: number): { readonly line: number; readonly column: number } {
    const starts = this.#lineStarts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 }
  }

  #lineStarts(): Uint32Array {
    if (this.#starts) return this.#starts
    const starts = [0]
    for (let at = this.#text.indexOf('\n'); at !== -1; at = this.#text.indexOf('\n', at + 1)) {
      starts.push(at + 1)
    }
    this.#starts = Uint32Array.from(starts)
    return this.#starts
  }
}

/** Characters of an excerpt. */
const LENGTH = 160

/** What stands in a text from an offset on, on one line. */
export function excerptOf(text: string, start: number, end = text.length): string {
  const length = Math.min(end, text.length) - start
  const piece = excerpt(text.slice(start), Math.min(length, LENGTH))
    // Places in decoded attributes are near enough, and may be within a pair.
    .replace(/^[\udc00-\udfff]/, '')
    .replace(/\s+/g, ' ')
    .trim()
  return length > LENGTH ? `${piece}…` : piece
}
