import type { Random } from '../helpers/random.ts'

/** Up to `most` of what `make` makes, one after the other. */
export const several = (random: Random, most: number, make: () => string, between = ''): string =>
  Array.from({ length: random.integer(most + 1) }, make).join(between)
