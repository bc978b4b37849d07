/**
 * STATUS tells numbers of a mailbox without opening it (RFC 9051 §6.3.11).
 *
 * status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"
 */
import type { Parser } from '../syntax/parser.ts'

/** RFC 9051 §6.3.11; RECENT: RFC 3501 §6.3.10; then RFC 7162 §3.1.7, RFC 7889 §2, RFC 8474 §4.3. */
export const STATUS_ITEMS = [
  'MESSAGES',
  'UIDNEXT',
  'UIDVALIDITY',
  'UNSEEN',
  'DELETED',
  'SIZE',
  'RECENT',
  'HIGHESTMODSEQ',
  'APPENDLIMIT',
  'MAILBOXID',
] as const

export type StatusItem = (typeof STATUS_ITEMS)[number]

export type StatusArguments = {
  readonly mailbox: string
  /** As asked for, each once. */
  readonly items: readonly StatusItem[]
}

export function parseStatus(parser: Parser): StatusArguments {
  parser.space()
  const mailbox = parser.mailbox()
  parser.space()
  return { mailbox, items: parseStatusItems(parser) }
}

/** The list in parentheses, which LIST has too (RFC 5819 §2). */
export function parseStatusItems(parser: Parser): readonly StatusItem[] {
  return [...new Set(parser.list(() => parser.oneOf(STATUS_ITEMS, 'a status item'), 1))]
}
