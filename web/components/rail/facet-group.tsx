import { useEffect, useId, useState } from 'preact/hooks'
import type { Facet, FacetKind } from '../../../server/http/resources.ts'
import { facets, findFacets, shownFacets } from '../../facets.ts'
import { fold, hasTerm, termValues, withoutTerm, withTerm } from '../../query-terms.ts'
import { route } from '../../route.ts'
import { strings } from '../../strings.ts'
import { Icon, type IconName } from '../icon.tsx'
import { FacetLink, shownSearch } from './facet-link.tsx'

/** How many values of a kind are shown before more are asked for. */
const few = 6

type Kind = {
  readonly kind: FacetKind
  readonly operator: string
  /** A value as the search has it: an address stands for itself alone, not for those that it is a part of. */
  readonly term: (value: string) => string
  /** Whether a message has at most one of them, as a rule: then choosing one leaves the other. */
  readonly isOnly: boolean
  readonly icon: IconName
}

export const facetGroups: readonly Kind[] = [
  {
    kind: 'recipients',
    operator: 'rcpt',
    term: value => `<${value}>`,
    isOnly: true,
    icon: 'userRound',
  },
  { kind: 'senders', operator: 'from', term: value => `<${value}>`, isOnly: true, icon: 'atSign' },
  {
    kind: 'tags',
    operator: 'tag',
    // What begins with a slash would be a regular expression.
    term: value => (value.startsWith('/') ? `\\${value}` : value),
    isOnly: false,
    icon: 'tag',
  },
]

/** Whoever shows facets may want to know when one is chosen. */
export type Choosing = { readonly onChoose?: (() => void) | undefined }

type Found = readonly Facet[] | 'failed' | null

/** What the server finds of a kind, read again as the counts change; null while there is nothing to find. */
const useFound = (kind: FacetKind, text: string, isNeeded: boolean): Found => {
  const [found, setFound] = useState<Found>(null)
  const known = facets.value
  useEffect(() => {
    if (!isNeeded) {
      setFound(null)
      return
    }
    const reading = new AbortController()
    const timer = setTimeout(() => {
      findFacets(kind, text, reading.signal).then(setFound, () => {
        if (!reading.signal.aborted) setFound('failed')
      })
    }, 150)
    return () => {
      clearTimeout(timer)
      reading.abort()
    }
  }, [kind, text, isNeeded, isNeeded && known?.feed])
  return found
}

/** The values of one kind, the most frequent first, and those that the search has. */
export const FacetGroup = ({ kind, operator, term, isOnly, onChoose }: Kind & Choosing) => {
  const id = useId()
  const [isLong, setIsLong] = useState(false)
  const [typed, setTyped] = useState('')
  const words = strings.rail
  const all = facets.value?.[kind] ?? []
  const isMore = all.length > shownFacets
  const text = fold(typed.trim())
  const found = useFound(kind, text, isMore && text !== '')

  const q = shownSearch()
  const isPressed = (value: string): boolean => q !== null && hasTerm(q, operator, term(value))
  const here = text ? all.filter(({ value }) => fold(value).includes(text)) : all
  const isFailed = found === 'failed'
  const matching = (found && found !== 'failed' ? found : here).slice(0, shownFacets)
  const shown =
    isLong || text ? matching : matching.filter(({ value }, at) => at < few || isPressed(value))
  // What the search has is there to be switched off, however rare it is.
  const others = termValues(q ?? '', operator).filter(
    value => !matching.some(facet => fold(facet.value) === fold(value)),
  )
  if (all.length === 0 && others.length === 0) return null

  const linkTo = (value: string, isOn: boolean): string =>
    isOn
      ? withoutTerm(route.value.q, operator, term(value))
      : withTerm(route.value.q, operator, term(value), { isOnly })
  return (
    <section class="facet-group" aria-labelledby={id} data-testid={`facets-${kind}`}>
      <h2 id={id} tabIndex={-1}>
        {words.kinds[kind]}
      </h2>
      {all.length > few && (
        <label class="facet-filter">
          <Icon name="search" size={13} />
          <input
            type="text"
            aria-label={words.find[kind]}
            placeholder={words.find[kind]}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            maxLength={200}
            value={typed}
            data-testid={`filter-${kind}`}
            onInput={event => setTyped(event.currentTarget.value)}
            onKeyDown={event => {
              if (event.key !== 'Escape' || !typed) return
              event.preventDefault()
              event.stopPropagation()
              setTyped('')
            }}
          />
        </label>
      )}
      <ul>
        {others.map(value => (
          <li key={fold(value)}>
            <FacetLink
              label={value}
              count={null}
              unread={0}
              isPressed
              q={linkTo(value, true)}
              testId="facet"
              onChoose={onChoose}
            />
          </li>
        ))}
        {shown.map(({ value, count, unread }) => {
          const isOn = isPressed(value)
          return (
            <li key={fold(value)}>
              <FacetLink
                label={value}
                count={count}
                unread={unread}
                isPressed={isOn}
                q={linkTo(value, isOn)}
                testId="facet"
                onChoose={onChoose}
              />
            </li>
          )
        })}
      </ul>
      {text !== '' && shown.length === 0 && (
        <p class="facet-note" role="status">
          {isFailed ? words.failed : words.none}
        </p>
      )}
      {!text && matching.length > few && (
        <button
          type="button"
          class="facet-more"
          aria-expanded={isLong}
          data-testid={`more-${kind}`}
          onClick={() => setIsLong(!isLong)}
        >
          {isLong
            ? words.fewer
            : isMore
              ? words.most(shownFacets)
              : words.more(matching.length - few)}
        </button>
      )}
    </section>
  )
}
