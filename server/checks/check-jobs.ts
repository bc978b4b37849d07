import type { ContentSource } from '../mime/content.ts'
import type { CheckGroup } from './report.ts'

/** To the worker. */
export type CheckJob = { readonly id: number; readonly source: ContentSource }

/** From the worker, for each job: that it has begun, each group, and that it is done or could not be. */
export type CheckNews =
  | { readonly id: number; readonly is: 'begun' | 'done' }
  | { readonly id: number; readonly is: 'group'; readonly group: CheckGroup }
  | { readonly id: number; readonly is: 'refused'; readonly reason: string }
