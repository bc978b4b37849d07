/** LOGOUT ends the session (RFC 9051 §6.1.3). */
import type { Call, Completion } from '../session.ts'

export function runLogout({ session }: Call): Completion {
  session.output.untagged('BYE see you')
  return { after: () => session.connection.end() }
}
