import type { Mailbox } from '../store/mailbox.ts'
import type { Message } from '../store/message.ts'

/**
 * What EMAILID is of a message (RFC 8474 §5.1): the same for all its entries in this store, and no other store's. The
 * INBOX of every account has the UIDVALIDITY of the store.
 */
export function emailId({ account }: Mailbox, { id }: Message): string {
  return `M${account.inbox.uidValidity}-${id}`
}
