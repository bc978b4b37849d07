/**
 * Loaded by `--import` into the process of a soak: on SIGUSR2 it says in a line on standard error how long its event loop
 * was held since the line before, and what it holds once what is unused is collected. Plain JavaScript, since nobody
 * translates it there.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

/** Milliseconds between two looks at the event loop; a look that is late by more was held up. */
const RESOLUTION = 10

if (isMainThread) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  delay.enable()
  const milliseconds = nanoseconds => Math.max(0, nanoseconds / 1e6 - RESOLUTION)
  process.on('SIGUSR2', () => {
    const held = {
      median: milliseconds(delay.percentile(50)),
      p99: milliseconds(delay.percentile(99)),
      longest: milliseconds(delay.max),
    }
    collect()
    const { rss, heapUsed } = process.memoryUsage()
    process.stderr.write(`soak ${JSON.stringify({ rss, heap: heapUsed, held })}\n`)
    // The look that comes next was held up by the collection.
    setTimeout(() => delay.reset(), 3 * RESOLUTION)
  })
}
