import type { Slice } from './growth.ts'

/** What the process that executes is told; `module` exports the target. */
export type Order =
  | {
      readonly what: 'run'
      readonly module: string
      readonly seed: number
      readonly from: number
      readonly to: number
      readonly until: number
    }
  | {
      readonly what: 'make'
      readonly module: string
      readonly seed: number
      readonly number: number
    }
  | {
      readonly what: 'check'
      readonly module: string
      readonly input: Uint8Array
      readonly repeat: Slice | null
    }

/** An input as it was made for an execution; where `repeat` is there, what grows with that slice is judged. */
export type Made = { readonly input: Uint8Array; readonly repeat: Slice | null }

/** What it answers. `next` is the first execution that is still to do. */
export type Answer =
  | { readonly what: 'held'; readonly next: number }
  | { readonly what: 'made'; readonly made: Made }
  | {
      readonly what: 'threw'
      readonly number: number
      readonly message: string
      readonly where: string
    }

/** Where in the file of progress what is written, each a double: it is written before each execution, and outlives any death. */
export const PROGRESS = {
  number: 0,
  beat: 1,
  isBusy: 2,
  slowest: 3,
  slowestNumber: 4,
  heap: 5,
  cpu: 6,
} as const
export const PROGRESS_LENGTH = 7
