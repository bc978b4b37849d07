import type { Address } from './address.ts'

/** What is known of a mail from its header block alone, before it is parsed. */
export type HeaderSummary = {
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly replyTo: readonly Address[]
  readonly subject: string
  /** With its angle brackets, `''` where there is none (RFC 5322 §3.6.4). */
  readonly messageId: string
  /** The Date field in ISO 8601, UTC; null where it is missing or cannot be read. */
  readonly date: string | null
  /** The labels of the X-Tags field, in order, each once. */
  readonly tags: readonly string[]
  /** What is wrong with the header block, in words for the app's developer. */
  readonly warnings: readonly string[]
}
