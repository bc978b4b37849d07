import type { Target } from '../target.ts'

/** Looks at each octet once for each octet. */
export const target: Target = {
  name: 'slows',
  make: random => Buffer.from(Array.from({ length: 20 }, () => random.integer(256))),
  check(input) {
    let sum = 0
    for (const a of input) for (const b of input) sum += a ^ b
    if (sum < 0) throw new Error('a sum below 0')
  },
}
