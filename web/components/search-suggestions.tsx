import { useEffect, useState } from 'preact/hooks'
import type { Facet } from '../../server/http/resources.ts'
import { facetReaders, facets, findFacets, shownFacets } from '../facets.ts'
import { recentSearches } from '../settings.ts'
import { strings } from '../strings.ts'
import { facetOf, type Suggestion, suggestionsFor, termAt } from '../suggestions.ts'

/** Milliseconds after the last key before the server is asked for values. */
const pause = 120

/** What a search that is being typed could become; nothing while the box does not have the focus. */
export const useSuggestions = (
  text: string,
  caret: number,
  isFocused: boolean,
): readonly Suggestion[] => {
  useEffect(() => {
    if (!isFocused) return
    facetReaders.value += 1
    return () => {
      facetReaders.value -= 1
    }
  }, [isFocused])

  const { operator, typed } = termAt(text, caret)
  const kind = facetOf[operator]
  // What the page has is not all there is.
  const isAsked =
    isFocused &&
    kind !== undefined &&
    typed !== '' &&
    (facets.value?.[kind].length ?? 0) > shownFacets
  const [found, setFound] = useState<readonly Facet[] | null>(null)
  useEffect(() => {
    setFound(null)
    if (!isAsked || !kind) return
    const reading = new AbortController()
    const timer = setTimeout(() => {
      // Suggestions are a help: without an answer there are those that the page has.
      findFacets(kind, typed, reading.signal).then(setFound, () => {})
    }, pause)
    return () => {
      clearTimeout(timer)
      reading.abort()
    }
  }, [kind, typed, isAsked])

  if (!isFocused) return []
  return suggestionsFor(text, caret, {
    facets: facets.value,
    found,
    recent: recentSearches.value,
  })
}

export const optionId = (at: number): string => `search-option-${at}`

/** The list below the search box. The focus stays in the box (ARIA 1.2, combobox). */
export const SearchSuggestions = ({
  all,
  active,
  onChoose,
}: {
  all: readonly Suggestion[]
  active: number
  onChoose: (suggestion: Suggestion) => void
}) => (
  <div
    class="search-options"
    id="search-options"
    role="listbox"
    aria-label={strings.search.suggestions}
    data-testid="suggestions"
  >
    {all.map((suggestion, at) => (
      // biome-ignore lint/a11y/useFocusableInteractive: the box has the focus and names the active option
      // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the box's
      <div
        key={suggestion.text}
        id={optionId(at)}
        role="option"
        aria-selected={at === active}
        data-testid="suggestion"
        // The box keeps the focus.
        onPointerDown={event => event.preventDefault()}
        onClick={() => onChoose(suggestion)}
      >
        <code>{suggestion.text}</code>
        <span>{suggestion.meaning}</span>
      </div>
    ))}
  </div>
)
