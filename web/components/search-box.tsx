import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { focusList } from '../actions.ts'
import { focusSearch } from '../commands.ts'
import { listState } from '../inbox.ts'
import { navigate, route } from '../route.ts'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

/** Milliseconds after the last key before the search goes out. */
const pause = 180

/** What the server says is wrong with the search, with the place marked. */
const SearchError = () => {
  const state = listState.value
  const q = route.value.q
  if (state.is !== 'failed' || state.error.status !== 400 || !q) return null
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

/** Writes the search into the address bar, live as it is typed. */
export const SearchBox = () => {
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const { q } = route.value
  const [typed, setTyped] = useState(q)

  // Back, forward and links change it from outside; while it is being typed the typing wins.
  useEffect(() => {
    if (timer.current === undefined) setTyped(q)
  }, [q])

  const request = focusSearch.value
  // Before the next key comes: it belongs to the search already.
  useLayoutEffect(() => {
    if (request > 0) input.current?.select()
  }, [request])

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

  const hasError =
    listState.value.is === 'failed' && listState.value.error.status === 400 && q !== ''
  return (
    <search class="search">
      <form
        onSubmit={event => {
          event.preventDefault()
          go(typed)
          focusList.value += 1
        }}
      >
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          placeholder="Search mail"
          aria-label="Search mail"
          aria-keyshortcuts="/"
          aria-invalid={hasError}
          aria-describedby={hasError ? 'search-error' : undefined}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={1000}
          data-testid="search"
          value={typed}
          onInput={event => {
            const text = event.currentTarget.value
            setTyped(text)
            clearTimeout(timer.current)
            timer.current = setTimeout(() => go(text), pause)
          }}
          onKeyDown={event => {
            if (event.key !== 'Escape') return
            event.preventDefault()
            if (typed) {
              setTyped('')
              go('')
            } else focusList.value += 1
          }}
        />
        {typed ? (
          <IconButton
            icon="x"
            label="Clear the search"
            testId="clear-search"
            onClick={() => {
              setTyped('')
              go('')
              input.current?.focus()
            }}
          />
        ) : (
          <span class="kbd not-touch" aria-hidden="true">
            /
          </span>
        )}
      </form>
      <SearchError />
    </search>
  )
}
