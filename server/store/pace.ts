import { setImmediate } from 'node:timers/promises'

/** Milliseconds that the main thread is held at a time. */
const HELD = 5

/**
 * Lets others have the thread now and then while something is at work on many messages.
 *
 * @example
 * for (const entry of entries) {
 *   if (pace.isDue) await pace.rest()
 *   …
 * }
 */
export class Pace {
  readonly #signal: AbortSignal | undefined
  #since = performance.now()

  /** Once the signal is aborted, `rest` rejects with its reason. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal
  }

  get isDue(): boolean {
    return performance.now() - this.#since > HELD
  }

  async rest(): Promise<void> {
    await setImmediate()
    this.#signal?.throwIfAborted()
    this.#since = performance.now()
  }
}
