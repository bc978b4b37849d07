/**
 * How well what was typed fits a command's words: each typed word has to be the beginning of one of its words, or
 * stand in one. Infinity where it does not fit; the less, the better.
 */
export const misfit = (typed: string, words: string): number => {
  const known = words.toLowerCase().split(/[\s:-]+/)
  let sum = 0
  for (const word of typed.toLowerCase().split(/\s+/)) {
    if (word === '') continue
    const starts = known.findIndex(other => other.startsWith(word))
    if (starts >= 0) sum += starts
    else if (known.some(other => other.includes(word))) sum += 20
    else return Number.POSITIVE_INFINITY
  }
  return sum
}

/** What fits, the best first, in its order where it fits alike. */
export const fitting = <T extends { readonly does: string }>(
  typed: string,
  all: readonly T[],
): readonly T[] =>
  all
    .map(each => ({ each, by: misfit(typed, each.does) }))
    .filter(({ by }) => by < Number.POSITIVE_INFINITY)
    .sort((one, other) => one.by - other.by)
    .map(({ each }) => each)
