import { actionError } from '../actions.ts'
import { focusSearch } from '../commands.ts'
import { deletionError } from '../deletions.ts'
import { counts, listState, read, total } from '../inbox.ts'
import { navigate, route } from '../route.ts'
import { hasSelection } from '../selection.ts'
import { limitReached } from '../server-stats.ts'
import { density } from '../settings.ts'
import { strings } from '../strings.ts'
import { Button, IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import { lazy } from './lazy.tsx'
import { ListBar } from './list-bar.tsx'
import { MessageList } from './message-list.tsx'

const BulkBar = lazy(async () => (await import('./bulk-bar.tsx')).BulkBar)

const words = strings.listPane

const Operators = () => (
  <dl class="operators">
    {words.examples.map(([example, meaning]) => (
      <div key={example}>
        <dt>
          <code>{example}</code>
        </dt>
        <dd>{meaning}</dd>
      </div>
    ))}
  </dl>
)

/** After a search without results, or one that cannot be read (`isFault`: the search box says why). */
const NothingFound = ({ isFault }: { isFault: boolean }) => (
  <div class="nothing" data-testid={isFault ? 'search-help' : 'no-results'}>
    <Icon name="searchX" size={32} />
    <h2>
      {isFault ? words.unreadable : words.nothingFound}
      {!isFault && <q>{route.value.q}</q>}
    </h2>
    <Operators />
    <Button
      onClick={() => {
        navigate({ page: 'inbox', q: '' })
        focusSearch.value += 1
      }}
    >
      {words.clear}
    </Button>
  </div>
)

const Failed = ({ message }: { message: string }) => (
  <div class="nothing" role="alert" data-testid="list-error">
    <Icon name="triangleAlert" size={32} />
    <h2>{words.failed}</h2>
    <p>{message}</p>
    <Button onClick={() => void read()}>{strings.common.tryAgain}</Button>
  </div>
)

const Loading = () => (
  <div
    class="list list-loading"
    aria-hidden="true"
    data-density={density.value}
    data-testid="loading"
  >
    {Array.from({ length: 12 }, (_, at) => (
      <div key={at} class="row skeleton">
        <span />
        <span />
        <span />
      </div>
    ))}
  </div>
)

const Body = () => {
  const state = listState.value
  const hasRows = total.value > 0
  if (state.is === 'failed') {
    const isSearchFault = state.error.status === 400 && route.value.q !== ''
    return isSearchFault ? (
      <NothingFound isFault />
    ) : (
      <Failed message={state.error.status === 0 ? words.noAnswer : state.error.message} />
    )
  }
  if (hasRows) return <MessageList />
  if (state.is === 'loading') return <Loading />
  if (route.value.q) return <NothingFound isFault={false} />
  return (
    <div class="nothing" data-testid="empty-list">
      <Icon name="inbox" size={32} />
      <h2>{counts.value?.total ? words.allDeleted : words.noMail}</h2>
    </div>
  )
}

/** A line above the list that stays until it is closed or no longer true. */
const Banners = () => {
  const limit = limitReached.value
  const fault = deletionError.value || actionError.value
  return (
    <>
      {limit !== null && (
        <p class="banner" data-testid="limit">
          {words.limit(limit)}
        </p>
      )}
      {fault && (
        <p class="banner banner-fault" role="alert" data-testid="fault">
          <span>{words.fault(fault)}</span>
          <IconButton
            icon="x"
            label={strings.common.close}
            onClick={() => {
              deletionError.value = ''
              actionError.value = ''
            }}
          />
        </p>
      )}
    </>
  )
}

export const ListPane = () => (
  <section class="list-pane" aria-label={words.name}>
    <div class="list-head">
      <ListBar />
      {hasSelection.value && <BulkBar />}
    </div>
    <Banners />
    <Body />
  </section>
)
