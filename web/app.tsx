import { isPaletteOpen, isSheetOpen } from './commands.ts'
import { Announcer } from './components/announcer.tsx'
import { BottomBar } from './components/bottom-bar.tsx'
import { CommandPalette } from './components/command-palette.tsx'
import { lazy } from './components/lazy.tsx'
import { ListPane } from './components/list-pane.tsx'
import { Overlays } from './components/overlays.tsx'
import { Rail } from './components/rail/rail.tsx'
import { Splitter } from './components/splitter.tsx'
import { TopBar } from './components/top-bar.tsx'
import { counts, listState } from './inbox.ts'
import { isDrawerOpen, isFullWidth, isSplit } from './layout.ts'
import { route } from './route.ts'
import { strings } from './strings.ts'

const ConnectPanel = lazy(async () => (await import('./components/connect-panel.tsx')).ConnectPanel)
// The list comes first; these are fetched while it is read.
const MessagePane = lazy(async () => (await import('./components/message-pane.tsx')).MessagePane)
const Drawer = lazy(async () => (await import('./components/rail/drawer.tsx')).Drawer)
const SettingsPage = lazy(async () => (await import('./components/settings-page.tsx')).SettingsPage)
const ShortcutSheet = lazy(
  async () => (await import('./components/shortcut-sheet.tsx')).ShortcutSheet,
)

const NotThere = () => (
  <div class="nothing" data-testid="unknown-page">
    <h1>{strings.shell.noSuchPage}</h1>
  </div>
)

/** Whether an open message has the list's place too. */
const isFull = (): boolean => isFullWidth.value && isSplit.value && route.value.page === 'message'

const Panes = () => {
  const isMessage = route.value.page === 'message'
  return (
    <div class="panes" data-open={isMessage}>
      {/* Covered by the message it keeps its scroll position, but nothing in it can be reached. */}
      <div class="pane-list" inert={(isMessage && !isSplit.value) || isFull()}>
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
  <div class="shell" data-full={isFull() || undefined}>
    <TopBar />
    <Rail />
    <main tabIndex={-1}>
      <Page />
      <Overlays />
    </main>
    <BottomBar />
    {isDrawerOpen.value && <Drawer />}
    {isSheetOpen.value && <ShortcutSheet />}
    {isPaletteOpen.value && <CommandPalette />}
    <Announcer />
  </div>
)
