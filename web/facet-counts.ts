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

/** What the counts are after a change; not sure where that cannot be told from here: they have to be asked for again. */
export type Counted = { readonly facets: Facets; readonly isSure: boolean }

/** The values with those of one more message; not sure where the server may know one beyond the end of the list. */
const withRow = (
  facets: readonly Facet[],
  values: ReadonlyMap<string, string>,
  unread: boolean,
  limit: number,
): { readonly list: readonly Facet[]; readonly isSure: boolean } => {
  const rest = new Map(values)
  const list = facets.map(facet => {
    if (!rest.delete(fold(facet.value))) return facet
    return { ...facet, count: facet.count + 1, unread: facet.unread + Number(unread) }
  })
  const isSure = rest.size === 0 || facets.length < limit
  if (isSure)
    for (const value of rest.values()) list.push({ value, count: 1, unread: Number(unread) })
  return { list: list.sort(order).slice(0, limit), isSure }
}

/**
 * The counts after a change of the feed, as far as it tells.
 * @param limit how many values of each kind were asked for
 */
export const applyToFacets = (facets: Facets, change: RowChange, limit: number): Counted => {
  if (change.type === 'removed') return { facets, isSure: false }
  if (change.type === 'changed') {
    const { parsed, attachments = 0, unread, tags } = change.patch
    const isSure = unread === undefined && tags === undefined
    if (parsed === undefined || attachments === 0) return { facets, isSure }
    const found = countWithin(change.ids, 1, Number.MAX_SAFE_INTEGER)
    return { facets: { ...facets, withAttachments: facets.withAttachments + found }, isSure }
  }
  const lists = { recipients: facets.recipients, senders: facets.senders, tags: facets.tags }
  let { withAttachments } = facets
  let isSure = true
  for (const row of change.rows) {
    for (const kind of facetKinds) {
      const counted = withRow(lists[kind], valuesOf(kind, row), row.unread, limit)
      lists[kind] = counted.list
      isSure &&= counted.isSure
    }
    if (row.attachments > 0) withAttachments += 1
  }
  return { facets: { ...facets, ...lists, withAttachments }, isSure }
}
