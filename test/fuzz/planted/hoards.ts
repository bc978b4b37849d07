import type { Target } from '../target.ts'

/** Keeps a copy of what follows, at one of 256 octets. */
export const target: Target = {
  name: 'hoards',
  make: random => Buffer.from(Array.from({ length: 20 }, () => random.integer(256))),
  check(input) {
    const kept: Uint8Array[] = []
    for (let at = 0; at < input.length; at += 256) kept.push(new Uint8Array(input.subarray(at)))
    if (kept.at(-1)?.length === 0) throw new Error('nothing follows')
  },
}
