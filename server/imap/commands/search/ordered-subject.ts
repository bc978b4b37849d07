import type { Pace } from '../../../store/pace.ts'
import { sortInSteps } from '../../sort-in-steps.ts'
import { bySentDate, type Thread, type Threadable } from './threads.ts'

/**
 * Threads by subject (RFC 5256 §3, ORDEREDSUBJECT): those of the same base subject are a thread, whose first message by
 * sent date has all others as its replies.
 */
export async function threadBySubject(
  messages: readonly Threadable[],
  pace: Pace,
): Promise<readonly Thread[]> {
  const threads = new Map<string, { message: number; replies: Thread[] }>()
  // In the order of sent dates, so that threads come in the order of their first messages.
  for (const { at, subject } of await sortInSteps(messages, bySentDate, pace)) {
    const thread = threads.get(subject)
    if (thread) thread.replies.push({ message: at, replies: [] })
    else threads.set(subject, { message: at, replies: [] })
    if (pace.isDue) await pace.rest()
  }
  return [...threads.values()]
}
