/**
 * Loaded by `--import` into a process whose memory is measured: SIGUSR2 collects what is no longer used, so that what
 * stays is held by somebody, and says in a line on standard error how many octets these are, in the heap and beside it.
 * Plain JavaScript, since nobody translates it there.
 */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  process.on('SIGUSR2', () => {
    collect()
    const { heapUsed, external } = process.memoryUsage()
    process.stderr.write(`collected: ${heapUsed + external} octets stay\n`)
  })
}
