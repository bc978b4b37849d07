import { startHere } from '../start.ts'
import { type EmailInfo, emailOf } from './email.ts'
import { openGate } from './gate.ts'

export type { EmailAttachment, EmailInfo, HeaderValue } from './email.ts'

/** What smtp-tester 2.1.0 offers, with a Mailcatch behind it: change the import, and nothing else. */

export type Handler = (recipient: string, id: number, email: EmailInfo) => void
export type CatchAllHandler = (recipient: null, id: number, email: EmailInfo) => void

export type CaptureOneResult = {
  readonly address: string
  readonly id: number
  readonly email: EmailInfo
}

/** What listens at the port. */
export type SmtpServer = {
  readonly listening: boolean
  address(): unknown
  on(event: 'error' | 'close' | 'listening', listener: (error?: Error) => void): unknown
  close(callback?: (error?: Error) => void): unknown
}

export type MailServer = {
  readonly smtpServer: SmtpServer
  /** Calls the handler for each mail to a recipient, or for each at all: those that are here, and those that come. */
  bind(recipient: string, handler: Handler): void
  bind(handler: CatchAllHandler): void
  unbind(recipient: string, handler: Handler): void
  unbind(handler: CatchAllHandler): void
  /** Takes one mail for a recipient away. Rejects after `wait` milliseconds; 0, the default, is for ever. */
  captureOne(recipient: string, options?: { readonly wait?: number }): Promise<CaptureOneResult>
  remove(messageID: number): void
  removeAll(): void
  stop(callback?: (error?: Error) => void): void
  /** `logAll` prints every mail. */
  module(name: 'logAll'): true
  unmodule(name: 'logAll'): void
}

type Bound = { readonly recipient: string | null; readonly call: Handler | CatchAllHandler }

/**
 * Starts a server at a port, which takes connections when this returns.
 *
 * @example
 * const mailServer = init(4025)
 * const { email } = await mailServer.captureOne('ann@example.com', { wait: 1000 })
 */
export function init(port: number): MailServer {
  const starting = startHere({ pop3Port: null, imapPort: null }, mail => mail)
  const emails = new Map<number, EmailInfo>()
  let bound: readonly Bound[] = []
  let last = 0
  let logger: CatchAllHandler | undefined

  /** Calls the handlers for what has come since it last did. */
  const tell = async (): Promise<void> => {
    const mailcatch = await starting
    for (const mail of await mailcatch.all({}, { since: last })) {
      last = mail.id
      const email = await emailOf(mail)
      emails.set(mail.id, email)
      for (const one of bound) dispatch(one, mail.id, email)
    }
  }
  const smtpServer = openGate(port, {
    target: starting.then(({ smtp }) => smtp.port),
    told: inTurn(tell),
  })

  const mailServer: MailServer = {
    smtpServer,
    bind(recipient: string | CatchAllHandler, handler?: Handler) {
      const added = boundOf(recipient, handler)
      bound = [...bound, added]
      for (const [id, email] of emails) dispatch(added, id, email)
    },
    unbind(recipient: string | CatchAllHandler, handler?: Handler) {
      const removed = boundOf(recipient, handler)
      bound = bound.filter(
        ({ recipient, call }) => recipient !== removed.recipient || call !== removed.call,
      )
    },
    captureOne: (recipient, { wait = 0 } = {}) =>
      new Promise((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined
        const handler: Handler = (address, id, email) => {
          clearTimeout(timer)
          mailServer.unbind(recipient, handler)
          emails.delete(id)
          resolve({ address, id, email })
        }
        if (wait > 0) {
          timer = setTimeout(() => {
            mailServer.unbind(recipient, handler)
            reject(new Error(`No message delivered to ${recipient}`))
          }, wait)
        }
        mailServer.bind(recipient, handler)
      }),
    remove(messageID) {
      emails.delete(messageID)
    },
    removeAll() {
      emails.clear()
    },
    stop(callback) {
      smtpServer.close(error => {
        starting
          .then(({ close }) => close())
          .then(() => callback?.(error), callback ?? (fault => smtpServer.emit('error', fault)))
      })
    },
    module(name) {
      if (name !== 'logAll') throw new Error(`There is no module ${name}; there is logAll.`)
      logger = logAll
      mailServer.bind(logger)
      return true
    },
    unmodule() {
      if (logger) mailServer.unbind(logger)
      logger = undefined
    },
  }
  return mailServer
}

function dispatch({ recipient, call }: Bound, id: number, email: EmailInfo): void {
  if (recipient === null) (call as CatchAllHandler)(null, id, email)
  else if (email.receivers[recipient]) (call as Handler)(recipient, id, email)
}

const boundOf = (recipient: string | CatchAllHandler, handler: Handler | undefined): Bound => {
  if (typeof recipient === 'function') return { recipient: null, call: recipient }
  if (handler) return { recipient, call: handler }
  throw new TypeError('bind and unbind want a handler')
}

/** One call at a time, each after the one before, whether that succeeded or not. */
function inTurn(work: () => Promise<void>): () => Promise<void> {
  let before: Promise<void> = Promise.resolve()
  return () => {
    before = before.then(work, work)
    return before
  }
}

const logAll: CatchAllHandler = (_recipient, _id, { headers, body }) => {
  const { from, to, date, subject } = headers
  const lines = [`From: ${from}`, `To: ${to}`, `Date: ${date}`, `Subject: ${subject}`, body, '', '']
  console.log(lines.join('\n'))
}
