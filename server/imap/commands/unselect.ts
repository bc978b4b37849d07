/** UNSELECT closes the mailbox, and removes nothing (RFC 9051 §6.4.2, RFC 3691). */
import type { Call, Selected } from '../session.ts'

export function runUnselect({ session }: Call<Selected>): undefined {
  session.unselect()
}
