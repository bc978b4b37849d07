import type { MessageDetail, MessageSummary, Problem } from '../http/resources.ts'

export type WaitAnswer = { readonly messages: readonly MessageDetail[]; readonly cursor: number }
export type FailedCondition = {
  readonly condition: string
  readonly wanted: string
  readonly nearest: string | null
}
export type ArrivedMail = Pick<
  MessageSummary,
  'id' | 'receivedAt' | 'from' | 'to' | 'rcptTo' | 'subject'
> & { readonly failed: FailedCondition }
export type TimeoutProblem = Problem & {
  readonly asked: Readonly<Record<string, unknown>>
  readonly since: number | null
  readonly cursor: number
  readonly matched: readonly number[]
  readonly came: number
  readonly arrived: readonly ArrivedMail[]
  readonly dropped: number
  readonly deleted: number
}
export type UnexpectedProblem = Problem & {
  readonly message: MessageSummary
  readonly messages: readonly MessageSummary[]
}
export type OpenProblem = Problem & {
  readonly open: readonly {
    readonly peer: { readonly address: string; readonly port: number }
    readonly mailFrom: string
    readonly rcptTo: readonly string[]
    readonly startedAt: string
  }[]
}
