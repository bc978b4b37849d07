import { StoreError } from '../store/store-error.ts'

/**
 * A reply that refuses: thrown or handed to smtp-server, which sends `responseCode` and the message. The message
 * starts with the enhanced status code (RFC 2034).
 */
export class SmtpError extends Error {
  override readonly name = 'SmtpError'
  readonly responseCode: number

  constructor(responseCode: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.responseCode = responseCode
  }
}

/** Every reply that we word ourselves. */
export const replies = {
  queued: (id: number) => `2.0.0 Ok: queued as ${id}`,
  tooBig: (limit: number) => new SmtpError(552, `5.3.4 Message is larger than ${limit} octets`),
  tooManyRecipients: () => new SmtpError(452, '4.5.3 Too many recipients'),
  tooSlow: () => new SmtpError(421, '4.4.2 The message took too long, closing connection'),
  tooSlowCommand: () => new SmtpError(421, '4.4.2 Timeout - closing connection'),
  wrongCredentials: () => new SmtpError(535, '5.7.8 Authentication credentials invalid'),
  tooManyFailedLogins: () => new SmtpError(421, '4.7.0 Too many failed logins, closing connection'),
  authInTransaction: () =>
    new SmtpError(503, '5.5.1 AUTH is not permitted during a mail transaction'),
  tlsNotAvailable: () => new SmtpError(454, '4.7.0 TLS is not available just now'),
  followedStartTls: () =>
    new SmtpError(421, '4.7.0 Nothing may follow STARTTLS, closing connection'),
  noHttp: () => new SmtpError(421, '4.4.2 HTTP requests not allowed'),
  shuttingDown: () => new SmtpError(421, '4.3.2 Server is shutting down'),
  tooManyConnections: '421 4.7.0 Too many connections, try again later\r\n',
} as const

/** The reply to whatever went wrong; null where it is a bug of ours, to be logged and answered in general words. */
export function replyTo(error: unknown, limit: number): SmtpError | null {
  if (error instanceof SmtpError) return error
  if (!(error instanceof StoreError)) return null
  switch (error.code) {
    case 'full':
      return new SmtpError(452, '4.3.1 Insufficient system storage', { cause: error })
    case 'io':
      return new SmtpError(451, '4.3.0 The message could not be stored', { cause: error })
    case 'too-big':
      return replies.tooBig(limit)
    case 'closed':
      return replies.shuttingDown()
  }
}
