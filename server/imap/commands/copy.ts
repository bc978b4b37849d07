/**
 * COPY puts copies of messages into another mailbox (RFC 9051 §6.4.7).
 *
 * copy = "COPY" SP sequence-set SP mailbox
 */
import type { Parser } from '../syntax/parser.ts'
import type { SequenceSet } from '../syntax/sequence-set.ts'

export type CopyArguments = {
  readonly isUid: boolean
  readonly set: SequenceSet
  readonly mailbox: string
}

export const parseCopy = (parser: Parser): CopyArguments => parseTransfer(parser, false)
export const parseUidCopy = (parser: Parser): CopyArguments => parseTransfer(parser, true)

/** MOVE has the same arguments. */
export function parseTransfer(parser: Parser, isUid: boolean): CopyArguments {
  parser.space()
  const set = parser.sequenceSet()
  parser.space()
  return { isUid, set, mailbox: parser.mailbox() }
}
