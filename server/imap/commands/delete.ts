/**
 * DELETE removes a mailbox (RFC 9051 §6.3.5).
 *
 * delete = "DELETE" SP mailbox
 */
import type { Parser } from '../syntax/parser.ts'

export type DeleteArguments = { readonly mailbox: string }

export function parseDelete(parser: Parser): DeleteArguments {
  parser.space()
  return { mailbox: parser.mailbox() }
}
