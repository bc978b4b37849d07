import type { Entry } from './message.ts'

/** What a `message.changed` changed: the same for each of its ids. */
export type MessagePatch = {
  readonly unread?: boolean
  readonly flagged?: boolean
  /** The tags that each of the ids now has. */
  readonly tags?: readonly string[]
  /** Set once, when the message was parsed off the main thread (or given up). */
  readonly parsed?: true | 'failed'
  readonly preview?: string
  readonly attachments?: number
  readonly warnings?: number
}

/**
 * One thing that happened to the store. `ids` is a sequence set as in IMAP (`"4:17,20"`, RFC 9051 §4.1.1),
 * ascending, naming only messages that the change concerns.
 */
export type Change =
  | { readonly type: 'message.added'; readonly entry: Entry }
  | { readonly type: 'message.changed'; readonly ids: string; readonly patch: MessagePatch }
  | {
      readonly type: 'message.removed'
      readonly ids: string
      readonly reason: 'deleted' | 'retention'
    }

/** What one transaction changed, with its position on the feed. */
export type Transaction = { readonly seq: number; readonly changes: readonly Change[] }
