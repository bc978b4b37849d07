/** The JSON that our API speaks: types only, for the web inbox and the testing library. */

import type { Checks } from '../checks/report.ts'
import type { Address } from '../mime/address.ts'
import type { Attachment } from '../mime/attachment.ts'
import type { Code } from '../mime/extract/code.ts'
import type { Link } from '../mime/extract/link.ts'
import type { MessagePart } from '../mime/message-part.ts'
import type { NestedMessage } from '../mime/nested-mail.ts'
import type { SelectedElement } from '../mime/selected-element.ts'
import type { MessagePatch } from '../store/changes.ts'
import type { Facet, FacetKind } from '../store/facets.ts'
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
export type {
  Address,
  Attachment,
  Code,
  Envelope,
  Facet,
  FacetKind,
  Link,
  MessagePart,
  MessagePatch,
  NestedMessage,
  SelectedElement,
}

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

/** `GET /v1/facets`: what most messages have in common, the most frequent first. */
export type Facets = Readonly<Record<FacetKind, readonly Facet[]>> & {
  readonly total: number
  readonly unread: number
  readonly withAttachments: number
  /** The position on the change feed at which this answer holds. */
  readonly feed: string
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
  /** What a person reads of HTML alone; null where there is a text, or nothing to read. */
  readonly textOfHtml: string | null
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
    /** The inboxes that it belonged to when it came. */
    readonly inboxes?: readonly string[]
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

/** `POST /v1/messages` with an mbox; `ids` is a sequence set, `failed` names the first 100 of the `failures`. */
export type Imported = {
  readonly imported: number
  readonly ids: string
  readonly failed: readonly { readonly message: number; readonly reason: string }[]
  readonly failures: number
}

/** Where and how to log in; `port` is null where that is switched off. */
export type Login = {
  readonly host: string
  readonly port: number | null
  readonly user: string
  readonly password: string
}

/** `GET /v1/inboxes/{id}`: a test's or app's own share of the mail. */
export type Inbox = {
  readonly id: string
  readonly name: string
  readonly address: string
  /** Which mail is its own besides that for its address. */
  readonly route: {
    readonly addresses: readonly string[]
    readonly domains: readonly string[]
    readonly tags: readonly string[]
  }
  /** Whatever is sent with this login, or to a listener of its own, is the inbox's. */
  readonly smtp: Login
  readonly imap: Login
  readonly pop3: Login
  readonly createdAt: string
  readonly expiresAt: string
  readonly total: number
  readonly unread: number
}

/** `GET /v1/inboxes`. */
export type InboxList = { readonly inboxes: readonly Inbox[] }

/** `GET /v1/stats`. */
export type Stats = {
  readonly version: string
  readonly total: number
  readonly unread: number
  /** Octets of all raw messages; the limit counts more. */
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
    readonly https: number | null
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

/** What a CSS selector matches in the HTML of a message. */
export type SelectedElements = {
  /** How many match; of many, or of large ones, the first are told. */
  readonly total: number
  readonly elements: readonly SelectedElement[]
}

/** `GET /v1/cursor`. */
export type Cursor = { readonly cursor: number }

/** `GET` or `POST /v1/wait`: the messages in the order of their ids; `message` is the first. */
export type WaitAnswer = {
  readonly messages: readonly MessageDetail[]
  readonly message: MessageDetail
  /** The newest id of all when it was answered: to go on from, `since` the last message is usually meant. */
  readonly cursor: number
}

/** Why a message is not what was asked for: the first condition that fails, and the nearest to it that the message has. */
export type FailedCondition = {
  /** A key of the matcher (`header.NAME`, `any`, `not`), or `code`, `link`: what the message had to hold. */
  readonly condition: string
  readonly wanted: string
  /** Null where the message has nothing of the kind. */
  readonly nearest: string | null
}

/** A message that came, and was not what was asked for. */
export type ArrivedMail = Pick<
  MessageSummary,
  'id' | 'receivedAt' | 'from' | 'to' | 'rcptTo' | 'subject'
> & { readonly failed: FailedCondition }

/** What a time-out tells: what was asked, and what came instead. */
export type WaitDiagnosis = {
  /** The matcher, without `since`. */
  readonly asked: Readonly<Record<string, unknown>>
  /** Null where stored mail counted. */
  readonly since: number | null
  /** The newest id that was regarded. */
  readonly cursor: number
  /** The ids of those that matched, where more were wanted. */
  readonly matched: readonly number[]
  /** How many messages are there after `since`. */
  readonly came: number
  /** Those of them that come nearest, at most 20, ascending. */
  readonly arrived: readonly ArrivedMail[]
  /** There was no time to look at all that is stored: more of it may match. */
  readonly incomplete: boolean
  /** How many messages after `since` retention dropped meanwhile. */
  readonly dropped: number
  /** How many somebody deleted meanwhile. */
  readonly deleted: number
}

/** The 404 of a call that waited in vain. */
export type TimeoutProblem = Problem & WaitDiagnosis

/** `GET /v1/code` as JSON. */
export type CodeAnswer = {
  readonly code: string
  /** Everything in the message that may be a code, the likeliest first. */
  readonly candidates: readonly Code[]
  readonly id: number
  readonly cursor: number
}

/** `GET /v1/link` as JSON. */
export type LinkAnswer = {
  readonly href: string
  readonly link: Link
  readonly id: number
  readonly cursor: number
}

/** The 409 of a message that has several: only the asker can tell which is meant. */
export type AmbiguousProblem = Problem & {
  readonly id: number
  readonly candidates: readonly Code[] | readonly Link[]
}

/** `POST /v1/none`: nothing matches up to `cursor`. */
export type NoneAnswer = {
  readonly cursor: number
  /** How many SMTP transactions were waited for. */
  readonly waitedFor: number
}

/** The 409 of a message that should not be, or is one too many. */
export type UnexpectedProblem = Problem & {
  readonly message: MessageSummary
  /** All that match, as far as is known: with `exact`. */
  readonly messages: readonly MessageSummary[]
}

/** An SMTP transaction that is under way. */
export type OpenTransaction = {
  readonly listener: string
  readonly peer: { readonly address: string; readonly port: number }
  readonly authUser: string | null
  readonly mailFrom: string
  /** The recipients so far. */
  readonly rcptTo: readonly string[]
  readonly startedAt: string
}

/** The 504 where it cannot be told that nothing comes: this is still being sent. */
export type OpenProblem = Problem & { readonly open: readonly OpenTransaction[] }

/** One result of `POST /v1/expect`, in the place of its assertion. */
export type Expectation = {
  readonly ok: boolean
  /** The messages that matched, in the order of their ids. */
  readonly messages: readonly MessageSummary[]
  /** The code or link that was asked for. */
  readonly code?: string
  readonly link?: Link
  /** What is wrong, as the call that asks for it alone would say. */
  readonly problem?: Problem & {
    /** Of what it was to be besides: the first condition that fails. */
    readonly failed?: FailedCondition
  } & Partial<WaitDiagnosis>
}

/** `POST /v1/expect`. */
export type ExpectAnswer = {
  /** Whether all hold. */
  readonly ok: boolean
  readonly results: readonly Expectation[]
  readonly cursor: number
}
