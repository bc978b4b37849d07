import type { IncomingMessage } from 'node:http'
import { HttpProblem } from './problem.ts'

/** Requests that may wait for their turn. */
export const mostWaiting = 50

/**
 * Lets one request at a time do what keeps a worker busy, so that what others need of that worker comes between any two.
 * A client that hung up meanwhile is passed over.
 */
export class OneByOne {
  readonly #waiting: (() => void)[] = []
  #isBusy = false

  /** Resolves with what the work comes to. Rejects with a 503 where too many wait already, and as the work does. */
  async run<T>({ socket }: IncomingMessage, work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) {
      if (this.#waiting.length >= mostWaiting) {
        throw new HttpProblem(503, 'Too many ask for this at the moment.', {
          headers: { 'retry-after': '1' },
        })
      }
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
    this.#isBusy = true
    try {
      if (socket.destroyed) throw new HttpProblem(400, 'The client hung up.')
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#isBusy = false
    }
  }
}
