/** CAPABILITY lists what the server can do, in this state of the connection (RFC 9051 §6.1.1). */
import type { Call } from '../session.ts'

export function runCapability({ session }: Call): undefined {
  session.output.untagged(`CAPABILITY ${session.capabilities}`)
}
