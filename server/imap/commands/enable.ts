/**
 * ENABLE tells the server which extensions the client understands unasked (RFC 9051 §6.3.1, RFC 5161).
 *
 * enable = "ENABLE" 1*(SP capability)
 */
import type { Parser } from '../syntax/parser.ts'

export type EnableArguments = {
  /** In upper case, in order; known or not. */
  readonly capabilities: readonly string[]
}

export function parseEnable(parser: Parser): EnableArguments {
  const capabilities: string[] = []
  parser.space()
  do capabilities.push(parser.atom().toUpperCase())
  while (parser.accepts(' ') && !parser.isAtEnd)
  return { capabilities }
}
