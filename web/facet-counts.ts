import type { Facet, FacetKind, Facets, MessageSummary } from '../server/http/resources.ts'
import { fold } from './query-terms.ts'
import type { RowChange } from './rows.ts'
import { countWithin } from './sequence-set.ts'

export const facetKinds = ['recipients', 'senders', 'tags'] as const

/** What a message has of a kind, each once, with the case that does not count. */
const valuesOf = (kind: FacetKind, row: MessageSummary): ReadonlyMap<string, string> => {
  const values = {
    recipients: row.rcptTo.map(fold),
    senders: row.from.map(({ address }) => fold(address)),
    tags: row.tags,
  }[kind]
  return new Map(values.filter(value => value !== '').map(value => [fold(value), value]))
}

/** More first, and among equals in the order of the values: as the server has them. */
const order = (one: Facet, other: Facet): number =>
  other.count - one.count || (one.value < other.value ? -1 : 1)

/** One more message; null where a value may be known to the server, beyond the end of the list. */
const withRow = (
  facets: readonly Facet[],
  values: ReadonlyMap<string, string>,
  unread: boolean,
  limit: number,
): readonly Facet[] | null => {
  const rest = new Map(values)
  const more = facets.map(facet => {
    if (!rest.delete(fold(facet.value))) return facet
    return { ...facet, count: facet.count + 1, unread: facet.unread + Number(unread) }
  })
  if (rest.size > 0 && facets.length >= limit) return null
  for (const value of rest.values()) more.push({ value, count: 1, unread: Number(unread) })
  return more.sort(order).slice(0, limit)
}

/**
 * The counts after a change of the feed; null where that cannot be told from here: they have to be asked for again.
 * @param limit how many values of each kind were asked for
 */
export const applyToFacets = (facets: Facets, change: RowChange, limit: number): Facets | null => {
  if (change.type === 'removed') return null
  if (change.type === 'changed') {
    const { parsed, attachments = 0, unread, tags } = change.patch
    if (unread !== undefined || tags !== undefined) return null
    if (parsed === undefined || attachments === 0) return facets
    const found = countWithin(change.ids, 1, Number.MAX_SAFE_INTEGER)
    return { ...facets, withAttachments: facets.withAttachments + found }
  }
  let after = facets
  for (const row of change.rows) {
    for (const kind of facetKinds) {
      const list = withRow(after[kind], valuesOf(kind, row), row.unread, limit)
      if (!list) return null
      after = { ...after, [kind]: list }
    }
    if (row.attachments > 0) after = { ...after, withAttachments: after.withAttachments + 1 }
  }
  return after
}
