import { allocatedBy } from './allocated.ts'
import type { Target } from './target.ts'

/** Which octets are repeated, as `[start, end)`. */
export type Slice = readonly [start: number, end: number]

/** One of so many executions has a slice of its input repeated, to see how its time and memory grow: the last of them. */
export const GROWTH_EVERY = 4096

const SMALLEST = 1024
const LARGEST = 512 * 1024
/** Below this, the machine is measured and not the target. */
const MIN_MS = 20
/** Octets; below this too, compiling and the like are measured. */
const MIN_OCTETS = 32 * 1024 * 1024
/** How much larger the larger input is, and what its time may be of the smaller one's: linear would be as much. */
const TIMES = 8
const WORST = 4 * TIMES
/** And of twice as much: one step, where something else begins to be done, is no growth. */
const WORST_OF_TWICE = 3

/** The input with a slice of it repeated until it is about as long. */
const repeated = (input: Uint8Array, [start, end]: Slice, length: number): Uint8Array => {
  const octets = Buffer.from(input)
  const slice = octets.subarray(start, end)
  const more = Math.max(0, Math.floor((length - octets.length) / slice.length)) * slice.length
  return Buffer.concat([octets.subarray(0, end), Buffer.alloc(more, slice), octets.subarray(end)])
}

/**
 * Throws where the time of a target, or the memory that it takes, grows much faster than its input, of which a slice is
 * repeated more and more often. Where it fails for another reason, it throws that.
 *
 * @param beat is told before each execution.
 */
export async function checkGrowth(
  target: Target,
  input: Uint8Array,
  slice: Slice,
  beat: () => void = () => {},
): Promise<void> {
  if (target.growth !== undefined || slice[0] >= slice[1]) return
  const milliseconds = async (length: number): Promise<number> => {
    const octets = repeated(input, slice, length)
    beat()
    // Of the processor: what else runs on this machine counts for nothing.
    const before = process.cpuUsage()
    await target.check(octets)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  // What disturbs only makes it longer.
  const least = async (length: number, times = 5): Promise<number> => {
    let shortest = Number.POSITIVE_INFINITY
    for (let time = 0; time < times; time += 1) {
      shortest = Math.min(shortest, await milliseconds(length))
    }
    return shortest
  }
  const octets = (length: number): Promise<number> =>
    allocatedBy(async () => {
      await milliseconds(length)
    })
  const taken = new Map<number, number>()
  for (let length = SMALLEST * TIMES; length <= LARGEST; length *= 2) {
    let first = 0
    const most = await allocatedBy(async () => {
      first = await milliseconds(length)
    })
    taken.set(length, most)
    const few = taken.get(length / TIMES) ?? Number.POSITIVE_INFINITY
    const isMuch = most > MIN_OCTETS && most > few * WORST
    if (isMuch && (await octets(2 * length)) > most * WORST_OF_TWICE) {
      throw new Error(
        `memory grows faster than the input: ${length / TIMES} octets take ${few}, ${length} take ${most}`,
      )
    }
    if (first < MIN_MS) continue
    const small = await least(length / TIMES)
    const large = first > small * WORST ? await least(length) : first
    const isLong = large > MIN_MS && large > small * WORST
    if (isLong && (await least(2 * length, 2)) > large * WORST_OF_TWICE) {
      throw new Error(
        `time grows faster than the input: ${length / TIMES} octets take ${small.toFixed(1)} ms, ` +
          `${length} take ${large.toFixed(1)} ms`,
      )
    }
    // Twice as long takes twice as long: what is linear here needs no larger input.
    if (large > 2 * MIN_MS) return
  }
}
