/** Places `start` … `end - 1` of rows that are in the list but not shown; `before` are hidden above them. */
type HiddenRange = { readonly start: number; readonly end: number; readonly before: number }

/** Where rows are hidden (to be deleted unless undone): ascending, disjoint. */
export type HiddenPlaces = readonly HiddenRange[]

/** Takes ascending ranges of places, `[start, end)`; what touches becomes one. */
export const hide = (ranges: Iterable<readonly [start: number, end: number]>): HiddenPlaces => {
  const hidden: { start: number; end: number; before: number }[] = []
  for (const [start, end] of ranges) {
    const last = hidden.at(-1)
    if (start >= end) continue
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else hidden.push({ start, end, before: hiddenCount(hidden) })
  }
  return hidden
}

/** How many there are. */
export const hiddenCount = (hidden: HiddenPlaces): number => {
  const last = hidden.at(-1)
  return last ? last.before + last.end - last.start : 0
}

/** How many ranges begin before something that grows with them. */
const rangesBefore = (hidden: HiddenPlaces, isBefore: (range: HiddenRange) => boolean): number => {
  let low = 0
  let high = hidden.length
  while (low < high) {
    const middle = (low + high) >> 1
    const range = hidden[middle]
    if (range && isBefore(range)) low = middle + 1
    else high = middle
  }
  return low
}

/** How many rows above `place` are hidden. */
export const hiddenAbove = (hidden: HiddenPlaces, place: number): number => {
  const range = hidden[rangesBefore(hidden, ({ start }) => start < place) - 1]
  return range ? range.before + Math.min(range.end, place) - range.start : 0
}

/** The place in the list of the row that is shown as number `index`. */
export const placeOfShown = (hidden: HiddenPlaces, index: number): number => {
  const above = hidden[rangesBefore(hidden, ({ start, before }) => start - before <= index) - 1]
  return above ? index + above.before + above.end - above.start : index
}

/** As which number the row at `place` is shown; undefined where it is hidden. */
export const shownIndex = (hidden: HiddenPlaces, place: number): number | undefined => {
  const range = hidden[rangesBefore(hidden, ({ start }) => start <= place) - 1]
  return range && place < range.end ? undefined : place - hiddenAbove(hidden, place)
}

/** The places of the rows that are shown as numbers `[start, end)`, without what is hidden between them. */
export const shownPlaces = (
  hidden: HiddenPlaces,
  start: number,
  end: number,
): readonly (readonly [start: number, end: number])[] => {
  if (start >= end) return []
  const last = placeOfShown(hidden, end - 1) + 1
  const places: [number, number][] = []
  let from = placeOfShown(hidden, start)
  for (const range of hidden.slice(rangesBefore(hidden, r => r.end <= from))) {
    if (range.start >= last) break
    places.push([from, range.start])
    from = range.end
  }
  places.push([from, last])
  return places
}
