import type { Mailbox } from '../store/mailbox.ts'

/**
 * What identifies a mailbox of an account whatever its name, and no other one ever (RFC 8474 §4): its number is not
 * given again, and another store has another UIDVALIDITY.
 */
export const mailboxId = ({ number, uidValidity }: Mailbox): string => `F${uidValidity}-${number}`
