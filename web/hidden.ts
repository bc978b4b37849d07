/** Places of rows that are in the list but not shown (to be deleted unless undone): ascending, each once. */
export type HiddenPlaces = readonly number[]

/** How many of the hidden places come before the shown row `index`. */
const hiddenBefore = (hidden: HiddenPlaces, index: number): number => {
  let low = 0
  let high = hidden.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((hidden[middle] ?? 0) - middle <= index) low = middle + 1
    else high = middle
  }
  return low
}

/** The place in the list of the row that is shown as number `index`. */
export const placeOfShown = (hidden: HiddenPlaces, index: number): number =>
  index + hiddenBefore(hidden, index)

/** As which number the row at `place` is shown; undefined where it is hidden. */
export const shownIndex = (hidden: HiddenPlaces, place: number): number | undefined => {
  let low = 0
  let high = hidden.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((hidden[middle] ?? 0) < place) low = middle + 1
    else high = middle
  }
  return hidden[low] === place ? undefined : place - low
}
