/**
 * LOGIN logs in by name and password (RFC 9051 §6.2.3).
 *
 * login = "LOGIN" SP userid SP password
 */
import type { Parser } from '../syntax/parser.ts'

export type LoginArguments = { readonly user: string; readonly password: string }

export function parseLogin(parser: Parser): LoginArguments {
  parser.space()
  const user = parser.astring()
  parser.space()
  return { user, password: parser.astring() }
}
