/**
 * Sets of ids as text: a sequence set in which every number stands for a message that is there
 * (`"4:17,20"`, RFC 9051 §4.1.1 without `*`).
 */

/** Ascending ids → text. Numbers that follow each other become a range. */
export const writeIdSet = (ids: readonly number[]): string => {
  const ranges: string[] = []
  for (let index = 0; index < ids.length; ) {
    const first = ids[index] as number
    let last = first
    while (ids[++index] === last + 1) last++
    ranges.push(first === last ? `${first}` : `${first}:${last}`)
  }
  return ranges.join(',')
}

type Range = { first: number; last: number }

/** Text → its ranges, both ends inclusive. Throws a SyntaxError where the text is no such set. */
export const readIdRanges = (text: string): Range[] =>
  text === ''
    ? []
    : text.split(',').map(range => {
        const match = /^([1-9]\d{0,9})(?::([1-9]\d{0,9}))?$/.exec(range)
        const first = Number(match?.[1])
        const last = Number(match?.[2] ?? match?.[1])
        if (!match || last < first) throw new SyntaxError(`not a set of ids: ${range.slice(0, 40)}`)
        return { first, last }
      })

/** Ranges in any order → the same numbers as few ranges, ascending, none of which touches another. */
export const mergeRanges = (ranges: readonly Range[]): Range[] => {
  const merged: Range[] = []
  for (const { first, last } of [...ranges].sort((one, other) => one.first - other.first)) {
    const before = merged.at(-1)
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last)
    else merged.push({ first, last })
  }
  return merged
}

/** Text → every number of the set, ascending as the set does. */
export const idsOf = (text: string): number[] => {
  const ids: number[] = []
  for (const { first, last } of readIdRanges(text)) {
    for (let id = first; id <= last; id++) ids.push(id)
  }
  return ids
}
