/**
 * IDLE tells what happens as it happens, until the client says DONE (RFC 9051 §6.3.13, RFC 2177).
 *
 * idle = "IDLE" CRLF "DONE"
 */

import { Disconnected } from '../disconnected.ts'
import { ImapError } from '../errors.ts'
import type { MailboxView } from '../mailbox-view.ts'
import type { Output } from '../output.ts'
import type { Authenticated, Call, Selected } from '../session.ts'

/** Milliseconds that changes are gathered for, after some have just been told. */
const QUIET = 20

export async function runIdle({
  session,
  state,
}: Call<Authenticated | Selected>): Promise<undefined> {
  const { connection, options, output } = session
  output.text('+ idling\r\n')
  const teller = state.name === 'selected' ? new Teller(state.view, output) : null
  output.flush()
  session.isInterruptible = true
  session.expect(options.idleTimeout)
  try {
    const line = await connection.reader.readLine()
    if (!line) throw new Disconnected()
    if (line.refusal) throw line.refusal
    if (line.text.toUpperCase() !== 'DONE') throw new ImapError('BAD', 'expected DONE')
  } finally {
    session.isInterruptible = false
    await teller?.end()
  }
}

/** Tells one client the changes of its mailbox: the first at once, a burst of them together. */
class Teller {
  readonly #view: MailboxView
  readonly #output: Output
  #timer: NodeJS.Timeout | null = null
  #telling: Promise<void> | null = null
  #lastTold = Number.NEGATIVE_INFINITY
  #isEnded = false

  constructor(view: MailboxView, output: Output) {
    this.#view = view
    this.#output = output
    view.onNews = () => this.#wake()
    // What happened before.
    this.#wake()
  }

  /** Resolves when nothing more is being written. */
  async end(): Promise<void> {
    this.#isEnded = true
    this.#view.onNews = null
    if (this.#timer) clearTimeout(this.#timer)
    await this.#telling
  }

  #wake(): void {
    if (this.#timer || this.#telling || this.#isEnded) return
    const wait = Math.max(0, this.#lastTold + QUIET - performance.now())
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#telling = this.#tell().finally(() => {
        this.#telling = null
        if (this.#view.hasNews) this.#wake()
      })
    }, wait)
  }

  async #tell(): Promise<void> {
    try {
      // Many idle clients are told the same at the same time.
      if (this.#output.mustPauseNow) await this.#output.pause()
      await this.#view.flush(this.#output)
      this.#output.flush()
      if (this.#output.mustPause) await this.#output.pause()
    } catch (error) {
      // The reader of DONE learns that, too.
      if (!(error instanceof Disconnected)) throw error
      this.#isEnded = true
    }
    this.#lastTold = performance.now()
  }
}
