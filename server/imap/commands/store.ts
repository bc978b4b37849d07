/**
 * STORE changes the flags of messages (RFC 9051 §6.4.6, RFC 7162 §3.1.3).
 *
 * store = "STORE" SP sequence-set [SP "(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")"] SP
 *         ["+" / "-"] "FLAGS" [".SILENT"] SP (flag-list / (flag *(SP flag)))
 */
import { readFlags } from '../syntax/flag.ts'
import type { Parser } from '../syntax/parser.ts'
import type { SequenceSet } from '../syntax/sequence-set.ts'

export type StoreArguments = {
  readonly isUid: boolean
  readonly set: SequenceSet
  /** Messages that changed after this mod-sequence are left alone; null for none. */
  readonly unchangedSince: number | null
  readonly operation: 'replace' | 'add' | 'remove'
  /** The client does not want to be told the flags. */
  readonly isSilent: boolean
  readonly flags: readonly string[]
}

export const parseStore = (parser: Parser): StoreArguments => parse(parser, false)
export const parseUidStore = (parser: Parser): StoreArguments => parse(parser, true)

function parse(parser: Parser, isUid: boolean): StoreArguments {
  parser.space()
  const set = parser.sequenceSet()
  let unchangedSince: number | null = null
  if (parser.accepts(' (')) {
    parser.oneOf(['UNCHANGEDSINCE'], 'UNCHANGEDSINCE')
    parser.space()
    unchangedSince = parser.number64()
    parser.expect(')')
  }
  parser.space()
  const operation = parser.accepts('+') ? 'add' : parser.accepts('-') ? 'remove' : 'replace'
  const isSilent = parser.oneOf(['FLAGS', 'FLAGS.SILENT'], 'FLAGS') === 'FLAGS.SILENT'
  parser.space()
  return { isUid, set, unchangedSince, operation, isSilent, flags: parseFlags(parser) }
}

function parseFlags(parser: Parser): readonly string[] {
  if (parser.sees('(')) return parser.flagList()
  const flags: string[] = []
  do flags.push(parser.flag())
  while (parser.accepts(' ') && !parser.isAtEnd)
  return readFlags(flags)
}
