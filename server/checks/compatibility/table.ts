import caniemail from './caniemail.json' with { type: 'json' }

/** What mail clients support, as caniemail.com has tested it; made by `trim.ts`. */
export type Caniemail = {
  readonly source: string
  readonly licence: string
  /** When the table was last changed. */
  readonly date: string
  readonly families: Readonly<Record<string, string>>
  readonly platforms: Readonly<Record<string, string>>
  /** `family.platform`, in the order of each feature's `support`. */
  readonly clients: readonly string[]
  readonly features: Readonly<Record<string, FeatureSupport>>
}

export type FeatureSupport = {
  readonly title: string
  /** A letter for each client: `y`es, `n`o, `a`lmost, `u`nknown, `-` not tested. */
  readonly support: string
  readonly notes?: Readonly<Record<string, string>>
  /** The numbers of the notes for a client, by its place among the clients. */
  readonly noted?: Readonly<Record<string, readonly number[]>>
}

export const table: Caniemail = caniemail
