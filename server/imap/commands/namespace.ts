/** NAMESPACE tells where mailboxes are: all of them are the user's own (RFC 9051 §6.3.10). */
import type { Authenticated, Call, Selected } from '../session.ts'

export function runNamespace({ session }: Call<Authenticated | Selected>): undefined {
  session.output.untagged('NAMESPACE (("" "/")) NIL NIL')
}
