/** A node of the MIME tree, for people. */
export type MessagePart = {
  /** Its number (RFC 9051 §6.4.5.1); `''` for a message that is a multipart. A nested one has that of what holds it. */
  readonly part: string
  readonly contentType: string
  /** As Content-Type names it, null where it does not. */
  readonly charset: string | null
  /** Content-Transfer-Encoding in lower case, `7bit` where there is none. */
  readonly encoding: string
  readonly disposition: 'inline' | 'attachment' | null
  /** As the sender gave it, decoded: text, never a path. `''` where there is none. */
  readonly name: string
  /** Content-ID without its angle brackets, null where there is none. */
  readonly cid: string | null
  /** Octets of the body as sent. */
  readonly octets: number
  /** Octets once decoded; of a part with parts in it the same as `octets`. */
  readonly size: number
  readonly parts: readonly MessagePart[]
}
