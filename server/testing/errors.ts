import type { Problem } from '../http/resources.ts'

/** Mailcatch could not be reached, or refused what it was asked. */
export class MailcatchError extends Error {
  override readonly name: string = 'MailcatchError'
  /** What the server said (RFC 9457), null where it was not reached. */
  readonly problem: Problem | null

  constructor(message: string, problem: Problem | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.problem = problem
  }
}

/** What was waited for did not come in time. The message says what was asked, what came, and why that was not it. */
export class MailTimeoutError extends MailcatchError {
  override readonly name = 'MailTimeoutError'
}

/** A mail is there, or came, that should not. */
export class UnexpectedMailError extends MailcatchError {
  override readonly name = 'UnexpectedMailError'
}

/** What was asked for is not in the mail. The message lists what is. */
export class NotInMailError extends MailcatchError {
  override readonly name = 'NotInMailError'
}

/** More than one code, link or attachment may be meant; nothing is guessed. */
export class AmbiguityError extends MailcatchError {
  override readonly name = 'AmbiguityError'
  /** The codes, addresses or file names in question, the likeliest first. */
  readonly candidates: readonly string[]

  constructor(message: string, candidates: readonly string[]) {
    super(message)
    this.candidates = candidates
  }
}
