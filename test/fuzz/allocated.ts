import { GCProfiler, getHeapStatistics } from 'node:v8'

/** Octets on the heap, and outside of it in buffers. */
type Used = readonly [heap: number, external: number]

/**
 * Octets that something allocates until it is done, whether they are collected meanwhile or not: never less than it has at
 * once, and the same each time, whenever the collector happens to run.
 */
export async function allocatedBy(run: () => void | Promise<void>): Promise<number> {
  const profiler = new GCProfiler()
  profiler.start()
  let last = usedNow()
  let sum = 0
  try {
    await run()
  } finally {
    const now = usedNow()
    for (const { beforeGC, afterGC } of profiler.stop().statistics) {
      add(usedIn(beforeGC.heapStatistics))
      last = usedIn(afterGC.heapStatistics)
    }
    add(now)
  }
  return sum

  function add([heap, external]: Used): void {
    sum += Math.max(0, heap - last[0]) + Math.max(0, external - last[1])
  }
}

const usedIn = (statistics: {
  readonly usedHeapSize: number
  readonly externalMemory: number
}): Used => [statistics.usedHeapSize, statistics.externalMemory]

function usedNow(): Used {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return [used_heap_size, external_memory]
}
