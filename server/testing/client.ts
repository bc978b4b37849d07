import type { Stats } from '../http/resources.ts'
import { Api } from './api.ts'
import { MailcatchError } from './errors.ts'
import { type Inbox, type InboxOptions, openInbox, type Server } from './inbox.ts'
import type { Mail } from './mail.ts'
import type { JsonMatcher } from './match.ts'
import { type Reading, readMail } from './reading.ts'

// `await using` looks for this symbol; a run time without it would name the property below "undefined".
;(Symbol as { asyncDispose: symbol }).asyncDispose ??= Symbol.for('nodejs.asyncDispose')

/** A Mailcatch, in this process or elsewhere, and everything that it has caught. */
export type MailcatchClient<M extends Mail = Mail> = Reading<M> &
  AsyncDisposable & {
    /** The web inbox and the API, with a `/` at its end. */
    readonly url: string
    readonly smtp: Server
    /**
     * Makes an inbox.
     *
     * @example
     * const inbox = await mailcatch.inbox('sign up')
     * await app.signUp(inbox.address())
     * const code = (await inbox.waitFor('Your code')).code()
     */
    inbox(name?: string, options?: InboxOptions): Promise<Inbox<M>>
    /** The part of the mail for which a matcher, in the API's words, holds. @internal */
    reading(matcher: JsonMatcher): Reading<M>
    /** Stops the server if it was started here; one that was connected to stays. */
    close(): Promise<void>
  }

export type ClientOptions = {
  /** Milliseconds that `waitFor` and its like wait unless told otherwise; 10 000 unless given. */
  readonly timeout?: number
}

const TIMEOUT = 10_000

/** @internal */
export type Making<M extends Mail> = ClientOptions & {
  readonly make: (mail: Mail) => M
  readonly close: () => Promise<void>
}

/** The client of the Mailcatch at a URL. @internal */
export async function openClient<M extends Mail>(
  url: string,
  { make, close, timeout = TIMEOUT }: Making<M>,
): Promise<MailcatchClient<M>> {
  const api = new Api(url)
  const { ports, cursor } = await api.json<Stats>('GET', 'v1/stats')
  const { hostname } = new URL(api.url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const reading = { timeout, make }
  return {
    ...readMail(api, { ...reading, matcher: {}, start: cursor }),
    url: api.url,
    get smtp() {
      if (ports.smtp === null)
        throw new MailcatchError(`SMTP is off in the Mailcatch at ${api.url}`)
      return { host, port: ports.smtp, url: `smtp://${hostname}:${ports.smtp}` }
    },
    reading: matcher => readMail(api, { ...reading, matcher, start: 0 }),
    inbox: (name, options = {}) => openInbox(api, { ...reading, name, ...options }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
