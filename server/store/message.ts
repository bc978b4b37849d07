import type { Address } from '../mime/address.ts'

/** What MAIL FROM and RCPT TO said (RFC 5321 §2.3.1). */
export type Envelope = {
  /** The reverse-path; `''` is the null path `<>` (RFC 5321 §4.1.1.2). */
  readonly mailFrom: string
  /** The forward-paths, in order. */
  readonly rcptTo: readonly string[]
}

/** Delivery status notification parameters, as they were given (RFC 3461 §4). */
export type Dsn = {
  readonly ret?: string
  readonly envid?: string
  readonly recipients?: readonly {
    readonly address: string
    readonly notify?: readonly string[]
    readonly orcpt?: string
  }[]
}

/** How a message came to us: line 1 of its raw file, beside the version and the length. */
export type Reception = {
  readonly envelope: Envelope
  readonly dsn?: Dsn
  /** The name that the client gave to HELO, EHLO or LHLO. */
  readonly helo?: string
  readonly peer?: { readonly address: string; readonly port: number }
  /** The way in: `smtp`, `smtps`, `http`, `import`, `imap`. */
  readonly listener: string
  readonly tls?: { readonly protocol: string; readonly cipher: string }
  readonly authUser?: string
  /** The inboxes of the API that it was for when it came. */
  readonly inboxes?: readonly string[]
  /** Of a message that a client put into a mailbox (IMAP's APPEND): where it belongs, and with what. */
  readonly append?: {
    readonly account: number
    readonly mailbox: number
    readonly flags: readonly string[]
    /** Milliseconds since 1970. */
    readonly internalDate: number
  }
}

/** Not yet, done, or given up (the parser refused it or took too long). */
export type Parsed = boolean | 'failed'

/**
 * A message as the index holds it in memory, one object for all its entries. Immutable but for what the parser
 * finds: that is set once. Times are milliseconds since 1970, UTC.
 */
export type Message = {
  /** The number that it arrived with: it names the raw file. */
  readonly id: number
  readonly receivedAt: number
  /** Octets of the message as sent, without line 1 of the raw file. */
  readonly size: number
  /** How many CR and LF stand alone: so much longer is the message with canonical line ends. */
  readonly bareEnds: number
  /** Whether its last line has no line end. */
  readonly hasOpenEnd: boolean
  /** Octets of line 1: where the message starts in its raw file. */
  readonly start: number
  readonly mailFrom: string
  readonly rcptTo: readonly string[]
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly replyTo: readonly Address[]
  readonly subject: string
  readonly messageId: string
  readonly date: string | null
  readonly authUser: string
  /** The ids of the inboxes that it belongs to, or belonged to. */
  readonly inboxes: readonly string[]
  preview: string
  parsed: Parsed
  /** Attachments shown as such: without the images that the HTML shows in place. */
  attachments: number
  inlines: number
  warnings: number
}

/** One message in one mailbox. Immutable: a change makes a new one. */
export type Entry = {
  /** The UID in the mailbox; in the INBOX of the catch-all the id of the API as well. */
  readonly number: number
  readonly message: Message
  /** IMAP flags and keywords (RFC 9051 §2.3.2), sorted, each once. */
  readonly flags: readonly string[]
  /** A person's or app's labels, in order of being given, each once. */
  readonly tags: readonly string[]
  /** Rises with every change of flags or tags (RFC 7162 §3.1). */
  readonly modseq: number
  /** When the message was received, which a copy keeps (RFC 9051 §2.3.3). Milliseconds since 1970. */
  readonly internalDate: number
  /** When it was put into this mailbox (RFC 8514 §1). Milliseconds since 1970. */
  readonly savedAt: number
}

/** Octets of a message with canonical line ends (RFC 5322 §2.1). */
export const canonicalSize = ({ size, bareEnds }: Message): number => size + bareEnds

/** The same where the last line gets an end if it has none: so many octets do the lines have that POP3 sends. */
export const linesSize = (message: Message): number =>
  canonicalSize(message) + (message.hasOpenEnd ? 2 : 0)

/**
 * What each address and each tag of an entry weighs besides its octets: the index keeps them in memory, and counts who has
 * which (measured: 90 octets each, 220 once they are counted).
 */
const weightOfValue = 200

/**
 * What an entry takes up of a limit, in octets: its message, line 1 of the raw file, and what the index keeps of both. Many
 * short addresses take up much more memory than a raw file has octets. Nothing that the parser finds counts.
 */
export const weightOf = ({ message, tags }: Pick<Entry, 'message' | 'tags'>): number => {
  const { size, start, rcptTo, from, to, cc, bcc, replyTo } = message
  const lists = [rcptTo, from, to, cc, bcc, replyTo, tags]
  return size + start + lists.reduce((sum, { length }) => sum + length, 0) * weightOfValue
}

export const isUnread = (entry: Entry): boolean => !entry.flags.includes('\\Seen')
export const isFlagged = (entry: Entry): boolean => entry.flags.includes('\\Flagged')
