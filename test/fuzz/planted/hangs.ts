import type { Target } from '../target.ts'

/** Never ends where an input begins with a certain octet. */
export const target: Target = {
  name: 'hangs',
  make: random => Buffer.from([random.integer(16), 1, 2]),
  check(input) {
    while (input[0] === 7);
  },
}
