/** Figures of one sort, in the order of their time. */
type Figures = readonly number[]

const median = (figures: Figures): number =>
  [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN

/**
 * By how much figures grew: the median of the last third less that of the third before. The first third is left to what
 * warms up: caches that fill, code that is compiled, a retention that is not yet reached.
 */
export const growth = (figures: Figures): number => {
  const third = Math.floor(figures.length / 3)
  return median(figures.slice(-third)) - median(figures.slice(-2 * third, -third))
}

/** By how much a figure differs from the one before it, half of them at most: what they differ by for no reason. */
export const noise = (figures: Figures): number =>
  median(figures.slice(1).map((figure, at) => Math.abs(figure - (figures[at] ?? figure))))

/**
 * Whether figures did not grow by more than they vary anyway; `room` is what they may grow by at least, in their unit.
 * Too few figures tell nothing, and are not flat.
 */
export const isFlat = (figures: Figures, room: number): boolean => {
  if (figures.length < 9) return false
  return growth(figures) <= Math.max(room, 3 * noise(figures.slice(figures.length / 3)))
}
