/** What tells the time, and wakes up when it has come. Milliseconds. */
export type Clock = {
  now(): number
  /** Calls `wake` once, after so long; returns what takes it back. */
  after(milliseconds: number, wake: () => void): () => void
}

const longest = 2 ** 31 - 1

/** The computer's, which keeps no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, wake) {
    // Longer ones are none in Node; who is woken early looks at the time.
    const timer = setTimeout(wake, Math.min(milliseconds, longest)).unref()
    return () => clearTimeout(timer)
  },
}
