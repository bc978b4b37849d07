import type { Facet, FacetKind, Facets } from '../server/http/resources.ts'
import { fold, formatTerm, readTerms } from './query-terms.ts'
import { strings } from './strings.ts'

/** Something that the search could become. */
export type Suggestion = {
  /** What stands in the search for it. */
  readonly text: string
  readonly meaning: string
  /** An operator wants a value yet; all else makes a search. */
  readonly isOperator: boolean
  /** The search once it is taken, and where the caret stands then. */
  readonly taken: { readonly text: string; readonly caret: number }
}

/** The same with what it takes the place of: `[start, end)` of the search. */
type Draft = Omit<Suggestion, 'taken'> & { readonly start: number; readonly end: number }

/** Which facets can follow an operator. */
export const facetOf: Readonly<Partial<Record<string, FacetKind>>> = {
  from: 'senders',
  'reply-to': 'senders',
  to: 'recipients',
  cc: 'recipients',
  bcc: 'recipients',
  rcpt: 'recipients',
  addressed: 'recipients',
  tag: 'tags',
}

const most = 8
const words = strings.search

/** The term that is being typed: its operator, what of its value stands before the caret, and where it stands. */
export const termAt = (text: string, caret: number) => {
  const term = readTerms(text).terms.find(({ start, end }) => start < caret && caret <= end)
  if (!term) return { operator: '', typed: '', start: caret, end: caret }
  const start = term.start + (term.isNegated ? 1 : 0)
  const colon = term.operator ? start + term.operator.length + 1 : start
  if (caret < colon) return { operator: '', typed: text.slice(start, caret), start, end: term.end }
  const typed = text.slice(colon, caret).replace(/^[<"]+/, '')
  return { operator: term.operator, typed, start, end: term.end }
}

export type TypedTerm = ReturnType<typeof termAt>

const operatorsFor = ({ typed, start, end }: TypedTerm): readonly Draft[] =>
  Object.entries(words.operators)
    .filter(([operator]) => operator.startsWith(typed.toLowerCase()))
    .map(([operator, meaning]) => ({ text: `${operator}:`, meaning, start, end, isOperator: true }))

const kindWords: Readonly<Record<FacetKind, string>> = {
  recipients: words.recipient,
  senders: words.sender,
  tags: words.tag,
}

/** Values of a facet as terms: an address stands for itself alone. */
const valuesFor = (
  operator: string,
  kind: FacetKind,
  found: readonly Facet[],
  { typed, start, end }: TypedTerm,
): readonly Draft[] =>
  found
    .filter(({ value }) => fold(value).includes(fold(typed)))
    .map(({ value, count }) => ({
      text: formatTerm(operator, kind === 'tags' ? value : `<${value}>`),
      meaning: strings.rail.counted(count, 0),
      start,
      end,
      isOperator: false,
    }))

/** What a word could be of the facets that are known: at most three. */
const facetsFor = (term: TypedTerm, facets: Facets): readonly Draft[] =>
  (
    [
      ['rcpt', 'recipients'],
      ['from', 'senders'],
      ['tag', 'tags'],
    ] as const
  )
    .flatMap(([operator, kind]) =>
      valuesFor(operator, kind, facets[kind], term)
        .slice(0, 2)
        .map(suggestion => ({ ...suggestion, meaning: kindWords[kind] })),
    )
    .slice(0, 3)

export type SuggestionSources = {
  readonly facets: Facets | null
  /** Values that the server has found for the term being typed; null for those of `facets`. */
  readonly found: readonly Facet[] | null
  readonly recent: readonly string[]
}

const draftsFor = (
  text: string,
  caret: number,
  { facets, found, recent }: SuggestionSources,
): readonly Draft[] => {
  const term = termAt(text, caret)
  const { operator, typed, start, end } = term
  if (text.trim() === '') {
    const before = recent.map(q => ({
      text: q,
      meaning: words.recent,
      start: 0,
      end: text.length,
      isOperator: false,
    }))
    return [...before, ...operatorsFor({ ...term, start: 0, end: text.length })].slice(0, most)
  }
  if (operator === '') {
    if (typed === '') return []
    const known = facets && typed.length > 1 ? facetsFor(term, facets) : []
    return [...operatorsFor(term), ...known].slice(0, most)
  }
  const kind = facetOf[operator]
  if (kind) {
    const values = found ?? facets?.[kind] ?? []
    // What is there already is no suggestion.
    return valuesFor(operator, kind, values, term)
      .filter(suggestion => suggestion.text !== text.slice(start, end))
      .slice(0, most)
  }
  const fixed: Readonly<Record<string, string>> =
    words.values[operator as keyof typeof words.values] ?? {}
  return Object.entries(fixed)
    .filter(([value]) => value.startsWith(typed.toLowerCase()) && value !== typed)
    .map(([value, meaning]) => ({
      text: `${operator}:${value}`,
      meaning,
      start,
      end,
      isOperator: false,
    }))
}

const take = (
  text: string,
  { text: chosen, start, end, isOperator }: Draft,
): Suggestion['taken'] => {
  const head = text.slice(0, start) + chosen + (isOperator ? '' : ' ')
  const rest = text.slice(end)
  return { text: head + (isOperator ? rest : rest.trimStart()), caret: head.length }
}

/** What a search that is being typed could become, at most eight, the likeliest first. */
export const suggestionsFor = (
  text: string,
  caret: number,
  sources: SuggestionSources,
): readonly Suggestion[] =>
  draftsFor(text, caret, sources).map(draft => ({
    text: draft.text,
    meaning: draft.meaning,
    isOperator: draft.isOperator,
    taken: take(text, draft),
  }))
