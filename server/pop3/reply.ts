/** What a client is told in a form that its program understands (RFC 2449 §8, RFC 3206). */
export type ResponseCode = 'IN-USE' | 'AUTH' | 'SYS/TEMP'

/**
 * An error is the `-ERR` that it causes. The text is ours alone: nothing that a client or a mail said is repeated in an
 * answer.
 */
export class Pop3Error extends Error {
  override readonly name = 'Pop3Error'
  readonly code: ResponseCode | null

  constructor(message: string, code: ResponseCode | null = null, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  get reply(): string {
    return this.code === null ? `-ERR ${this.message}` : `-ERR [${this.code}] ${this.message}`
  }
}

/** No command, or not here, or not so (RFC 1939 §3). Too many of them end the session. */
export class BadCommand extends Pop3Error {}

/** The session ends with it. */
export class FinalError extends Pop3Error {}
