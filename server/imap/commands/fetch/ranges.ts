/** Octets `[start, end)` of a message. */
export type Range = { readonly start: number; readonly end: number }

export function lengthOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0)
}

/** Of the octets that the ranges are, one after the other, those from `offset`, `length` at most (RFC 9051 §6.4.5). */
export function cutRanges(
  ranges: readonly Range[],
  { offset, length }: { readonly offset: number; readonly length: number },
): Range[] {
  const cut: Range[] = []
  let skip = offset
  let left = length
  for (const range of ranges) {
    const start = Math.min(range.start + skip, range.end)
    skip -= start - range.start
    const end = Math.min(range.end, start + left)
    left -= end - start
    if (end > start) cut.push({ start, end })
  }
  return cut
}

/** Neighbours become one; empty ones go. The ranges are ascending and do not overlap. */
export function joinRanges(ranges: readonly Range[]): Range[] {
  const joined: Range[] = []
  for (const range of ranges) {
    const last = joined.at(-1)
    if (range.start === range.end) continue
    if (last?.end === range.start) joined[joined.length - 1] = { start: last.start, end: range.end }
    else joined.push(range)
  }
  return joined
}
