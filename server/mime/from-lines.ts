/** Octets in a row. `from` says that they begin with a From_ line, as it stands or behind a `>`. */
export type Piece = { readonly from: 'plain' | 'quoted' | null; readonly octets: Buffer }

const LF = 0x0a
const QUOTE = 0x3e
const FROM = Buffer.from('From ')
const EMPTY = Buffer.alloc(0)

/**
 * Finds the lines that begin with `From `, behind any number of `>`, in octets that come in pieces. Of such a line's
 * quotes all but the last are in the piece before, so that it holds back six octets at most.
 */
export class FromLines {
  #held: Buffer = EMPTY
  /** Whether the next octet stands at the start of a line, or behind nothing but quotes there. */
  #isAtLineStart = true

  take(chunk: Buffer): Piece[] {
    const buffer = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const pieces: Piece[] = []
    let from: Piece['from'] = null
    let start = 0
    const cut = (at: number, next: Piece['from']) => {
      if (at > start) pieces.push({ from, octets: buffer.subarray(start, at) })
      from = next
      start = at
    }
    for (let at = buffer.indexOf(FROM); at !== -1; at = buffer.indexOf(FROM, at + FROM.length)) {
      const line = startOfQuotes(buffer, at)
      if (line === 0 ? !this.#isAtLineStart : buffer[line - 1] !== LF) continue
      if (line < at) cut(at - 1, 'quoted')
      else cut(at, 'plain')
    }
    cut(this.#hold(buffer), null)
    return pieces
  }

  /** What was held back: the last octets, of which nothing comes any more. */
  end(): Piece[] {
    return this.#held.length === 0 ? [] : [{ from: null, octets: this.#held }]
  }

  /** Holds back what may turn out to be the beginning of such a line; answers where it starts. */
  #hold(buffer: Buffer): number {
    const line = buffer.lastIndexOf(LF) + 1
    let at = line
    while (buffer[at] === QUOTE) at++
    const rest = buffer.subarray(at)
    const mayBe =
      (line > 0 || this.#isAtLineStart) &&
      rest.length < FROM.length &&
      rest.equals(FROM.subarray(0, rest.length))
    this.#isAtLineStart = mayBe
    const start = mayBe ? Math.max(line, at - 1) : buffer.length
    this.#held = buffer.subarray(start)
    return start
  }
}

function startOfQuotes(buffer: Buffer, end: number): number {
  let at = end
  while (at > 0 && buffer[at - 1] === QUOTE) at--
  return at
}
