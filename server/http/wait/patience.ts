import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { HttpProblem } from '../problem.ts'

/** Milliseconds beyond the time that was asked for, before the server's own time-out may end a connection. */
const margin = 60_000

/** The requests that wait for mail, each with somebody at its other end. */
export class Patients {
  readonly #all = new Set<Patience>()
  #isClosed = false

  get size(): number {
    return this.#all.size
  }

  /** A request that waits so many milliseconds, and may then `settle` for so many. To be ended, whatever comes of it. */
  begin(request: IncomingMessage, milliseconds: number, settle = 0): Patience {
    const ended = () => this.#all.delete(patience)
    const patience = new Patience(request.socket, { milliseconds, settle, ended })
    this.#all.add(patience)
    if (this.#isClosed) patience.abandon(closing())
    return patience
  }

  /** The server ends: everybody is answered. */
  close(): void {
    this.#isClosed = true
    for (const patience of this.#all) patience.abandon(closing())
  }
}

const closing = () => new HttpProblem(503, 'Mailcatch is shutting down.')

/** How long a request may wait still, and whether anybody waits for its answer. */
export class Patience {
  /** What was asked for. */
  readonly milliseconds: number
  readonly #socket: Socket
  readonly #timeout: number
  readonly #deadline: number
  readonly #ended: () => void
  readonly #abandoned = new AbortController()
  readonly #hungUp = () => this.abandon(new HttpProblem(400, 'The client hung up.'))

  constructor(
    socket: Socket,
    { milliseconds, settle, ended }: { milliseconds: number; settle: number; ended: () => void },
  ) {
    this.milliseconds = milliseconds
    // Each assertion of a request listens.
    setMaxListeners(0, this.#abandoned.signal)
    this.#socket = socket
    this.#deadline = performance.now() + milliseconds
    this.#ended = ended
    this.#timeout = socket.timeout ?? 0
    // Nothing goes over the connection meanwhile, which is no reason to end it.
    socket.setTimeout(milliseconds + settle + margin)
    socket.once('close', this.#hungUp)
    if (socket.destroyed) this.#hungUp()
  }

  /** Milliseconds until the time is over. */
  get left(): number {
    return Math.max(0, this.#deadline - performance.now())
  }

  /** Aborted, with the answer as its reason, when there is nothing to wait for any more. */
  get abandoned(): AbortSignal {
    return this.#abandoned.signal
  }

  abandon(reason: HttpProblem): void {
    this.#abandoned.abort(reason)
  }

  end(): void {
    this.#socket.setTimeout(this.#timeout)
    this.#socket.removeListener('close', this.#hungUp)
    this.#ended()
  }
}
