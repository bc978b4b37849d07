import { deleteAll, whyNoDelete } from '../actions.ts'
import { formatCount, formatNumber, formatShortly } from '../format.ts'
import { counts, listState, total } from '../inbox.ts'
import { navigate, route } from '../route.ts'
import { isUnreadOnly, withUnreadOnly } from '../search-words.ts'
import { hasSelection } from '../selection.ts'
import { density } from '../settings.ts'
import { SelectAllBox } from './bulk-bar.tsx'
import { IconButton } from './button.tsx'
import { ListMenu } from './list-menu.tsx'

/** What the list shows, how much of it, and what can be done to all of it. */
export const ListBar = () => {
  const { q } = route.value
  const isKnown = listState.value.is === 'ready'
  const onlyUnread = isUnreadOnly(q)
  const filter = (unread: boolean) => () =>
    navigate({ page: 'inbox', q: withUnreadOnly(q, unread) })
  const isSearch = withUnreadOnly(q, false) !== ''
  return (
    <div class="list-bar" inert={hasSelection.value}>
      {isKnown && total.value > 0 && <SelectAllBox />}
      <h1 class="list-title" data-testid="list-title">
        {isSearch ? 'Search' : 'Inbox'}
        {isKnown && (
          <span class="list-count" data-testid="list-count">
            {isSearch || onlyUnread
              ? formatCount(total.value, 'result')
              : formatNumber(total.value)}
          </span>
        )}
      </h1>
      <fieldset class="segments">
        <legend class="hidden">Show</legend>
        <button
          type="button"
          aria-pressed={!onlyUnread}
          data-testid="filter-all"
          onClick={filter(false)}
        >
          All
        </button>
        <button
          type="button"
          aria-pressed={onlyUnread}
          data-testid="filter-unread"
          onClick={filter(true)}
        >
          Unread
          {counts.value && counts.value.unread > 0 && (
            <span class="badge" data-testid="unread-count">
              {formatShortly(counts.value.unread)}
            </span>
          )}
        </button>
      </fieldset>
      <div class="list-tools">
        <span class="not-touch">
          <IconButton
            icon={density.value === 'compact' ? 'rows2' : 'rows4'}
            label={density.value === 'compact' ? 'Comfortable rows' : 'Compact rows'}
            testId="density"
            onClick={() => {
              density.value = density.value === 'compact' ? 'comfortable' : 'compact'
            }}
          />
        </span>
        <IconButton
          icon="trash"
          label={q ? 'Delete all that was found' : 'Delete all'}
          testId="delete-all"
          why={
            whyNoDelete.value ?? (isKnown && total.value > 0 ? null : 'There is nothing to delete')
          }
          onClick={deleteAll}
        />
        <ListMenu />
      </div>
    </div>
  )
}
