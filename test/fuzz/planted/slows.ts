import type { Target } from '../target.ts'

/** Looks at every octet once for every fourth one. */
export const target: Target = {
  name: 'slows',
  make: random => Buffer.from(Array.from({ length: 20 }, () => random.integer(256))),
  check(input) {
    let sum = 0
    for (let a = 0; a < input.length; a += 4) {
      for (let b = 0; b < input.length; b += 1) sum += input[b] ?? 0
    }
    if (sum < 0) throw new Error('a sum below 0')
  },
}
