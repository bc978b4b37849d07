/**
 * LSUB lists subscribed names (RFC 3501 §6.3.9); IMAP4rev2 has `LIST (SUBSCRIBED)` in its place.
 *
 * lsub = "LSUB" SP mailbox SP list-mailbox
 */
import type { Parser } from '../syntax/parser.ts'

export type LsubArguments = { readonly reference: string; readonly pattern: string }

export function parseLsub(parser: Parser): LsubArguments {
  parser.space()
  const reference = parser.mailbox()
  parser.space()
  return { reference, pattern: parser.listMailbox() }
}
