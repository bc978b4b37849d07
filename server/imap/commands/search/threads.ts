import type { Entry } from '../../../store/message.ts'
import type { Pace } from '../../../store/pace.ts'
import { type BaseSubject, baseSubject } from './base-subject.ts'
import { collationKey } from './collation.ts'
import { sentDate } from './sort-value.ts'

/**
 * A message, as its place among those that are threaded, with what comes below it; `message` is null where it is not
 * among them, which only the first of a thread can be, and then it has two below it or more.
 */
export type Thread = { readonly message: number | null; readonly replies: readonly Thread[] }

/** What threading compares of a message. */
export type Threadable = {
  /** Its place among them, ascending by sequence number. */
  readonly at: number
  readonly entry: Entry
  /** Seconds since 1970. */
  readonly sent: number
  /** Equal for subjects that count as the same, `''` for none. */
  readonly subject: string
  readonly isReply: boolean
}

export async function threadables(entries: Iterable<Entry>, pace: Pace): Promise<Threadable[]> {
  const result: Threadable[] = []
  for (const entry of entries) {
    const { text, isReply }: BaseSubject = baseSubject(entry.message.subject)
    const subject = collationKey(text)
    result.push({ at: result.length, entry, sent: sentDate(entry), subject, isReply })
    if (pace.isDue) await pace.rest()
  }
  return result
}

/** By sent date, and where that is the same by sequence number (RFC 5256 §2.2). */
export function bySentDate(a: Threadable, b: Threadable): number {
  return a.sent - b.sent || a.at - b.at
}
