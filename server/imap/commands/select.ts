/**
 * SELECT and EXAMINE open a mailbox, EXAMINE to read only (RFC 9051 §6.3.2, §6.3.3; RFC 7162 §3.1.8, §3.2.5).
 *
 * select       = ("SELECT" / "EXAMINE") SP mailbox [SP "(" select-param *(SP select-param) ")"]
 * select-param = "CONDSTORE" /
 *                "QRESYNC" SP "(" uidvalidity SP mod-sequence-value [SP known-uids]
 *                [SP "(" known-sequence-set SP known-uid-set ")"] ")"
 */
import type { Parser } from '../syntax/parser.ts'
import { type NumberRange, namesLast } from '../syntax/sequence-set.ts'

export type SelectArguments = {
  readonly mailbox: string
  /** The client wants mod-sequences from now on. */
  readonly hasCondstore: boolean
  readonly qresync: Qresync | null
}

/** What the client knows of the mailbox from before. */
export type Qresync = {
  readonly uidValidity: number
  readonly modseq: number
  /** UIDs that it has; null where it does not say. */
  readonly knownUids: readonly NumberRange[] | null
  /** Sequence numbers and, in the same order, the UIDs that they had. */
  readonly matches: {
    readonly sequenceNumbers: readonly NumberRange[]
    readonly uids: readonly NumberRange[]
  } | null
}

export function parseSelect(parser: Parser): SelectArguments {
  parser.space()
  const mailbox = parser.mailbox()
  let hasCondstore = false
  let qresync: Qresync | null = null
  if (parser.accepts(' (')) {
    do {
      if (parser.oneOf(['CONDSTORE', 'QRESYNC'], 'CONDSTORE or QRESYNC') === 'CONDSTORE') {
        hasCondstore = true
      } else {
        parser.space()
        qresync = parseQresync(parser)
      }
    } while (parser.accepts(' '))
    parser.expect(')')
  }
  return { mailbox, hasCondstore, qresync }
}

function parseQresync(parser: Parser): Qresync {
  parser.expect('(')
  const uidValidity = parser.nzNumber()
  parser.space()
  const modseq = parser.number64()
  let knownUids: Qresync['knownUids'] = null
  let matches: Qresync['matches'] = null
  if (parser.accepts(' ')) {
    if (!parser.sees('(')) knownUids = parseNumbers(parser)
    if (knownUids === null || parser.accepts(' ')) {
      parser.expect('(')
      const sequenceNumbers = parseNumbers(parser)
      parser.space()
      matches = { sequenceNumbers, uids: parseNumbers(parser) }
      parser.expect(')')
    }
  }
  parser.expect(')')
  return { uidValidity, modseq, knownUids, matches }
}

/** A set without `*` and `$` (RFC 7162 §7). */
function parseNumbers(parser: Parser): readonly NumberRange[] {
  const at = parser.at
  const set = parser.sequenceSet()
  if (set.kind === 'saved' || namesLast(set.ranges)) return parser.fail('expected numbers', at)
  return set.ranges
}
