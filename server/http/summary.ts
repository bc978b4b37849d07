import { type Entry, isFlagged, isUnread } from '../store/message.ts'
import type { MessageSummary } from './resources.ts'

/** A message as the list shows it. */
export function summaryOf(entry: Entry): MessageSummary {
  const { message } = entry
  return {
    id: entry.number,
    receivedAt: new Date(message.receivedAt).toISOString(),
    from: message.from,
    to: message.to,
    rcptTo: message.rcptTo,
    subject: message.subject,
    preview: message.preview,
    size: message.size,
    attachments: message.attachments,
    unread: isUnread(entry),
    flagged: isFlagged(entry),
    tags: entry.tags,
    parsed: message.parsed,
    warnings: message.warnings,
  }
}
