/**
 * STATUS tells numbers of a mailbox without opening it (RFC 9051 §6.3.11).
 *
 * status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"
 */
import { canonicalSize } from '../../store/mail-store.ts'
import type { Mailbox } from '../../store/mailbox.ts'
import { mailboxId } from '../mailbox-id.ts'
import type { RecentMessages } from '../recent.ts'
import type { Authenticated, Call, Selected, Session } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'
import { printMailbox } from '../syntax/print.ts'

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

export function runStatus(
  { session, state }: Call<Authenticated | Selected>,
  { mailbox: name, items }: StatusArguments,
): undefined {
  writeStatus(session, session.mailbox(state.account, name, 'NONEXISTENT'), items)
}

/** The response, which LIST gives too. */
export function writeStatus(
  session: Session,
  mailbox: Mailbox,
  items: readonly StatusItem[],
): void {
  // RFC 7162 §3.1: to ask is to know mod-sequences.
  if (items.includes('HIGHESTMODSEQ')) session.enableCondstore()
  const { maxMessageSize, recent } = session.options
  const values = items.map(item => `${item} ${numberOf(item, mailbox, recent, maxMessageSize)}`)
  const name = printMailbox(mailbox.name, session.enabled.isUtf8)
  session.output.untagged(`STATUS ${name} (${values.join(' ')})`)
}

function numberOf(
  item: StatusItem,
  mailbox: Mailbox,
  recent: RecentMessages,
  maxMessageSize: number,
): string | number {
  const { entries } = mailbox
  switch (item) {
    case 'MESSAGES':
      return entries.total
    case 'UIDNEXT':
      return mailbox.uidNext
    case 'UIDVALIDITY':
      return mailbox.uidValidity
    case 'UNSEEN':
      return entries.unread
    case 'DELETED': {
      let count = 0
      for (const { flags } of entries.ascending()) if (flags.includes('\\Deleted')) count++
      return count
    }
    case 'SIZE': {
      let octets = 0
      for (const { message } of entries.ascending()) octets += canonicalSize(message)
      return octets
    }
    case 'RECENT':
      return recent.count(mailbox)
    case 'HIGHESTMODSEQ':
      return mailbox.highestModseq
    case 'APPENDLIMIT':
      return maxMessageSize
    case 'MAILBOXID':
      return `(${mailboxId(mailbox)})`
  }
}
