import type { GroupId } from './groups.ts'

/** What the checks of a mail answer: the JSON of `GET /v1/messages/{id}/checks`. */

/** `error`: something will not work; `warning`: something often does not; `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info'

export type { GroupId } from './groups.ts'

/** Where something was found: in a part of the body, or in a header field. */
export type Place = {
  /** MIME part number. */
  readonly part?: string
  /** From 1, in the decoded text of the part; `column` likewise, in UTF-16 units. */
  readonly line?: number
  readonly column?: number
  /** From 1, in the raw message; missing where the part's encoding cannot be read by people (base64). */
  readonly sourceLine?: number
  /** The name of the header field. */
  readonly header?: string
  /** What stands there, cut. */
  readonly excerpt?: string
}

/** How a mail client takes what a mail uses. */
export type ClientSupport = {
  /** Such as `outlook.windows`. */
  readonly client: string
  readonly support: 'no' | 'partial'
  /** Numbers of the finding's `notes`. */
  readonly notes: readonly number[]
}

/** One thing that was found, at one place or many. */
export type Finding = {
  /** Which rule found it; stable, such as `links.insecure`. */
  readonly check: string
  readonly severity: Severity
  readonly title: string
  readonly why: string
  readonly fix: string
  /** At how many places. */
  readonly count: number
  /** The first of them. */
  readonly where: readonly Place[]
  /** Of `compatibility`: the clients that do not, or not quite, support it. */
  readonly clients?: readonly ClientSupport[]
  readonly notes?: Readonly<Record<string, string>>
  /** Where to read more. */
  readonly url?: string
}

/** A header field taken apart, such as DKIM-Signature. Nothing in it has been verified. */
export type ExplainedField = {
  readonly header: string
  readonly summary: string
  readonly sourceLine?: number
  readonly verified: false
  readonly tags: readonly { readonly tag: string; readonly value: string; readonly means: string }[]
}

/** What the table of mail clients says of itself. */
export type CompatibilityData = {
  readonly source: string
  /** When it was last changed, as a date. */
  readonly date: string
  readonly features: number
  /** Features of the table that cannot be seen in a mail, and why. */
  readonly unmapped: readonly { readonly feature: string; readonly reason: string }[]
  readonly families: readonly {
    readonly id: string
    readonly name: string
    readonly clients: readonly { readonly id: string; readonly name: string }[]
  }[]
}

/** `partial`: not all of the mail could be looked at; `failed`: it took too long, or our reader gave up. */
export type CheckState = 'done' | 'partial' | 'failed'

export type CheckGroup = {
  readonly group: GroupId
  readonly title: string
  readonly state: CheckState
  /** Why it is not `done`. */
  readonly reason?: string
  /** What was looked at, and how much of it there was. */
  readonly looked: readonly string[]
  /** Errors first. */
  readonly findings: readonly Finding[]
  readonly fields?: readonly ExplainedField[]
  readonly data?: CompatibilityData
}

/** Everything that was found in one mail. */
export type Checks = {
  readonly state: CheckState
  /** How many findings there are of each severity. */
  readonly counts: Readonly<Record<Severity, number>>
  readonly groups: readonly CheckGroup[]
}
