/**
 * Cuts octets into pieces, one of three very short. Where it is cut comes from the octets
 * themselves, so that an input that failed fails again.
 */
export function* inPieces(octets: Buffer): Generator<Buffer> {
  let sum = octets.length
  for (let at = 0; at < octets.length; ) {
    sum = (Math.imul(sum, 31) + (octets[at] ?? 0)) >>> 0
    // Few of them in what is long, or cutting is all that is measured.
    const most = (sum >>> 8) % 3 === 0 ? 7 : 199
    const length = (1 + (sum % most)) * (1 + (octets.length >> 12))
    yield octets.subarray(at, at + length)
    at += length
  }
}

/** In one piece, for readers that take a stream. */
export async function* streamed(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield piece
}
