/**
 * Leaves slices out of an input, large ones first, while it still fails.
 *
 * @param until Time (ms since the epoch) at which what is found by then is enough.
 */
export async function shrink(
  input: Uint8Array,
  stillFails: (smaller: Uint8Array) => Promise<boolean>,
  until: number,
): Promise<Uint8Array> {
  let best = input
  for (let length = Math.ceil(best.length / 2); length >= 1; length = Math.floor(length / 2)) {
    for (let start = 0; start < best.length && Date.now() < until; ) {
      const smaller = Buffer.concat([best.subarray(0, start), best.subarray(start + length)])
      if (await stillFails(smaller)) best = smaller
      else start += length
    }
  }
  return best
}
