import { isPaletteOpen, isSheetOpen } from './commands.ts'
import { Announcer } from './components/announcer.tsx'
import { CommandPalette } from './components/command-palette.tsx'
import { lazy } from './components/lazy.tsx'
import { ListPane } from './components/list-pane.tsx'
import { MessagePane } from './components/message-pane.tsx'
import { Splitter } from './components/splitter.tsx'
import { TopBar } from './components/top-bar.tsx'
import { UndoToast } from './components/undo-toast.tsx'
import { counts, listState } from './inbox.ts'
import { isSplit } from './layout.ts'
import { route } from './route.ts'

const ConnectPanel = lazy(async () => (await import('./components/connect-panel.tsx')).ConnectPanel)
const SettingsPage = lazy(async () => (await import('./components/settings-page.tsx')).SettingsPage)
const ShortcutSheet = lazy(
  async () => (await import('./components/shortcut-sheet.tsx')).ShortcutSheet,
)

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
  if (page === 'settings') return <SettingsPage />
  const isEmpty =
    page === 'inbox' && !q && listState.value.is === 'ready' && counts.value?.total === 0
  return page === 'connect' || isEmpty ? <ConnectPanel /> : <Panes />
}

export const App = () => (
  <>
    <TopBar />
    <main>
      <Page />
      <UndoToast />
    </main>
    {isSheetOpen.value && <ShortcutSheet />}
    {isPaletteOpen.value && <CommandPalette />}
    <Announcer />
  </>
)
