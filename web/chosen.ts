import { countWithin, holds, type SequenceSet, writeSequenceSet } from './sequence-set.ts'

/**
 * Messages that something is done to: these ones, or what a search finds (`''`: everything) among the ids after `since` and
 * up to `upto`, but for some. However many they are, nobody lists them.
 */
export type Chosen =
  | { readonly ids: SequenceSet }
  | {
      readonly q: string
      readonly since: number
      readonly upto: number
      readonly except: SequenceSet
    }

/** Whether a message is among them, provided that the search finds it. */
export const isAmong = (chosen: Chosen, id: number): boolean =>
  'ids' in chosen
    ? holds(chosen.ids, id)
    : id > chosen.since && id <= chosen.upto && !holds(chosen.except, id)

/** How many of `size` messages that the search finds with ids `first` … `last` are among them, as far as can be told. */
export const countAmong = (chosen: Chosen, first: number, last: number, size: number): number => {
  if ('ids' in chosen) return Math.min(size, countWithin(chosen.ids, first, last))
  if (first > chosen.upto || last <= chosen.since) return 0
  return Math.max(0, size - countWithin(chosen.except, first, last))
}

/** Characters of a set in an address: a request line and its fields have 16 kB in all. */
const longest = 4_000

/** Runs of ranges, each short enough for an address; at least one. */
const pieces = (set: SequenceSet): readonly SequenceSet[] => {
  const parts: SequenceSet[] = []
  let part: (readonly [number, number])[] = []
  let length = 0
  for (const range of set) {
    const more = writeSequenceSet([range]).length + 1
    if (length + more > longest) {
      parts.push(part)
      part = []
      length = 0
    }
    part.push(range)
    length += more
  }
  return [...parts, part]
}

/** The same messages in as many parts as it takes for each to fit into an address. */
export const inParts = (chosen: Chosen): readonly Chosen[] => {
  if ('ids' in chosen) return pieces(chosen.ids).map(ids => ({ ids }))
  const parts = pieces(chosen.except)
  let { since } = chosen
  return parts.map((except, at) => {
    const upto = at === parts.length - 1 ? chosen.upto : (except.at(-1)?.[1] ?? since)
    const part = { ...chosen, since, upto, except }
    since = upto
    return part
  })
}

/** As parameters of a call. */
export const chosenQuery = (chosen: Chosen): string => {
  const query = new URLSearchParams()
  if ('ids' in chosen) query.set('ids', writeSequenceSet(chosen.ids))
  else {
    const { q, since, upto, except } = chosen
    if (q) query.set('q', q)
    else query.set('all', 'true')
    if (since > 0) query.set('since', `${since}`)
    query.set('upto', `${upto}`)
    if (except.length > 0) query.set('except', writeSequenceSet(except))
  }
  // What a set is made of needs no escaping, and is three times as long with it.
  return query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',')
}
