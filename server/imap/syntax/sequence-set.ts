/** `*`, the largest number in use (RFC 9051 §9, seq-number): larger than any number. */
export const LAST = Number.POSITIVE_INFINITY

/** Numbers from `first` to `last`, both included; `first` ≤ `last`. */
export type NumberRange = { readonly first: number; readonly last: number }

/** Which messages a command names, before anyone knows which there are. */
export type SequenceSet =
  /** `$`: what the last SEARCH saved (RFC 9051 §6.4.4.1). */
  | { readonly kind: 'saved' }
  /**
   * Ascending, with gaps between them. One with `last` = {@link LAST} also names the last message where that is below
   * `first`: `3291:*` names the last one of ten (RFC 9051 §9, seq-range).
   */
  | { readonly kind: 'ranges'; readonly ranges: readonly NumberRange[] }

/** Positions in an ascending list: from `start`, up to but not with `end`; never empty. */
export type Span = { readonly start: number; readonly end: number }

const LARGEST = 0xffff_ffff
const SET = /\$|[\d*:,]+/y
const NUMBER = /^(?:\*|[1-9]\d{0,9})$/

/**
 * Reads a sequence-set that starts at `at`, and says where it ends; null where there is none, or where a number does
 * not fit in 32 bits. There is no limit of its own: a set is as long as the command line lets it be (64 KiB hold
 * 32 000 ranges), since clients do send the UIDs of a scattered mailbox one by one. Its cost is that of its text,
 * and n log n where it is not ascending.
 */
export function readSequenceSet(
  text: string,
  at = 0,
): { readonly set: SequenceSet; readonly end: number } | null {
  SET.lastIndex = at
  const match = SET.exec(text)
  if (!match) return null
  const end = at + match[0].length
  if (match[0] === '$') return { set: { kind: 'saved' }, end }
  const ranges: NumberRange[] = []
  for (const part of match[0].split(',')) {
    const colon = part.indexOf(':')
    const first = readNumber(colon === -1 ? part : part.slice(0, colon))
    const last = colon === -1 ? first : readNumber(part.slice(colon + 1))
    if (first === null || last === null) return null
    ranges.push(first <= last ? { first, last } : { first: last, last: first })
  }
  return { set: { kind: 'ranges', ranges: normalise(ranges) }, end }
}

function readNumber(text: string): number | null {
  if (text === '*') return LAST
  return NUMBER.test(text) && Number(text) <= LARGEST ? Number(text) : null
}

/** Ascending, overlaps and neighbours made one. */
function normalise(ranges: NumberRange[]): readonly NumberRange[] {
  const isAscending = ranges.every((range, at) => range.first > (ranges[at - 1]?.first ?? 0))
  if (!isAscending)
    ranges.sort((a, b) => (a.first === b.first ? a.last - b.last : a.first - b.first))
  const merged: NumberRange[] = []
  for (const range of ranges) {
    const before = merged.at(-1)
    if (before && range.first <= before.last + 1) {
      if (range.last > before.last) merged[merged.length - 1] = { ...before, last: range.last }
    } else merged.push(range)
  }
  return merged
}

/** Whether `*` is among them: UID commands allow it everywhere but in QRESYNC's sets (RFC 7162 §7). */
export function namesLast(ranges: readonly NumberRange[]): boolean {
  return ranges.at(-1)?.last === LAST
}

/** The largest number that is written out, 0 where there is `*` alone. */
export function largestNumber(ranges: readonly NumberRange[]): number {
  const range = ranges.at(-1)
  if (!range) return 0
  if (range.last !== LAST) return range.last
  if (range.first !== LAST) return range.first
  return largestNumber(ranges.slice(0, -1))
}

/**
 * Where in `uids` (ascending, each once) the numbers stand: ascending spans of positions, so that position + 1 is the
 * sequence number. Numbers that are not there name nothing (RFC 9051 §6.4.9). Costs ranges × log n, whatever the ranges
 * span.
 */
export function positionsOfUids(
  ranges: readonly NumberRange[],
  uids: ArrayLike<number>,
): readonly Span[] {
  return spans(ranges, uids.length, number => lowerBound(uids, number))
}

/** The same for sequence numbers of a mailbox with `count` messages; those past it name nothing. */
export function positionsOfSequenceNumbers(
  ranges: readonly NumberRange[],
  count: number,
): readonly Span[] {
  return spans(ranges, count, number => Math.min(number - 1, count))
}

function spans(
  ranges: readonly NumberRange[],
  count: number,
  /** The first position that holds this number or a larger one. */
  position: (number: number) => number,
): readonly Span[] {
  const found: { start: number; end: number }[] = []
  for (const { first, last } of ranges) {
    const start = last === LAST ? Math.min(position(first), count - 1) : position(first)
    const end = last === LAST ? count : position(last + 1)
    const before = found.at(-1)
    if (before && start <= before.end) before.end = Math.max(before.end, end)
    else if (start < end && start >= 0) found.push({ start, end })
  }
  return found
}

function lowerBound(numbers: ArrayLike<number>, number: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] as number) < number) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether the number is in one of the ranges; `highest` is what `*` stands for. Costs log n of the ranges. */
export function includesNumber(
  ranges: readonly NumberRange[],
  number: number,
  highest: number,
): boolean {
  if (number === highest && namesLast(ranges)) return true
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const range = ranges[middle] as NumberRange
    if (number < range.first) high = middle
    else if (number > range.last) low = middle + 1
    else return number <= highest || range.last !== LAST
  }
  return false
}

/** Ascending numbers, each once, as the fewest ranges. */
export function rangesOf(ascending: Iterable<number>): readonly NumberRange[] {
  const ranges: { first: number; last: number }[] = []
  for (const number of ascending) {
    const before = ranges.at(-1)
    if (number - 1 === before?.last) before.last = number
    else ranges.push({ first: number, last: number })
  }
  return ranges
}

/** Writes ascending numbers, each once, as the shortest set: `1:3,5`; `''` where there are none. */
export function printSequenceSet(ascending: Iterable<number>): string {
  return rangesOf(ascending)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}:${last}`))
    .join(',')
}
