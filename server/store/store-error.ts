/**
 * Why the store could not do what it was asked. The front-ends translate `code`:
 * `full`: no room (SMTP 452 4.3.1, HTTP 507, IMAP NO [OVERQUOTA]);
 * `io`: any other file error (SMTP 451 4.3.0, HTTP 500);
 * `too-big`: over `maxMessageSize` (SMTP 552 5.3.4, HTTP 413);
 * `closed`: the store is closing.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: 'full' | 'io' | 'too-big' | 'closed'

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Whether a file operation failed for want of room. */
export const isFull = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** The same in the store's words: what a file operation threw, or a StoreError as it is. */
export const toStoreError = (error: unknown): StoreError => {
  if (error instanceof StoreError) return error
  const { message } = error as Error
  return isFull(error)
    ? new StoreError('full', 'there is no room left on the disk', { cause: error })
    : new StoreError('io', `the message could not be stored: ${message}`, { cause: error })
}

/**
 * Why a mailbox could not be what it was asked to be; nothing was changed. The codes are those of RFC 5530:
 * `nonexistent`: there is no such mailbox; `already-exists`: there is one of that name;
 * `cannot`: not a name that a mailbox may have, or not a thing that can be done to this one;
 * `over-quota`: the mailboxes of all accounts keep as much as they may; `limit`: it has as many mailboxes as it may.
 */
export class MailboxError extends Error {
  override readonly name = 'MailboxError'
  readonly code: 'nonexistent' | 'already-exists' | 'cannot' | 'over-quota' | 'limit'

  constructor(code: MailboxError['code'], message: string) {
    super(message)
    this.code = code
  }
}
