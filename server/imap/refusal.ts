import { MailboxError, StoreError } from '../store/store-error.ts'
import { ImapError, type ResponseCode } from './errors.ts'

const MAILBOX_CODES: Readonly<Record<MailboxError['code'], ResponseCode>> = {
  nonexistent: 'NONEXISTENT',
  'already-exists': 'ALREADYEXISTS',
  cannot: 'CANNOT',
  'over-quota': 'OVERQUOTA',
  limit: 'LIMIT',
}

/** The reply that an error of the store causes (RFC 5530 §3); null for what is a bug of ours. */
export function refusalOf(error: unknown): ImapError | null {
  if (error instanceof ImapError) return error
  if (error instanceof MailboxError) {
    return new ImapError('NO', printable(error.message), MAILBOX_CODES[error.code])
  }
  if (!(error instanceof StoreError)) return null
  switch (error.code) {
    case 'full':
      return new ImapError('NO', 'there is no room left', 'OVERQUOTA')
    case 'too-big':
      return new ImapError('NO', 'the message is too large', 'TOOBIG')
    case 'io':
      return new ImapError('NO', 'the store cannot be read or written now', 'UNAVAILABLE')
    case 'closed':
      return new ImapError('BYE', 'shutting down', 'UNAVAILABLE')
  }
}

/** A mailbox name may be in it: text that goes out is printable ASCII, and ends no response code (RFC 9051 §9, text). */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
