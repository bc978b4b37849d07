import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import type { Facet } from '../../server/http/resources.ts'
import { facetReaders, facets, findFacets, shownFacets, startFacets } from '../facets.ts'
import { recentSearches } from '../settings.ts'
import { strings } from '../strings.ts'
import { facetOf, type Suggestion, suggestionsFor, type TypedTerm, termAt } from '../suggestions.ts'

/** Milliseconds after the last key before the server is asked for values. */
const pause = 120

/** What the server finds for a term that is being typed; null where what the page has is all there is. */
const useFound = ({ operator, typed }: TypedTerm): readonly Facet[] | null => {
  const kind = facetOf[operator]
  const isAsked =
    kind !== undefined && typed !== '' && (facets.value?.[kind].length ?? 0) > shownFacets
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
  return found
}

const optionId = (at: number): string => `search-option-${at}`

/**
 * What the search could become, below its box, which keeps the focus (ARIA 1.2, combobox) and is told what there is.
 * Loaded with the first search.
 */
export const SearchSuggestions = ({
  text,
  caret,
  isOpen,
  active,
  onFound,
  onChoose,
}: {
  text: string
  caret: number
  isOpen: boolean
  active: number
  onFound: (all: readonly Suggestion[]) => void
  onChoose: (suggestion: Suggestion) => void
}) => {
  useEffect(() => {
    startFacets()
    facetReaders.value += 1
    return () => {
      facetReaders.value -= 1
    }
  }, [])
  const found = useFound(termAt(text, caret))
  const known = facets.value
  const recent = recentSearches.value
  const all = useMemo(
    () => suggestionsFor(text, caret, { facets: known, found, recent }),
    [text, caret, known, found, recent],
  )
  // Before the next key comes: it may be about what is new.
  useLayoutEffect(() => onFound(all), [all])
  if (!isOpen || all.length === 0) return null
  return (
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
}
