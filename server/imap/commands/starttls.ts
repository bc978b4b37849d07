/** STARTTLS goes on inside of TLS (RFC 9051 §6.2.1). */
import { ImapError } from '../errors.ts'
import type { Call, Completion } from '../session.ts'

export async function runStartTls({ session }: Call): Promise<Completion> {
  const { connection, options } = session
  if (connection.isTls) throw new ImapError('BAD', 'TLS is in use already')
  if (!options.secureContext) throw new ImapError('BAD', 'TLS is not available here')
  // Octets sent along in plain text must not count as said inside of TLS (CVE-2011-0411).
  if (connection.reader.hasBuffered) throw new ImapError('BYE', 'octets came behind STARTTLS')
  const { secureContext } = options
  // A certificate that cannot be had is no reason to end the session.
  await secureContext()
  return {
    text: 'begin TLS negotiation now',
    after: () => session.startTls(secureContext),
  }
}
