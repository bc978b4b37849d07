const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e

/**
 * Makes the lines of a multi-line response from a canonical message that comes in pieces: each line that begins with a
 * dot gets another one in front, and the last line gets an end where it has none (RFC 1939 §3).
 */
export class DotStuffer {
  #isAtLineStart = true

  /** The octets to send; those that came, where nothing is to be changed. */
  take(chunk: Buffer): Buffer {
    const isChanged = (this.#isAtLineStart && chunk[0] === DOT) || chunk.includes('\n.')
    const stuffed = isChanged ? this.#stuff(chunk) : chunk
    if (chunk.length > 0) this.#isAtLineStart = chunk.at(-1) === LF
    return stuffed
  }

  /** What the last line lacks. */
  end(): Buffer {
    return this.#isAtLineStart ? Buffer.alloc(0) : Buffer.of(CR, LF)
  }

  /** Octet by octet, so that a message of dots takes no longer than any other. */
  #stuff(chunk: Buffer): Buffer {
    const stuffed = Buffer.allocUnsafe(2 * chunk.length)
    let length = 0
    let isAtLineStart = this.#isAtLineStart
    for (let at = 0; at < chunk.length; at++) {
      const octet = chunk[at] as number
      if (isAtLineStart && octet === DOT) stuffed[length++] = DOT
      stuffed[length++] = octet
      isAtLineStart = octet === LF
    }
    return stuffed.subarray(0, length)
  }
}
