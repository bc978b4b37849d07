import type { SMTPServerAddress, SMTPServerAuthentication, SMTPServerSession } from 'smtp-server'
import type { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import type { SaslResponse } from '../auth/sasl.ts'
import type { MailTransaction, TransactionOrigin } from '../store/mail-transactions.ts'
import type { Dsn, Reception } from '../store/message.ts'
import { headOctets, maxRecipientOctets } from '../store/raw-head.ts'

/** What we know of a connection beside what smtp-server does. */
export type Session = {
  readonly connection: SMTPConnection
  tls?: NonNullable<Reception['tls']>
  /**
   * The recipients of the transaction, each as often as the client named it. smtp-server's own list has one of those
   * that differ in case alone, the last.
   */
  recipients: SMTPServerAddress[]
  /** What the recipients take up in the head of the raw file. */
  recipientOctets: number
  failedLogins: number
  /** The transaction under way, as the store is told of it. */
  transaction?: MailTransaction
}

/** Adds a recipient to the transaction; false where it is full, though the count of recipients may not be. */
export function addRecipient(session: Session, recipient: SMTPServerAddress): boolean {
  const octets = headOctets([recipient.address, describeRecipient(recipient)])
  if (session.recipientOctets + octets > maxRecipientOctets) return false
  session.recipientOctets += octets
  session.recipients.push(recipient)
  session.transaction?.addRecipient(recipient.address)
  return true
}

/** Whom a session is logged in as: an object, since a name may be empty. */
export type SessionUser = { readonly username: string }

/** Where a transaction comes from that begins with a reverse-path. */
export function describeOrigin(
  state: SMTPServerSession,
  mailFrom: string,
  listener: 'smtp' | 'smtps',
): TransactionOrigin {
  const user = state.user as SessionUser | false | undefined
  return {
    listener,
    peer: { address: state.remoteAddress, port: state.remotePort },
    authUser: user ? user.username : null,
    mailFrom,
  }
}

/** What the store shall know of how a message came: called when DATA begins. */
export function describeReception(
  state: SMTPServerSession,
  { tls, recipients }: Session,
  listener: 'smtp' | 'smtps',
): Reception {
  const { mailFrom } = state.envelope
  const user = state.user as SessionUser | false | undefined
  const dsn = describeDsn(mailFrom, recipients)
  return {
    envelope: {
      mailFrom: mailFrom ? mailFrom.address : '',
      rcptTo: recipients.map(({ address }) => address),
    },
    ...(dsn && { dsn }),
    helo: state.hostNameAppearsAs,
    peer: { address: state.remoteAddress, port: state.remotePort },
    listener,
    ...(tls && { tls }),
    ...(user && { authUser: user.username }),
  }
}

function describeDsn(
  mailFrom: SMTPServerAddress | false,
  recipients: readonly SMTPServerAddress[],
): Dsn | undefined {
  const ret = mailFrom && textOf(mailFrom, 'RET')
  const envid = mailFrom && textOf(mailFrom, 'ENVID')
  const described = recipients
    .map(describeRecipient)
    .filter(({ notify, orcpt }) => notify !== undefined || orcpt !== undefined)
  if (!ret && !envid && described.length === 0) return undefined
  return {
    ...(ret && { ret }),
    ...(envid && { envid }),
    ...(described.length > 0 && { recipients: described }),
  }
}

function describeRecipient(recipient: SMTPServerAddress): NonNullable<Dsn['recipients']>[number] {
  const notify = textOf(recipient, 'NOTIFY')?.split(',')
  const orcpt = textOf(recipient, 'ORCPT')
  return { address: recipient.address, ...(notify && { notify }), ...(orcpt && { orcpt }) }
}

function textOf({ args }: SMTPServerAddress, keyword: string): string | undefined {
  const value = args ? args[keyword] : undefined
  return typeof value === 'string' ? value : undefined
}

/** What smtp-server read of an AUTH exchange; null for a mechanism that is not offered. */
export function saslResponse(auth: SMTPServerAuthentication): SaslResponse | null {
  const user = auth.username ?? ''
  switch (auth.method) {
    case 'PLAIN':
    case 'LOGIN':
      return { mechanism: auth.method, user, password: auth.password ?? '' }
    case 'CRAM-MD5':
      return {
        mechanism: 'CRAM-MD5',
        user,
        challenge: auth.challenge ?? '',
        digest: auth.challengeResponse ?? '',
      }
    case 'XOAUTH2':
      return { mechanism: 'XOAUTH2', user, token: auth.accessToken ?? '' }
    case 'XCLIENT':
      return null
  }
}
