/**
 * How sure it is that something is a one-time code:
 * - `high`: the mail calls it one, in the same sentence or just above it
 * - `medium`: near by
 * - `low`: it stands alone, in a mail about codes
 */
export type Confidence = 'low' | 'medium' | 'high'

/** What may be the one-time code of a mail. */
export type Code = {
  /** As one would type it: `482913` for `482 913` or `482-913`, `ABCD-1234` as it is. */
  readonly value: string
  readonly confidence: Confidence
  /** The number of the MIME part where it was found, null for the subject. */
  readonly part: string | null
  /** The words around it. */
  readonly context: string
}

/** Codes that are told of one mail. */
export const MAX_CODES = 20
