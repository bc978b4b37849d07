import { useEffect, useRef } from 'preact/hooks'
import type { FacetKind } from '../../../server/http/resources.ts'
import { facets } from '../../facets.ts'
import { counts } from '../../inbox.ts'
import { hasRail, isRailOpen } from '../../layout.ts'
import { hasTerm, withoutTerm, withTerm } from '../../query-terms.ts'
import { route } from '../../route.ts'
import { isRailCollapsed } from '../../settings.ts'
import { strings } from '../../strings.ts'
import { IconButton } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { type Choosing, FacetGroup, facetGroups } from './facet-group.tsx'
import { FacetLink, shownSearch } from './facet-link.tsx'

/** All, and what every message either is or is not. */
const Switches = ({ onChoose }: Choosing) => {
  const q = shownSearch()
  const here = route.value.q
  const total = counts.value?.total ?? null
  const unread = counts.value?.unread ?? 0
  const attached = facets.value?.withAttachments ?? null
  const toggle = (operator: string, value: string): string =>
    hasTerm(here, operator, value)
      ? withoutTerm(here, operator, value)
      : withTerm(here, operator, value)
  const words = strings.rail
  return (
    <ul class="facet-switches">
      <li>
        <FacetLink
          label={words.all}
          icon="inbox"
          count={total}
          unread={0}
          isPressed={q === ''}
          q=""
          testId="facet-all"
          onChoose={onChoose}
        />
      </li>
      <li>
        <FacetLink
          label={words.unread}
          icon="mail"
          count={counts.value && unread}
          unread={unread}
          isPressed={q !== null && hasTerm(q, 'is', 'unread')}
          q={toggle('is', 'unread')}
          testId="facet-unread"
          onChoose={onChoose}
        />
      </li>
      <li>
        <FacetLink
          label={words.withAttachments}
          icon="paperclip"
          count={attached}
          unread={0}
          isPressed={q !== null && hasTerm(q, 'has', 'attachment')}
          q={toggle('has', 'attachment')}
          testId="facet-attachments"
          onChoose={onChoose}
        />
      </li>
    </ul>
  )
}

/** What the rail holds, wherever it is shown. */
export const Facets = ({ onChoose }: Choosing) => (
  <>
    <Switches onChoose={onChoose} />
    {facetGroups.map(group => (
      <FacetGroup key={group.kind} {...group} onChoose={onChoose} />
    ))}
  </>
)

/** Facets beside the list: they write the search, and show what of it they know. */
export const Rail = () => {
  const rail = useRef<HTMLElement>(null)
  const wanted = useRef<FacetKind | null>(null)
  const isOpen = isRailOpen.value
  useEffect(() => {
    if (!isOpen || !wanted.current) return
    rail.current?.querySelector<HTMLElement>(`[data-testid="facets-${wanted.current}"] h2`)?.focus()
    wanted.current = null
  }, [isOpen])
  if (!hasRail.value) return null
  const words = strings.rail
  const isSettings = route.value.page === 'settings'
  const kinds = facetGroups.filter(({ kind }) => (facets.value?.[kind].length ?? 0) > 0)
  return (
    <nav
      ref={rail}
      class="rail"
      aria-label={words.name}
      data-collapsed={!isOpen || undefined}
      data-testid="rail"
    >
      <div class="rail-body">
        {isOpen ? (
          <Facets />
        ) : (
          <>
            <Switches />
            {kinds.map(({ kind, icon }) => (
              <IconButton
                key={kind}
                icon={icon}
                label={words.kinds[kind]}
                testId={`unfold-${kind}`}
                onClick={() => {
                  wanted.current = kind
                  isRailCollapsed.value = false
                }}
              />
            ))}
          </>
        )}
      </div>
      <div class="rail-end">
        <Link class="facet" to={{ page: 'settings', q: '' }} isCurrent={isSettings}>
          <Icon name="settings" />
          <span class="facet-label">{strings.shell.settings}</span>
        </Link>
        <IconButton
          icon={isOpen ? 'panelLeftClose' : 'panelLeftOpen'}
          label={isOpen ? words.collapse : words.expand}
          testId="fold-rail"
          onClick={() => {
            isRailCollapsed.value = isOpen
          }}
        />
      </div>
    </nav>
  )
}
