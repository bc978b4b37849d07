import { formatShortly } from '../../format.ts'
import { hrefOf, navigate, route } from '../../route.ts'
import { strings } from '../../strings.ts'
import { Icon, type IconName } from '../icon.tsx'
import { isPlainClick } from '../link.tsx'

export type FacetLinkProps = {
  readonly label: string
  /** Messages; null where that is not known. */
  readonly count: number | null
  readonly unread: number
  readonly isPressed: boolean
  /** The search that it leads to. */
  readonly q: string
  readonly icon?: IconName
  readonly testId?: string
  readonly onChoose?: (() => void) | undefined
}

/** A switch of the search. It has an address, as every view has, and so opens in another tab as well. */
export const FacetLink = ({
  label,
  count,
  unread,
  isPressed,
  q,
  icon,
  testId,
  onChoose,
}: FacetLinkProps) => {
  const go = (): void => {
    navigate({ page: 'inbox', q })
    onChoose?.()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button has no address to open elsewhere
    <a
      class="facet"
      role="button"
      aria-pressed={isPressed}
      href={hrefOf({ page: 'inbox', q }) || './'}
      title={count === null ? label : `${label}: ${strings.rail.counted(count, unread)}`}
      data-testid={testId}
      data-value={label}
      data-unread={unread > 0 || undefined}
      onClick={event => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        go()
      }}
      onKeyDown={event => {
        // What a button does with Space, a link does not.
        if (event.key !== ' ') return
        event.preventDefault()
        go()
      }}
    >
      {icon && <Icon name={icon} />}
      <span class="facet-label">{label}</span>
      {count !== null && count > 0 && (
        <span class="facet-count">
          <span class="hidden">, {strings.rail.counted(count, unread)}</span>
          <span aria-hidden="true">{formatShortly(count)}</span>
        </span>
      )}
    </a>
  )
}

/** Whether the search of the address bar is that of the list in view. */
export const shownSearch = (): string | null =>
  route.value.page === 'inbox' || route.value.page === 'message' ? route.value.q : null
