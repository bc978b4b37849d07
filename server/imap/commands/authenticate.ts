/**
 * AUTHENTICATE logs in by an exchange of challenges and answers (RFC 9051 §6.2.2, RFC 4959).
 *
 * authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")] *(CRLF base64)
 */
import { ImapSyntaxError } from '../errors.ts'
import { Parser } from '../syntax/parser.ts'

export type AuthenticateArguments = {
  /** In upper case. */
  readonly mechanism: string
  /** Null where the client sent none; it may be empty. */
  readonly initialResponse: Buffer | null
}

export function parseAuthenticate(parser: Parser): AuthenticateArguments {
  parser.space()
  const mechanism = parser.atom().toUpperCase()
  const initialResponse = parser.accepts(' ') && !parser.isAtEnd ? parser.base64() : null
  return { mechanism, initialResponse }
}

/**
 * Reads a line that answers a challenge.
 *
 * @returns The octets, perhaps none; null where the client gives up with `*`
 * @throws ImapSyntaxError
 */
export function readSaslAnswer(line: string): Buffer | null {
  if (line === '*') return null
  if (line === '') return Buffer.alloc(0)
  const parser = new Parser({ text: line, literals: [] })
  const octets = parser.base64()
  if (!parser.isAtEnd) throw new ImapSyntaxError('expected base64', parser.at)
  return octets
}
