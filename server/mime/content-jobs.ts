import type { Content, ContentSource, HtmlView } from './content.ts'
import type { NestedMessage } from './nested-message.ts'
import type { MessagePart } from './part-tree.ts'
import type { Part } from './structure.ts'

/** What the worker does with a message, and what comes of it. */
export type Results = {
  content: Content
  html: string | null
  structure: Part
  parts: MessagePart
  nested: NestedMessage | null
}
export type Task = keyof Results

/** To the worker. */
export type Job = {
  readonly id: number
  readonly task: Task
  readonly source: ContentSource
  /** What `html` and `nested` are asked for. */
  readonly view: HtmlView
  /** Before those that are not. */
  readonly isUrgent: boolean
}

/** From the worker. */
export type Answer =
  | { readonly id: number; readonly result: Results[Task] }
  | { readonly id: number; readonly error: string }

/** Shared with the worker: the id of the job that it is at, 0 for none. */
export type WorkerData = { readonly current: Int32Array }
