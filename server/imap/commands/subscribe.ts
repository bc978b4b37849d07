/**
 * SUBSCRIBE and UNSUBSCRIBE keep the list of names that the user wants to see (RFC 9051 §6.3.7, §6.3.8).
 *
 * subscribe = ("SUBSCRIBE" / "UNSUBSCRIBE") SP mailbox
 */
import type { Parser } from '../syntax/parser.ts'

export type SubscribeArguments = { readonly mailbox: string }

export function parseSubscribe(parser: Parser): SubscribeArguments {
  parser.space()
  return { mailbox: parser.mailbox() }
}
