import { useEffect, useRef } from 'preact/hooks'
import type { FacetKind } from '../../../server/http/resources.ts'
import { facets, startFacets } from '../../facets.ts'
import { counts } from '../../inbox.ts'
import { hasTerm, withoutTerm, withTerm } from '../../query-terms.ts'
import { route } from '../../route.ts'
import { isRailCollapsed } from '../../settings.ts'
import { strings } from '../../strings.ts'
import { IconButton } from '../button.tsx'
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

/** The kinds that there are, as drawings: each unfolds the rest. */
const Drawings = ({ onUnfold }: { onUnfold: (kind: FacetKind) => void }) =>
  facetGroups
    .filter(({ kind }) => (facets.value?.[kind].length ?? 0) > 0)
    .map(({ kind, icon }) => (
      <IconButton
        key={kind}
        icon={icon}
        label={strings.rail.kinds[kind]}
        testId={`unfold-${kind}`}
        onClick={() => onUnfold(kind)}
      />
    ))

/** What the rail holds, wherever it is shown. Loaded after the list. */
export const RailBody = ({ isFolded = false, onChoose }: Choosing & { isFolded?: boolean }) => {
  const body = useRef<HTMLDivElement>(null)
  const wanted = useRef<FacetKind | null>(null)
  useEffect(startFacets, [])
  useEffect(() => {
    if (isFolded || !wanted.current) return
    body.current?.querySelector<HTMLElement>(`[data-testid="facets-${wanted.current}"] h2`)?.focus()
    wanted.current = null
  }, [isFolded])
  return (
    <div ref={body} class="rail-body">
      <Switches onChoose={onChoose} />
      {isFolded ? (
        <Drawings
          onUnfold={kind => {
            wanted.current = kind
            isRailCollapsed.value = false
          }}
        />
      ) : (
        facetGroups.map(group => <FacetGroup key={group.kind} {...group} onChoose={onChoose} />)
      )}
    </div>
  )
}
