import type { Target } from '../target.ts'

/** Nothing is wrong here, and it takes long: 10 ns an octet, some times. */
export const target: Target = {
  name: 'holds',
  make: random => Buffer.from(Array.from({ length: 20 }, () => random.integer(256))),
  check(input) {
    let sum = 0
    for (let round = 0; round < 100; round += 1) for (const octet of input) sum += octet
    if (sum < 0) throw new Error('a sum below 0')
  },
}
