const LF = 0x0a
const CR = 0x0d

/**
 * Cuts a canonical message that comes in pieces behind its header, the empty line, and so many lines of its body
 * (RFC 1939 §7, TOP).
 */
export class Top {
  #linesLeft: number
  #isInHeader = true
  /** Whether the line that the last piece ended in has nothing but perhaps a CR so far. */
  #isEmptyLine = true
  #isDone = false

  constructor(lines: number) {
    this.#linesLeft = lines
  }

  /** Whether nothing of what follows belongs to it. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** Its part of the next piece. */
  take(chunk: Buffer): Buffer {
    for (let at = 0; !this.#isDone && at < chunk.length; ) {
      const end = chunk.indexOf(LF, at)
      if (end < 0) {
        this.#isEmptyLine &&= isEmpty(chunk, at, chunk.length)
        break
      }
      this.#endLine(this.#isEmptyLine && isEmpty(chunk, at, end))
      this.#isEmptyLine = true
      at = end + 1
      if (this.#isDone) return chunk.subarray(0, at)
    }
    return chunk
  }

  #endLine(isEmptyLine: boolean): void {
    if (!this.#isInHeader) this.#linesLeft--
    else if (isEmptyLine) this.#isInHeader = false
    this.#isDone = !this.#isInHeader && this.#linesLeft <= 0
  }
}

/** In a canonical message a CR stands in front of LF alone. */
const isEmpty = (chunk: Buffer, from: number, to: number): boolean =>
  to === from || (to === from + 1 && chunk[from] === CR)
