/**
 * ENABLE tells the server which extensions the client understands unasked (RFC 9051 §6.3.1, RFC 5161).
 *
 * enable = "ENABLE" 1*(SP capability)
 */
import type { Authenticated, Call, Selected } from '../session.ts'
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

/** Unknown names are passed over, as the RFC wants and clients rely on. */
export function runEnable(
  { session }: Call<Authenticated | Selected>,
  { capabilities }: EnableArguments,
): undefined {
  const names = new Set<string>()
  const { enabled } = session
  for (const capability of capabilities) {
    switch (capability) {
      case 'CONDSTORE':
        session.enableCondstore()
        names.add(capability)
        break
      case 'QRESYNC':
        session.enableCondstore()
        enabled.hasQresync = true
        names.add(capability)
        break
      case 'UTF8=ACCEPT':
        enabled.hasUtf8Accept = true
        names.add(capability)
        break
      case 'IMAP4REV2':
        enabled.hasRev2 = true
        names.add('IMAP4rev2')
    }
  }
  session.output.untagged(['ENABLED', ...names].join(' '))
}
