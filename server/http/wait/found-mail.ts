import type { HttpContext } from '../context.ts'
import { detailOf } from '../messages/detail.ts'
import { reading } from '../messages/found.ts'
import { HttpProblem } from '../problem.ts'
import type { MessageDetail, MessageSummary } from '../resources.ts'

/** A message as it is told; null where it is gone. */
export async function findMail(id: number, http: HttpContext): Promise<MessageDetail | null> {
  try {
    return await reading(id, http.store, () => detailOf(id, http))
  } catch (error) {
    if (error instanceof HttpProblem && error.status === 404) return null
    throw error
  }
}

/** What the list would show of it, though it may be gone by now. */
export const summaryOfMail = (mail: MessageDetail): MessageSummary => ({
  id: mail.id,
  receivedAt: mail.receivedAt,
  from: mail.from,
  to: mail.to,
  rcptTo: mail.rcptTo,
  subject: mail.subject,
  preview: mail.preview,
  size: mail.size,
  attachments: mail.attachments.filter(({ inline }) => !inline).length,
  unread: mail.unread,
  flagged: mail.flagged,
  tags: mail.tags,
  parsed: mail.parsed,
  warnings: mail.warnings.length,
})
