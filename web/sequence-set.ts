/** A sequence set as the feed writes it (`"4:17,20"`, RFC 9051 §4.1.1): ascending, disjoint ranges. */
export type SequenceSet = readonly (readonly [first: number, last: number])[]

const number = /^[1-9]\d{0,9}$/

/** Reads a sequence set; null where it is none, or is not ascending. */
export const readSequenceSet = (text: string): SequenceSet | null => {
  const ranges: [number, number][] = []
  let previous = 0
  for (const piece of text.split(',')) {
    const colon = piece.indexOf(':')
    const from = colon < 0 ? piece : piece.slice(0, colon)
    const to = colon < 0 ? piece : piece.slice(colon + 1)
    if (!number.test(from) || !number.test(to)) return null
    const first = Number(from)
    const last = Number(to)
    if (first <= previous || last < first) return null
    ranges.push([first, last])
    previous = last
  }
  return ranges
}

/** Where the first range that ends at or after `id` stands. */
const place = (set: SequenceSet, id: number): number => {
  let low = 0
  let high = set.length
  while (low < high) {
    const middle = (low + high) >> 1
    const range = set[middle]
    if (range && range[1] < id) low = middle + 1
    else high = middle
  }
  return low
}

export const holds = (set: SequenceSet, id: number): boolean => {
  const range = set[place(set, id)]
  return range !== undefined && range[0] <= id
}

/** How many ids of the set lie in `first` … `last`, both inclusive; none where `last` is the smaller. */
export const countWithin = (set: SequenceSet, first: number, last: number): number => {
  if (first > last) return 0
  let count = 0
  for (let at = place(set, first); at < set.length; at++) {
    const range = set[at]
    if (!range || range[0] > last) break
    count += Math.min(range[1], last) - Math.max(range[0], first) + 1
  }
  return count
}

/** How many ids the set has. */
export const sizeOf = (set: SequenceSet): number =>
  set.reduce((sum, [first, last]) => sum + last - first + 1, 0)

/** The set as text, `"4:17,20"`; `''` for the empty one. */
export const writeSequenceSet = (set: SequenceSet): string =>
  set.map(([first, last]) => (first === last ? `${first}` : `${first}:${last}`)).join(',')

/** The set of these ids, in any order. */
export const setOf = (ids: readonly number[]): SequenceSet => merge(ids.map(id => [id, id]))

/** What is in either. */
export const union = (one: SequenceSet, other: SequenceSet): SequenceSet =>
  merge([...one, ...other])

const merge = (ranges: readonly (readonly [number, number])[]): SequenceSet => {
  const merged: [number, number][] = []
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = merged.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else merged.push([first, last])
  }
  return merged
}

/** What is in the one and not in the other. */
export const minus = (one: SequenceSet, other: SequenceSet): SequenceSet => {
  const left: [number, number][] = []
  for (const [first, last] of one) {
    let start = first
    for (let at = place(other, first); at < other.length && start <= last; at++) {
      const cut = other[at]
      if (!cut || cut[0] > last) break
      if (cut[0] > start) left.push([start, cut[0] - 1])
      start = cut[1] + 1
    }
    if (start <= last) left.push([start, last])
  }
  return left
}
