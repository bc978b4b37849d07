import type { Entry } from './message.ts'

/** What a `message.changed` changed: the same for each of its ids. */
export type MessagePatch = {
  readonly unread?: boolean
  readonly flagged?: boolean
  /** The IMAP flags and keywords that each of the ids now has. */
  readonly flags?: readonly string[]
  /** The tags that each of the ids now has. */
  readonly tags?: readonly string[]
  /** Set once, when the message was parsed off the main thread (or given up). */
  readonly parsed?: true | 'failed'
  readonly preview?: string
  readonly attachments?: number
  readonly warnings?: number
}

/** What happened to the INBOX of the catch-all, which the web inbox and the API show. */
export type MessageChange =
  | { readonly type: 'message.added'; readonly entry: Entry }
  | { readonly type: 'message.changed'; readonly ids: string; readonly patch: MessagePatch }
  | {
      readonly type: 'message.removed'
      readonly ids: string
      readonly reason: 'deleted' | 'retention'
    }

/** What happened to the entries of any other mailbox; what they now are, the mailbox says. */
export type EntryChange = {
  readonly type: 'entry.added' | 'entry.changed' | 'entry.removed'
  readonly account: number
  readonly mailbox: number
  readonly ids: string
}

/** What happened to the mailboxes of an account. */
export type MailboxChange =
  | {
      readonly type: 'mailbox.created' | 'mailbox.deleted'
      readonly account: number
      readonly mailbox: number
      readonly name: string
    }
  | {
      readonly type: 'mailbox.renamed'
      readonly account: number
      readonly mailbox: number
      readonly name: string
      readonly oldName: string
    }
  | {
      readonly type: 'mailbox.subscribed'
      readonly account: number
      readonly name: string
      readonly isSubscribed: boolean
    }

/**
 * One thing that happened to the store. `ids` is a sequence set as in IMAP (`"4:17,20"`, RFC 9051 §4.1.1),
 * ascending, naming only messages that the change concerns.
 */
export type Change = MessageChange | EntryChange | MailboxChange

/** What one transaction changed, with its position on the feed. */
export type Transaction = { readonly seq: number; readonly changes: readonly Change[] }

/** Whether a change is of the catch-all INBOX. */
export const isMessageChange = (change: Change): change is MessageChange =>
  change.type.startsWith('message.')
