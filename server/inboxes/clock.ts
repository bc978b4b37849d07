/** What tells the time, and wakes up when it has come. Milliseconds. */
export type Clock = {
  now(): number
  /** Calls `wake` once, after so long; returns what takes it back. */
  after(milliseconds: number, wake: () => void): () => void
}

/** The computer's, which keeps no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, wake) {
    const timer = setTimeout(wake, milliseconds).unref()
    return () => clearTimeout(timer)
  },
}
