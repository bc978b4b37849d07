import type { Content, ContentSource, HtmlView } from './content.ts'
import type { Extract } from './extract/extract.ts'
import type { NestedMessage } from './nested-message.ts'
import type { MessagePart } from './part-tree.ts'
import type { Selected } from './select.ts'
import type { Part } from './structure.ts'

/** What the worker does with a message, and what comes of it. */
export type Results = {
  content: Content
  extract: Extract
  html: string | null
  structure: Part
  parts: MessagePart
  nested: NestedMessage | null
  selected: Selected
}
export type Task = keyof Results

/** What is wanted of a message: of `html` and `nested` the view, of `selected` the selector. */
export type Asked = HtmlView & { readonly css?: string }

/** To the worker. */
export type Job = {
  readonly id: number
  readonly task: Task
  readonly source: ContentSource
  readonly asked: Asked
  /** Before those that are not. */
  readonly isUrgent: boolean
}

/** From the worker. */
export type Answer =
  | { readonly id: number; readonly result: Results[Task] }
  | { readonly id: number; readonly error: string }

/** Shared with the worker: the id of the job that it is at, 0 for none. */
export type WorkerData = { readonly current: Int32Array }
