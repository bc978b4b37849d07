/**
 * COMPRESS packs both directions from its answer on (RFC 4978 §3).
 *
 * compress = "COMPRESS" SP "DEFLATE"
 */
import type { Parser } from '../syntax/parser.ts'

export type CompressArguments = { readonly mechanism: 'DEFLATE' }

export function parseCompress(parser: Parser): CompressArguments {
  parser.space()
  return { mechanism: parser.oneOf(['DEFLATE'], 'DEFLATE') }
}
