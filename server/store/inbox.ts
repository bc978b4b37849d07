/** Which mail belongs to an inbox besides that for its own address. In lower case. */
export type InboxRoute = {
  /** Of recipients; `ann@` has the mail for `ann+tag@` too. */
  readonly addresses: readonly string[]
  readonly domains: readonly string[]
  /** What stands behind the `+` of a recipient. */
  readonly tags: readonly string[]
}

/** A test's or app's own share of the mail, until it expires. */
export type Inbox = InboxRoute & {
  /** Letters, digits and hyphens, never used twice: what stands before the @ of its address. */
  readonly id: string
  /** For people. */
  readonly name: string
  /** Of its own login by SMTP, IMAP and POP3; the user is its address. */
  readonly password: string
  /** The port of its own SMTP listener, the last time that it had one; null where it shall have none. */
  readonly smtpPort: number | null
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly expiresAt: number
}

/** Nobody else's: .test is reserved (RFC 6761 §6.2). Every address in it is an inbox, or nobody. */
export const inboxDomain = 'inbox.mailcatch.test'

export const inboxId = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/

/** The address of an inbox: its login, and the name of its account. */
export const addressOfInbox = (id: string): string => `${id}@${inboxDomain}`

/** The id in a login or in an address without a tag; null where it is no inbox's. */
export const inboxOfAddress = (address: string): string | null => {
  const lower = address.toLowerCase()
  return lower.endsWith(`@${inboxDomain}`) ? lower.slice(0, -inboxDomain.length - 1) : null
}

/** Whether what a file says is an inbox. */
export const isInbox = (inbox: Inbox): boolean =>
  inboxId.test(inbox.id) &&
  [inbox.name, inbox.password].every(text => typeof text === 'string') &&
  [inbox.createdAt, inbox.expiresAt].every(Number.isSafeInteger) &&
  (inbox.smtpPort === null || Number.isSafeInteger(inbox.smtpPort)) &&
  [inbox.addresses, inbox.domains, inbox.tags].every(
    list => Array.isArray(list) && list.every(text => typeof text === 'string'),
  )
