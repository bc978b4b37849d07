const LF = 0x0a
const CR = 0x0d

/**
 * Counts the CR and LF that stand alone in a message that comes in pieces (RFC 5322 §2.1: "CR and LF MUST only occur
 * together as CRLF"). So many octets does its canonical form have more.
 */
export class BareEndCounter {
  #count = 0
  #isAfterCr = false

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
  }

  /** The count, where nothing more comes. */
  get count(): number {
    return this.#count + (this.#isAfterCr ? 1 : 0)
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
