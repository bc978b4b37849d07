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

/** To the worker: a block's file of search texts to scan, or messages to ask. */
export type SearchJob = { readonly id: number } & (
  | { readonly kind: 'scan'; readonly path: string; readonly words: readonly string[] }
  | {
      readonly kind: 'ask'
      readonly messages: readonly AskedMessage[]
      readonly probes: readonly SentProbe[]
    }
)

/** Of a message: an answer for each probe, or why it could not be read. */
export type Asked = readonly boolean[] | { readonly error: string }

/** From the worker. */
export type SearchResult = { readonly id: number } & (
  | { readonly kind: 'scan'; readonly answers: readonly Answers[]; readonly error: string | null }
  | { readonly kind: 'ask'; readonly asked: readonly Asked[] }
)

/**
 * Shared with the worker, which writes it: the id of the job that it is at, 0 for none, and a count that grows with each
 * message that it begins.
 */
export type SearchWorkerData = { readonly progress: Int32Array }
