/**
 * EXPUNGE removes the messages with `\Deleted`, UID EXPUNGE those of them that it names (RFC 9051 §6.4.3, §6.4.9;
 * RFC 4315 §2.1).
 *
 * expunge     = "EXPUNGE"
 * uid-expunge = "UID" SP "EXPUNGE" SP sequence-set
 */
import type { Parser } from '../syntax/parser.ts'
import type { SequenceSet } from '../syntax/sequence-set.ts'

export type ExpungeArguments = {
  /** Null for all of them. */
  readonly uids: SequenceSet | null
}

export function parseExpunge(): ExpungeArguments {
  return { uids: null }
}

export function parseUidExpunge(parser: Parser): ExpungeArguments {
  parser.space()
  return { uids: parser.sequenceSet() }
}
