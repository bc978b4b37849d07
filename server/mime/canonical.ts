const LF = 0x0a
const CR = 0x0d

/** How the lines of a message end. */
export type LineEnds = {
  /** How many CR and LF stand alone: so many octets does the canonical form have more. */
  readonly bareEnds: number
  /** Whether the last line has no end at all. */
  readonly hasOpenEnd: boolean
}

/**
 * Looks at the line ends of a message that comes in pieces (RFC 5322 §2.1: "CR and LF MUST only occur together as
 * CRLF").
 */
export class LineEndReader {
  #count = 0
  #isAfterCr = false
  #last = LF

  take(chunk: Uint8Array): void {
    let count = 0
    let isAfterCr = this.#isAfterCr
    for (let at = 0; at < chunk.length; at++) {
      const octet = chunk[at]
      if (octet === LF) {
        if (!isAfterCr) count++
        isAfterCr = false
      } else {
        if (isAfterCr) count++
        isAfterCr = octet === CR
      }
    }
    this.#count += count
    this.#isAfterCr = isAfterCr
    this.#last = chunk.at(-1) ?? this.#last
  }

  /** What was seen, where nothing more comes. */
  get ends(): LineEnds {
    return {
      bareEnds: this.#count + (this.#isAfterCr ? 1 : 0),
      hasOpenEnd: this.#last !== LF && this.#last !== CR,
    }
  }
}

/** Makes CRLF of every CR and LF that stands alone, in a message that comes in pieces. */
export class Canonicaliser {
  #isAfterCr = false

  take(chunk: Uint8Array): Buffer {
    // At worst every octet is a line end by itself, and a CR is left from before.
    const result = Buffer.allocUnsafe(2 * chunk.length + 1)
    let length = 0
    for (let at = 0; at < chunk.length; at++) {
      const octet = chunk[at] as number
      if (octet === LF) {
        if (!this.#isAfterCr) result[length++] = CR
        result[length++] = LF
        this.#isAfterCr = false
        continue
      }
      if (this.#isAfterCr) result[length++] = LF
      result[length++] = octet
      this.#isAfterCr = octet === CR
    }
    return result.subarray(0, length)
  }

  /** What is left to write where nothing more comes. */
  end(): Buffer {
    return Buffer.from(this.#isAfterCr ? '\n' : '')
  }
}
