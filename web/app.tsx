import { Announcer } from './components/announcer.tsx'
import { ConnectPanel } from './components/connect-panel.tsx'
import { ListPane } from './components/list-pane.tsx'
import { MessagePane } from './components/message-pane.tsx'
import { Overlays } from './components/overlays.tsx'
import { ShortcutSheet } from './components/shortcut-sheet.tsx'
import { Splitter } from './components/splitter.tsx'
import { TopBar } from './components/top-bar.tsx'
import { counts, listState } from './inbox.ts'
import { isSplit } from './layout.ts'
import { route } from './route.ts'

const NotThere = () => (
  <div class="nothing" data-testid="unknown-page">
    <h1>There is no such page</h1>
  </div>
)

const Panes = () => {
  const isMessage = route.value.page === 'message'
  return (
    <div class="panes" data-open={isMessage}>
      {/* Covered by the message it keeps its scroll position, but nothing in it can be reached. */}
      <div class="pane-list" inert={isMessage && !isSplit.value}>
        <ListPane />
      </div>
      <Splitter />
      <MessagePane />
    </div>
  )
}

const Page = () => {
  const { page, q } = route.value
  if (page === 'unknown') return <NotThere />
  const isEmpty =
    page === 'inbox' && !q && listState.value.is === 'ready' && counts.value?.total === 0
  return page === 'connect' || isEmpty ? <ConnectPanel /> : <Panes />
}

export const App = () => (
  <>
    <TopBar />
    <main>
      <Page />
      <Overlays />
    </main>
    <ShortcutSheet />
    <Announcer />
  </>
)
