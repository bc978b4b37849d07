import { readIdRanges } from '../store/id-set.ts'
import type { Mailbox } from '../store/mailbox.ts'
import type { NumberRange } from './syntax/sequence-set.ts'

/**
 * Which UIDs of these ranges have gone after a mod-sequence, as a set; `''` for none (RFC 7162 §3.2.6). Where that is too
 * long ago all that are not there count, but for those up to `known`: the client knows all that went below.
 */
export function vanishedAmong(
  mailbox: Mailbox,
  modseq: number,
  ranges: readonly NumberRange[],
  { known = 0 } = {},
): string {
  const found: string[] = []
  let at = 0
  for (const gone of readIdRanges(mailbox.vanishedSince(modseq))) {
    // Both ascend.
    while (at < ranges.length && (ranges[at] as NumberRange).last < gone.first) at++
    for (let next = at; next < ranges.length; next++) {
      const range = ranges[next] as NumberRange
      if (range.first > gone.last) break
      const first = Math.max(gone.first, range.first, known + 1)
      const last = Math.min(gone.last, range.last)
      if (first <= last) found.push(first === last ? `${first}` : `${first}:${last}`)
    }
  }
  return found.join(',')
}
