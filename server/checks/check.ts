import type { Findings } from './findings.ts'
import type { CheckedMail } from './mail.ts'
import type { CheckGroup, GroupId } from './report.ts'

/** What a check says beside its findings. */
export type Look = Pick<CheckGroup, 'looked' | 'fields' | 'data'> & {
  /** Why not all of the mail was looked at. */
  readonly partly?: string
}

/** One kind of check: a pure function over a mail. */
export type Check = {
  readonly group: GroupId
  run(mail: CheckedMail, findings: Findings): Look
}

/** `1 link`, `2 links`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`

/** Why a check saw only some of a mail, where it did. */
export const cutReason = (mail: CheckedMail): { readonly partly?: string } =>
  mail.htmls.some(({ isCut }) => isCut)
    ? { partly: 'The HTML is too large or too deeply nested: only its beginning was looked at.' }
    : {}
