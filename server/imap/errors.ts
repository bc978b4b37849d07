/**
 * What a program can read of an answer: RFC 9051 §7.1 with RFC 5530, and the codes of extensions (RFC 4469 TOOBIG,
 * RFC 6154 USEATTR, RFC 7162 MODIFIED).
 */
export type ResponseCode =
  | 'ALERT'
  | 'ALREADYEXISTS'
  | 'AUTHENTICATIONFAILED'
  | 'AUTHORIZATIONFAILED'
  | 'CANNOT'
  | 'CLIENTBUG'
  | 'COMPRESSIONACTIVE'
  | 'CONTACTADMIN'
  | 'CORRUPTION'
  | 'EXPIRED'
  | 'EXPUNGEISSUED'
  | 'HASCHILDREN'
  | 'INUSE'
  | 'LIMIT'
  | 'NONEXISTENT'
  | 'NOPERM'
  | 'NOTSAVED'
  | 'OVERQUOTA'
  | 'PARSE'
  | 'PRIVACYREQUIRED'
  | 'SERVERBUG'
  | 'TOOBIG'
  | 'TRYCREATE'
  | 'UNAVAILABLE'
  | 'UNKNOWN-CTE'
  | 'USEATTR'
  | `BADCHARSET (${string})`
  | `MODIFIED ${string}`

/**
 * An error is the reply that it causes: thrown anywhere, answered in one place. `NO` and `BAD` are answered with the
 * command's tag (RFC 9051 §7.1.2, §7.1.3); `BYE` is answered without one and ends the connection (§7.1.5).
 */
export class ImapError extends Error {
  override readonly name: string = 'ImapError'
  readonly condition: 'NO' | 'BAD' | 'BYE'
  readonly code: ResponseCode | null

  /** `text` is ours, never a client's or a mail's: it is written as it stands. */
  constructor(condition: 'NO' | 'BAD' | 'BYE', text: string, code: ResponseCode | null = null) {
    super(text)
    this.condition = condition
    this.code = code
  }

  /** `NO [TRYCREATE] no such mailbox`: what comes after the tag, or after `*`. */
  get response(): string {
    return this.code === null
      ? `${this.condition} ${this.message}`
      : `${this.condition} [${this.code}] ${this.message}`
  }
}

/** The command is not one that the grammar allows: `BAD`. */
export class ImapSyntaxError extends ImapError {
  override readonly name = 'ImapSyntaxError'
  /** Octets into the command's text, from 0. */
  readonly position: number

  constructor(message: string, position: number) {
    super('BAD', `${message} at octet ${position + 1}`)
    this.position = position
  }
}
