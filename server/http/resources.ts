/** The JSON that our API speaks: types only, for the web inbox and the testing library. */

import type { Checks } from '../checks/report.ts'
import type { Address } from '../mime/address.ts'
import type { Attachment } from '../mime/content.ts'
import type { Code } from '../mime/extract/code.ts'
import type { Link } from '../mime/extract/link.ts'
import type { NestedMessage } from '../mime/nested-message.ts'
import type { MessagePart } from '../mime/part-tree.ts'
import type { MessagePatch } from '../store/changes.ts'
import type { Dsn, Envelope, Parsed } from '../store/message.ts'

export type {
  CheckGroup,
  CheckState,
  Checks,
  ClientSupport,
  CompatibilityData,
  ExplainedField,
  Finding,
  GroupId,
  Place,
  Severity,
} from '../checks/report.ts'
export type { Address, Attachment, Code, Envelope, Link, MessagePart, MessagePatch, NestedMessage }

/** A message as the list shows it. Times are ISO 8601, UTC. */
export type MessageSummary = {
  readonly id: number
  readonly receivedAt: string
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly rcptTo: readonly string[]
  readonly subject: string
  readonly preview: string
  readonly size: number
  readonly attachments: number
  readonly unread: boolean
  readonly flagged: boolean
  readonly tags: readonly string[]
  readonly parsed: Parsed
  readonly warnings: number
}

/** `GET /v1/messages`. `total` counts what matches, `unread` what matches and is unread. */
export type MessageList = {
  readonly messages: readonly MessageSummary[]
  readonly total: number
  readonly unread: number
  /** The newest id ever given: the snapshot to page in (`upto`) and the position to wait from (`since`). */
  readonly cursor: number
  /** The position on the change feed at which this answer holds: `?after=` of the event stream. */
  readonly feed: string
  /** A search that takes long is not at its end: at least `total` match. The same call again goes on with it. */
  readonly partial?: true
}

/** `GET /v1/messages/{id}`. */
export type MessageDetail = Omit<MessageSummary, 'attachments' | 'warnings'> & {
  readonly envelope: Envelope
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly replyTo: readonly Address[]
  readonly date: string | null
  readonly messageId: string
  readonly text: string | null
  readonly html: string | null
  /** The addresses in text and HTML, and the pictures that the HTML loads. */
  readonly links: readonly Link[]
  /** What may be a one-time code, the likeliest first. */
  readonly codes: readonly Code[]
  readonly attachments: readonly Attachment[]
  /** Every header field, decoded, in order. */
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly flags: readonly string[]
  readonly warnings: readonly string[]
  /** How many references to outside the HTML holds. */
  readonly remoteReferences: number
  /** How the message came to us. */
  readonly reception: {
    readonly listener: string
    readonly helo?: string
    readonly peer?: { readonly address: string; readonly port: number }
    readonly tls?: { readonly protocol: string; readonly cipher: string }
    readonly authUser?: string
    readonly dsn?: Dsn
  }
}

/** `GET /v1/messages/{id}/parts`. `GET …/parts/{part}?as=message` is a NestedMessage. */
export type MessageParts = { readonly root: MessagePart }

/** The change union as it goes over the wire; `ids` is a sequence set such as `"4:17,20"`. */
export type ChangeResource =
  | { readonly type: 'message.added'; readonly message: MessageSummary }
  | { readonly type: 'message.changed'; readonly ids: string; readonly patch: MessagePatch }
  | {
      readonly type: 'message.removed'
      readonly ids: string
      readonly reason: 'deleted' | 'retention'
    }

/** `GET /v1/messages/{id}/checks`. */
export type MessageChecks = Checks & { readonly id: number }

/**
 * A frame of `/v1/events`: at most 200 changes, and under load at most one frame in 50 ms. `total` and `unread` count the whole
 * inbox at `feed`. The first frame after connecting has no changes; `resync` means: ask again for what you show.
 */
export type Frame =
  | {
      readonly feed: string
      readonly changes: readonly ChangeResource[]
      readonly total: number
      readonly unread: number
    }
  | {
      readonly feed: string
      /** More than 200 changes at once: the newest ids added are `from` … `to`; ask for what you show. */
      readonly range: { readonly from: number; readonly to: number }
      readonly total: number
      readonly unread: number
    }
  | {
      readonly feed: string
      readonly resync: true
      readonly total: number
      readonly unread: number
    }

/** `GET /v1/stats`. */
export type Stats = {
  readonly version: string
  readonly total: number
  readonly unread: number
  /** Octets of all raw messages. */
  readonly bytes: number
  readonly cursor: number
  /** Seconds. */
  readonly uptime: number
  readonly limits: {
    readonly maxMessages: number
    readonly maxBytes: number
    /** Milliseconds, null without a limit. */
    readonly maxAge: number | null
    readonly maxMessageSize: number
  }
  /** Where to connect to, null where the front-end is off. */
  readonly ports: {
    readonly smtp: number | null
    readonly smtps: number | null
    readonly pop3: number | null
    readonly pop3s: number | null
    readonly imap: number | null
    readonly imaps: number | null
    readonly http: number | null
  }
  readonly deleteAllowed: boolean
  readonly remoteAllowed: boolean
}

/** RFC 9457. `parameter` names the field that is wrong, `position` the place in `q`. */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly parameter?: string
  readonly position?: number
}
