import { deleteAll, whyNoDelete } from '../actions.ts'
import { formatNumber, formatShortly } from '../format.ts'
import { counts, listState, total } from '../inbox.ts'
import { hasRail } from '../layout.ts'
import { hasTerm, withoutTerm, withTerm } from '../query-terms.ts'
import { navigate, route } from '../route.ts'
import { hasSelection } from '../selection.ts'
import { density } from '../settings.ts'
import { strings } from '../strings.ts'
import { IconButton } from './button.tsx'
import { ListMenu } from './list-menu.tsx'
import { SelectAllBox } from './select-all-box.tsx'

/** All or unread: where the rail, which has it, is folded away. */
const Segments = () => {
  const { q } = route.value
  const words = strings.listPane
  const onlyUnread = hasTerm(q, 'is', 'unread')
  const filter = (unread: boolean) => () => {
    if (unread !== onlyUnread) {
      const next = unread ? withTerm(q, 'is', 'unread') : withoutTerm(q, 'is', 'unread')
      navigate({ page: 'inbox', q: next })
    }
  }
  return (
    <fieldset class="segments">
      <legend class="hidden">{words.show}</legend>
      <button
        type="button"
        aria-pressed={!onlyUnread}
        data-testid="filter-all"
        onClick={filter(false)}
      >
        {words.all}
      </button>
      <button
        type="button"
        aria-pressed={onlyUnread}
        data-testid="filter-unread"
        onClick={filter(true)}
      >
        {words.unread}
        {counts.value && counts.value.unread > 0 && (
          <span class="badge" data-testid="unread-count">
            {formatShortly(counts.value.unread)}
          </span>
        )}
      </button>
    </fieldset>
  )
}

/** What the list shows, how much of it, and what can be done to all of it. */
export const ListBar = () => {
  const { q } = route.value
  const words = strings.listPane
  const isKnown = listState.value.is === 'ready'
  const isSearch = q !== '' && withoutTerm(q, 'is', 'unread') !== ''
  return (
    <div class="list-bar" inert={hasSelection.value}>
      {isKnown && total.value > 0 && <SelectAllBox />}
      <h1 class="list-title" data-testid="list-title">
        {isSearch ? words.search : q ? words.unread : words.inbox}
        {isKnown && (
          <span class="list-count" data-testid="list-count">
            {isSearch ? words.results(total.value) : formatNumber(total.value)}
          </span>
        )}
      </h1>
      {!hasRail.value && <Segments />}
      <div class="list-tools">
        <span class="not-touch">
          <IconButton
            icon={density.value === 'compact' ? 'rows2' : 'rows4'}
            label={density.value === 'compact' ? words.comfortable : words.compact}
            testId="density"
            onClick={() => {
              density.value = density.value === 'compact' ? 'comfortable' : 'compact'
            }}
          />
        </span>
        <IconButton
          icon="trash"
          label={q ? words.deleteFound : words.deleteAll}
          testId="delete-all"
          why={whyNoDelete.value ?? (isKnown && total.value > 0 ? null : words.nothingToDelete)}
          onClick={deleteAll}
        />
        <ListMenu />
      </div>
    </div>
  )
}
