/**
 * FETCH tells what the client asks for of messages (RFC 9051 §6.4.5, RFC 7162 §3.1.4, §3.2.6).
 *
 * fetch          = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")")
 *                  [SP "(" fetch-modifier *(SP fetch-modifier) ")"]
 * fetch-modifier = "CHANGEDSINCE" SP mod-sequence-value / "VANISHED"
 */
import type { Parser } from '../../syntax/parser.ts'
import type { SequenceSet } from '../../syntax/sequence-set.ts'
import { type FetchItem, parseFetchItems } from './items.ts'

export type FetchArguments = {
  readonly isUid: boolean
  readonly set: SequenceSet
  readonly items: readonly FetchItem[]
  /** Only messages that changed after this mod-sequence, with MODSEQ; null for all. */
  readonly changedSince: number | null
  /** Also which UIDs have gone since then. UID FETCH alone, and never without `changedSince`. */
  readonly isVanished: boolean
}

export const parseFetch = (parser: Parser): FetchArguments => parse(parser, false)
export const parseUidFetch = (parser: Parser): FetchArguments => parse(parser, true)

function parse(parser: Parser, isUid: boolean): FetchArguments {
  parser.space()
  const set = parser.sequenceSet()
  parser.space()
  const items = parseFetchItems(parser)
  return { isUid, set, items, ...parseModifiers(parser, isUid) }
}

function parseModifiers(
  parser: Parser,
  isUid: boolean,
): Pick<FetchArguments, 'changedSince' | 'isVanished'> {
  let changedSince: number | null = null
  let isVanished = false
  if (!parser.sees(' (')) return { changedSince, isVanished }
  parser.space()
  const at = parser.at
  parser.list(() => {
    if (parser.oneOf(['CHANGEDSINCE', 'VANISHED'], 'CHANGEDSINCE or VANISHED') === 'VANISHED') {
      isVanished = true
      return
    }
    parser.space()
    changedSince = parser.number64()
  }, 1)
  // RFC 7162 §3.2.6: both are BAD.
  if (isVanished && !isUid) parser.fail('VANISHED is for UID FETCH', at)
  if (isVanished && changedSince === null) parser.fail('VANISHED needs CHANGEDSINCE', at)
  return { changedSince, isVanished }
}
