import type { Log } from '../log.ts'
import type { Inbox } from '../store/inbox.ts'
import type { MailStore } from '../store/mail-store.ts'
import { MailboxError } from '../store/store-error.ts'
import { type Clock, systemClock } from './clock.ts'
import { type InboxWish, makeInbox } from './make-inbox.ts'

/** An SMTP port that is one inbox's. */
export type Listener = { readonly port: number; close(): Promise<void> }

export type InboxesOptions = {
  readonly store: Pick<MailStore, 'inboxes'>
  /** Opens an SMTP port for the mail of an inbox; 0 is any free one. */
  readonly listen: (port: number, id: string) => Promise<Listener>
  /** Whether mail goes with its inbox; else it stays in the catch-all. */
  readonly allowDelete: boolean
  /** Whether flagged mail stays when its inbox expires. */
  readonly keepFlagged: boolean
  readonly log: Log
  /** For tests. */
  readonly clock?: Clock
}

/** Listeners of inboxes at a time. */
const maxListeners = 200
/** Milliseconds until what could not be done is tried again. */
const patience = 10_000

/** The inboxes while Mailcatch runs: made, listened for, and ended when their time has come, by one timer. */
export class LiveInboxes {
  readonly #options: InboxesOptions
  readonly #clock: Clock
  readonly #listeners = new Map<string, Listener>()
  /** Listeners that are being opened, or that have yet to end. */
  readonly #pending = new Set<Promise<unknown>>()
  #opening = 0
  #alarm: { readonly at: number; readonly stop: () => void } | null = null
  #isClosed = false

  private constructor(options: InboxesOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  /** Ends what expired while nothing ran, and opens the listeners of the others. */
  static async open(options: InboxesOptions): Promise<LiveInboxes> {
    const inboxes = new LiveInboxes(options)
    await inboxes.#expire()
    for (const { id, smtpPort } of options.store.inboxes.all()) {
      if (smtpPort !== null) await inboxes.#listenAgain(id, smtpPort)
    }
    return inboxes
  }

  /** The port of an inbox's own listener; null where it has none. */
  portOf(id: string): number | null {
    return this.#listeners.get(id)?.port ?? null
  }

  /**
   * Makes an inbox; durable when it resolves. Rejects with a MailboxError `limit` where there are as many, or as many
   * listeners, as there may be.
   */
  async make(wish: InboxWish & { readonly hasListener: boolean }): Promise<Inbox> {
    const wanted = makeInbox(wish, this.#clock.now())
    const smtpPort = wish.hasListener ? await this.#listen(0, wanted.id) : null
    const inbox = { ...wanted, smtpPort }
    try {
      await this.#options.store.inboxes.make(inbox)
    } catch (error) {
      this.#stopListening(inbox.id)
      throw error
    }
    this.#setAlarm(inbox.expiresAt)
    return inbox
  }

  /** Ends an inbox, with the mail that is its alone; durable when it resolves, with how many messages went. */
  async end(id: string): Promise<number> {
    const { store, allowDelete } = this.#options
    const count = await store.inboxes.end([id], { keepsMail: !allowDelete })
    this.#stopListening(id)
    return count
  }

  /** No inbox expires any more; resolves when the last listener is closed. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#alarm?.stop()
    for (const id of [...this.#listeners.keys()]) this.#stopListening(id)
    while (this.#pending.size > 0) await Promise.allSettled([...this.#pending])
  }

  /** Resolves with the port. */
  async #listen(port: number, id: string): Promise<number> {
    if (this.#listeners.size + this.#opening >= maxListeners) {
      throw new MailboxError(
        'limit',
        `${maxListeners} inboxes have an SMTP listener of their own, as many as there may be`,
      )
    }
    this.#opening++
    const opening = this.#options.listen(port, id).then(listener => {
      this.#listeners.set(id, listener)
      if (this.#isClosed) this.#stopListening(id)
      return listener.port
    })
    try {
      return await this.#awaited(opening)
    } finally {
      this.#opening--
    }
  }

  /** After a restart: at the port that it had, where that is free. */
  async #listenAgain(id: string, port: number): Promise<void> {
    const { log } = this.#options
    try {
      const now = await this.#listen(port, id).catch(() => this.#listen(0, id))
      if (now !== port) log.warn(`inbox ${id} listens on port ${now}: ${port} is taken`)
    } catch (error) {
      log.warn(`inbox ${id} is without its SMTP listener: ${(error as Error).message}`)
    }
  }

  #stopListening(id: string): void {
    const listener = this.#listeners.get(id)
    if (!listener) return
    this.#listeners.delete(id)
    // Mail that is under way there may take its time.
    this.#awaited(listener.close()).catch(error =>
      this.#options.log.error(`the listener of inbox ${id} did not close`, error),
    )
  }

  /** What `close` waits for. */
  #awaited<T>(work: Promise<T>): Promise<T> {
    const pending = work.finally(() => this.#pending.delete(pending))
    this.#pending.add(pending)
    return pending
  }

  /** Wakes up at a time, unless it does so before. */
  #setAlarm(at: number): void {
    if (this.#isClosed || (this.#alarm && this.#alarm.at <= at)) return
    this.#alarm?.stop()
    const stop = this.#clock.after(Math.max(0, at - this.#clock.now()), () => {
      this.#alarm = null
      void this.#awaited(this.#expire())
    })
    this.#alarm = { at, stop }
  }

  /** Ends what has expired, and sets the alarm for what does next. */
  async #expire(): Promise<void> {
    const { store, allowDelete, keepFlagged, log } = this.#options
    const now = this.#clock.now()
    const expired = store.inboxes.all().filter(({ expiresAt }) => expiresAt <= now)
    const ids = expired.map(({ id }) => id)
    try {
      await store.inboxes.end(ids, { keepsMail: !allowDelete, keepsFlagged: keepFlagged })
      for (const id of ids) this.#stopListening(id)
    } catch (error) {
      log.error('inboxes have expired, and could not be ended', error)
      this.#setAlarm(now + patience)
      return
    }
    const times = store.inboxes.all().map(({ expiresAt }) => expiresAt)
    if (times.length > 0) this.#setAlarm(times.reduce((one, other) => Math.min(one, other)))
  }
}
