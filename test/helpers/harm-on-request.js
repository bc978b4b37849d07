/**
 * Loaded by `--import` into a victim that is to be found harmed: a request for `/harm/NAME` does that harm before it is
 * answered. Plain JavaScript, since nobody translates it there.
 */

import { subscribe } from 'node:diagnostics_channel'
import { openSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const MEGABYTE = 1024 ** 2
const held = []

const harms = {
  // Half of it in the heap and half beside it, each of which is little enough to be overlooked.
  memory() {
    held.push(new Array(6 * MEGABYTE).fill(0.5), Buffer.alloc(48 * MEGABYTE, 1))
  },
  files() {
    for (let count = 0; count < 10; count++) held.push(openSync(process.execPath, 'r'))
  },
  unhandled() {
    void Promise.reject(new Error('planted'))
  },
  slowness() {
    // A message is sent and read by five connections.
    const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 220)
    subscribe('net.server.socket', wait)
  },
}

if (isMainThread) {
  subscribe('http.server.request.start', ({ request }) => {
    const [, name] = /^\/harm\/(\w+)$/.exec(request.url) ?? []
    if (name) harms[name]()
  })
}
