import type { Target } from '../target.ts'

/** Ends its process at once where an input begins with a certain octet. */
export const target: Target = {
  name: 'dies',
  make: random => Buffer.from([random.integer(16), 1, 2]),
  check(input) {
    if (input[0] === 7) process.kill(process.pid, 'SIGKILL')
  },
}
