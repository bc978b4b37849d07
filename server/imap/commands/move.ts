/**
 * MOVE puts messages into another mailbox and takes them out of this one (RFC 9051 §6.4.8, RFC 6851).
 *
 * move = "MOVE" SP sequence-set SP mailbox
 */
import type { Parser } from '../syntax/parser.ts'
import { type CopyArguments, parseTransfer } from './copy.ts'

export type MoveArguments = CopyArguments

export const parseMove = (parser: Parser): MoveArguments => parseTransfer(parser, false)
export const parseUidMove = (parser: Parser): MoveArguments => parseTransfer(parser, true)
