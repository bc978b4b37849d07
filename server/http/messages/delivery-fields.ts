import type { Reception } from '../../store/message.ts'

/**
 * The trace fields that a mail server would have put in front of a message (RFC 5321 §4.4), and Delivered-To for
 * each recipient, with CRLF line ends.
 */
export function deliveryFields(id: number, reception: Reception & { receivedAt: number }): string {
  const { envelope, helo, peer, receivedAt } = reception
  const from = `from ${atom(helo ?? 'unknown')}${peer ? ` (${addressLiteral(peer.address)})` : ''}`
  // RFC 5322 §3.3 writes the zone as an offset; "GMT" is obsolete there.
  const date = new Date(receivedAt).toUTCString().replace('GMT', '+0000')
  return [
    `Return-Path: <${line(envelope.mailFrom)}>`,
    ...envelope.rcptTo.map(address => `Delivered-To: ${line(address)}`),
    `Received: ${from}`,
    `\tby localhost (Mailcatch) with ${protocol(reception)} id ${id};`,
    `\t${date}`,
    '',
  ].join('\r\n')
}

/** The registered name of the way in (RFC 3848). */
function protocol({ listener, tls, authUser, helo }: Reception): string {
  if (listener !== 'smtp' && listener !== 'smtps') return listener.toUpperCase()
  return `${helo === undefined ? 'SMTP' : 'ESMTP'}${tls ? 'S' : ''}${authUser === undefined ? '' : 'A'}`
}

/** RFC 5321 §4.1.3. */
const addressLiteral = (address: string): string =>
  address.includes(':') ? `[IPv6:${address}]` : `[${address}]`

/** Text that stays within its line. */
const line = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')

/** Text that stays one word and out of the comment. */
const atom = (text: string): string => line(text).replace(/[\s()\\;]/g, '_')
