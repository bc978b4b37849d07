import type { Target } from '../target.ts'

/** Throws on an octet that every hundredth input or so has. */
export const target: Target = {
  name: 'throws',
  make: random => Buffer.from(Array.from({ length: 20 }, () => random.integer(2000) & 0xff)),
  check(input) {
    if (input.includes(0x7b)) throw new RangeError('a planted fault')
  },
}
