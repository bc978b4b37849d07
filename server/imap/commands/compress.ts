/**
 * COMPRESS packs both directions from its answer on (RFC 4978 §3).
 *
 * compress = "COMPRESS" SP "DEFLATE"
 */
import { ImapError } from '../errors.ts'
import type { Authenticated, Call, Completion, Selected } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'

export type CompressArguments = { readonly mechanism: 'DEFLATE' }

export function parseCompress(parser: Parser): CompressArguments {
  parser.space()
  return { mechanism: parser.oneOf(['DEFLATE'], 'DEFLATE') }
}

export function runCompress({ session }: Call<Authenticated | Selected>): Completion {
  const { connection } = session
  if (connection.isCompressed) {
    throw new ImapError('NO', 'compression is in use already', 'COMPRESSIONACTIVE')
  }
  // They cannot be told from what is packed.
  if (connection.reader.hasBuffered) throw new ImapError('BYE', 'octets came behind COMPRESS')
  return { text: 'DEFLATE active', after: () => connection.startCompression() }
}
