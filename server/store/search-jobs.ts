import type { ContentSource } from '../mime/content.ts'
import type { Answers } from './condition.ts'
import type { SentProbe } from './probe.ts'

/** A message to ask: where it lies, and for each probe of kind `values` the texts to look at. */
export type AskedMessage = {
  readonly source: ContentSource
  /** False where the parser gave the message up. */
  readonly isParsed: boolean
  readonly values: readonly (readonly string[])[]
}

/** To the worker: a block's file of search texts to scan, messages to ask, or messages whose fields to read. */
export type SearchJob = { readonly id: number } & (
  | { readonly kind: 'scan'; readonly path: string; readonly words: readonly string[] }
  | {
      readonly kind: 'ask'
      readonly messages: readonly AskedMessage[]
      readonly probes: readonly SentProbe[]
    }
  | {
      readonly kind: 'fields'
      readonly sources: readonly ContentSource[]
      readonly names: readonly string[]
    }
)

/** Of a message: an answer for each probe, or why it could not be read. */
export type Asked = readonly boolean[] | Unread

/** Of a message: the unfolded text of the first field of each name, null where there is none; or the same. */
export type Fields = readonly (string | null)[] | Unread

export type Unread = { readonly error: string }

/** From the worker. */
export type SearchResult = { readonly id: number } & (
  | { readonly kind: 'scan'; readonly answers: readonly Answers[]; readonly error: string | null }
  | { readonly kind: 'ask'; readonly asked: readonly Asked[] }
  | { readonly kind: 'fields'; readonly fields: readonly Fields[] }
)

/**
 * Shared with the worker, which writes it: the id of the job that it is at, 0 for none, and a count that grows with each
 * message that it begins.
 */
export type SearchWorkerData = { readonly progress: Int32Array }
