import type { Address, MessageDetail, Problem } from '../http/resources.ts'

export type WaitAnswer = { readonly messages: readonly MessageDetail[]; readonly cursor: number }

export type Arrived = {
  readonly id: number
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly subject: string
  readonly failed: {
    readonly condition: string
    readonly wanted: string
    readonly nearest: string | null
  }
}

export type TimeoutProblem = Problem & {
  readonly asked: Readonly<Record<string, unknown>>
  readonly since: number | null
  readonly arrived: readonly Arrived[]
  readonly dropped: number
}

/** A mail that is there and should not be. */
export type UnexpectedProblem = Problem & { readonly message: Arrived }

/** What was still being sent when the time was over. */
export type OpenProblem = Problem & {
  readonly open: readonly {
    readonly mailFrom: string
    readonly rcptTo: readonly string[]
  }[]
}
