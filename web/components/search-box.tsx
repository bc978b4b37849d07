import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { focusList } from '../actions.ts'
import { focusSearch } from '../commands.ts'
import { listState } from '../inbox.ts'
import { isUnfinished } from '../query-terms.ts'
import { navigate, route } from '../route.ts'
import { rememberSearch } from '../settings.ts'
import { strings } from '../strings.ts'
import type { Suggestion } from '../suggestions.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import { lazy } from './lazy.tsx'

const SearchSuggestions = lazy(
  async () => (await import('./search-suggestions.tsx')).SearchSuggestions,
)

/** Milliseconds after the last key before the search goes out. */
const pause = 180

const hasFault = (): boolean =>
  listState.value.is === 'failed' && listState.value.error.status === 400 && route.value.q !== ''

/** What the server says is wrong with the search, with the place marked. */
const SearchError = () => {
  const state = listState.value
  const q = route.value.q
  if (state.is !== 'failed' || !hasFault()) return null
  const { position } = state.error.problem ?? {}
  return (
    <div class="search-error" id="search-error" role="alert" data-testid="search-error">
      <p>{state.error.message}</p>
      {position !== undefined && position <= q.length && (
        <code>
          {q.slice(0, position)}
          <mark>{q.slice(position, position + 1) || ' '}</mark>
          {q.slice(position + 1)}
        </code>
      )}
    </div>
  )
}

/** Writes the search into the address bar, live as it is typed, and knows what it could become. */
export const SearchBox = () => {
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const nextCaret = useRef<number | null>(null)
  const { q } = route.value
  const [typed, setTyped] = useState(q)
  const [caret, setCaret] = useState(0)
  const [isFocused, setIsFocused] = useState(false)
  const [isDismissed, setIsDismissed] = useState(false)
  const [active, setActive] = useState(-1)

  const [suggestions, setSuggestions] = useState<readonly Suggestion[]>([])
  const isOpen = isFocused && suggestions.length > 0 && !isDismissed
  const chosen = isOpen ? suggestions[active] : undefined

  // Back, forward and links change it from outside; while it is being typed the typing wins.
  useEffect(() => {
    if (timer.current === undefined && typed.trim() !== q) setTyped(q)
  }, [q])

  const request = focusSearch.value
  // Before the next key comes: it belongs to the search already.
  useLayoutEffect(() => {
    if (request > 0) input.current?.select()
  }, [request])

  useLayoutEffect(() => {
    if (nextCaret.current === null) return
    input.current?.setSelectionRange(nextCaret.current, nextCaret.current)
    nextCaret.current = null
  }, [typed])

  const go = (text: string): void => {
    clearTimeout(timer.current)
    timer.current = undefined
    const next = text.trim()
    const here = route.value
    if (next === here.q) return
    // One entry of the history for a whole search, not one for each key.
    navigate(
      { page: 'inbox', q: next },
      here.page === 'inbox' && here.q && next ? 'replace' : 'push',
    )
  }

  const type = (text: string, at: number, isFinished = false): void => {
    setTyped(text)
    setCaret(at)
    setActive(-1)
    setIsDismissed(false)
    clearTimeout(timer.current)
    timer.current = undefined
    if (isFinished) go(text)
    else if (!isUnfinished(text, at)) timer.current = setTimeout(() => go(text), pause)
  }

  const choose = (suggestion: Suggestion): void => {
    const next = suggestion.taken
    nextCaret.current = next.caret
    type(next.text, next.caret, !suggestion.isOperator)
    if (!suggestion.isOperator) {
      rememberSearch(next.text.trim())
      setIsDismissed(true)
    }
  }

  const submit = (): void => {
    if (chosen) choose(chosen)
    else {
      go(typed)
      rememberSearch(typed.trim())
      setIsDismissed(true)
      focusList.value += 1
    }
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by && suggestions.length > 0) {
      event.preventDefault()
      setIsDismissed(false)
      // Past either end there is the box itself, at -1.
      const places = suggestions.length + 1
      setActive(isOpen ? ((active + 1 + by + places) % places) - 1 : by > 0 ? 0 : places - 2)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      if (isOpen) setIsDismissed(true)
      else if (typed) type('', 0, true)
      else focusList.value += 1
    }
  }

  const followCaret = (): void => setCaret(input.current?.selectionStart ?? 0)

  const hasError = hasFault()
  return (
    <search class="search">
      <form
        onSubmit={event => {
          event.preventDefault()
          submit()
        }}
      >
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          role="combobox"
          inputMode="search"
          enterKeyHint="search"
          placeholder={strings.search.name}
          aria-label={strings.search.name}
          aria-keyshortcuts="/"
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={isOpen ? 'search-options' : undefined}
          aria-activedescendant={chosen ? `search-option-${active}` : undefined}
          aria-invalid={hasError}
          aria-describedby={hasError ? 'search-error' : undefined}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={1000}
          data-testid="search"
          value={typed}
          onInput={({ currentTarget: { value, selectionStart } }) =>
            type(value, selectionStart ?? value.length)
          }
          onFocus={() => {
            setIsFocused(true)
            setIsDismissed(false)
            setActive(-1)
          }}
          onBlur={() => {
            setIsFocused(false)
            go(typed)
          }}
          onKeyDown={onKeyDown}
          onKeyUp={followCaret}
          onClick={followCaret}
        />
        {typed ? (
          <IconButton
            icon="x"
            label={strings.search.clear}
            testId="clear-search"
            onClick={() => {
              type('', 0, true)
              input.current?.focus()
            }}
          />
        ) : (
          <span class="kbd not-touch" aria-hidden="true">
            /
          </span>
        )}
      </form>
      {(isFocused || hasError) && (
        <div class="search-panel" hidden={!isOpen && !hasError}>
          <SearchError />
          {isFocused && (
            <SearchSuggestions
              text={typed}
              caret={caret}
              isOpen={isOpen}
              active={active}
              onFound={setSuggestions}
              onChoose={choose}
            />
          )}
        </div>
      )}
    </search>
  )
}
