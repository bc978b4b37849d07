/**
 * The one language of list, wait, delete and mark (as query parameters or JSON). Everything given must hold.
 * A string is a case-insensitive whole address (`*` is a wildcard) for the address keys, a case-insensitive
 * substring for the text keys; `/…/` or `/…/i` is a regular expression; a leading `\/` is a literal `/`.
 * An array must hold for each of its values.
 */
export type Matcher = {
  readonly to?: string | readonly string[]
  readonly cc?: string | readonly string[]
  readonly bcc?: string | readonly string[]
  readonly from?: string | readonly string[]
  readonly replyTo?: string | readonly string[]
  readonly rcpt?: string | readonly string[]
  readonly mailFrom?: string | readonly string[]
  /** `rcpt`, or to, cc or bcc. */
  readonly address?: string | readonly string[]
  readonly subject?: string | readonly string[]
  readonly text?: string | readonly string[]
  readonly html?: string | readonly string[]
  /** `text` or `html`. */
  readonly body?: string | readonly string[]
  /** Decoded header fields by name. */
  readonly header?: Readonly<Record<string, string | readonly string[]>>
  /** A file name, whole, with `*`. */
  readonly attachment?: string | readonly string[]
  readonly hasAttachment?: boolean
  readonly tag?: string | readonly string[]
  readonly inbox?: string
  readonly authUser?: string | readonly string[]
  readonly unread?: boolean
  readonly minSize?: number
  readonly maxSize?: number
  /** Ids: `since` is exclusive, `upto` inclusive. */
  readonly since?: number
  readonly upto?: number
  /** Milliseconds since 1970, UTC; after is exclusive, before is exclusive. */
  readonly receivedAfter?: number
  readonly receivedBefore?: number
  /** The search box's language, see `query.ts`. */
  readonly q?: string
  readonly any?: readonly Matcher[]
  readonly not?: Matcher
}
