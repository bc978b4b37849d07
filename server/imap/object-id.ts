import type { MailStore } from '../store/mail-store.ts'
import type { Message } from '../store/message.ts'

/**
 * The EMAILID of a message (RFC 8474 §5.1): the same for all its copies, another one in any other store. Its number says
 * which message of the store it is, the UIDVALIDITY of the first INBOX which store.
 *
 * There is no THREADID (§5.2): it must never change, and whom a message answers may arrive after it.
 */
export function emailIdOf(store: MailStore, message: Pick<Message, 'id'>): string {
  return `M${store.uidValidity}-${message.id}`
}
