/** What `startMailcatch` takes, complete. Octets, milliseconds, messages; a port is a number, or null for off. */
export type Options = {
  smtpPort: number | null
  httpPort: number | null
  smtpsPort: number | null
  /** null: 127.0.0.1 and ::1 with the same number. */
  host: string | null
  /** The data directory; unused with `memory`. */
  data: string
  memory: boolean
  maxMessages: number
  maxBytes: number
  maxAge: number | null
  maxMessageSize: number
  maxRecipients: number
  fsync: boolean
  /** Guards every front-end. */
  auth: { user: string; password: string } | null
  /** Guards SMTP alone. */
  smtpAuth: { user: string; password: string } | null
  /** Said outright: listen beyond loopback without `auth`. */
  noAuth: boolean
  tlsCert: string | null
  tlsKey: string | null
  /** Starts and ends with `/`. */
  basePath: string
  allowHost: readonly string[]
  allowOrigin: readonly string[]
  /** Remote content of mails is shown without asking. */
  allowRemote: boolean
  /** False with `--no-delete`. */
  allowDelete: boolean
}
