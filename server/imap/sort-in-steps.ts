import type { Pace } from '../store/pace.ts'

/** Says when it is time to let others have the thread, and lets them. */
type Rests = Pick<Pace, 'isDue' | 'rest'>

/** Sorted at once: some tenths of a millisecond. */
const RUN = 512

/** Sorts, and lets others have the thread meanwhile. Stable; leaves `items` as they are. */
export async function sortInSteps<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  pace: Rests,
): Promise<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).sort(compare))
    if (pace.isDue) await pace.rest()
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let at = 0; at < runs.length; at += 2) {
      const [first = [], second] = runs.slice(at, at + 2)
      merged.push(second ? await merge(first, second, compare, pace) : first)
    }
    runs = merged
  }
  return runs[0] ?? []
}

async function merge<T>(
  first: readonly T[],
  second: readonly T[],
  compare: (a: T, b: T) => number,
  pace: Rests,
): Promise<T[]> {
  const merged: T[] = []
  let other = 0
  for (const item of first) {
    while (other < second.length && compare(second[other] as T, item) < 0) {
      merged.push(second[other++] as T)
      if (pace.isDue) await pace.rest()
    }
    merged.push(item)
    if (pace.isDue) await pace.rest()
  }
  while (other < second.length) merged.push(second[other++] as T)
  return merged
}
