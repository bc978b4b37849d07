import type { Address } from './address.ts'

/** A message that another one brings, for a look at it. */
export type NestedMessage = {
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly subject: string
  /** The Date field in ISO 8601, UTC; null where it is missing or cannot be read. */
  readonly date: string | null
  /** The text/plain body, at most its first 256 Ki characters; null where there is none. */
  readonly text: string | null
  /** Whether there is HTML, which has a document of its own. */
  readonly html: boolean
}
