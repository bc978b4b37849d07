import { hasRail, isRailOpen } from '../../layout.ts'
import { route } from '../../route.ts'
import { isRailCollapsed } from '../../settings.ts'
import { strings } from '../../strings.ts'
import { IconButton } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { lazy } from '../lazy.tsx'
import { Link } from '../link.tsx'

const RailBody = lazy(async () => (await import('./rail-body.tsx')).RailBody)

/** Facets beside the list: they write the search, and show what of it they know. */
export const Rail = () => {
  if (!hasRail.value) return null
  const words = strings.rail
  const isOpen = isRailOpen.value
  return (
    <nav
      class="rail"
      aria-label={words.name}
      data-collapsed={!isOpen || undefined}
      data-testid="rail"
    >
      <RailBody isFolded={!isOpen} />
      <div class="rail-end">
        <Link
          class="facet"
          to={{ page: 'settings', q: '' }}
          isCurrent={route.value.page === 'settings'}
        >
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
