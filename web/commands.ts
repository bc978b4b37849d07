import { signal } from '@preact/signals'
import {
  activeId,
  deleteAll,
  deleteSubject,
  extendSelection,
  markAllRead,
  move,
  openMessage,
  selectEverything,
  selectNothing,
  sendTestMail,
  showTab,
  toggleFlagged,
  toggleSelect,
  toggleUnread,
  toInbox,
  undoDeletion,
} from './actions.ts'
import { composing } from './compose.ts'
import { pickFiles } from './drop.ts'
import { isFollowing, toggleFollowing } from './follow-newest.ts'
import { isFullWidth, toggleFullWidth } from './layout.ts'
import { openId } from './message.ts'
import { navigate, route, tabs } from './route.ts'
import { hasSelection } from './selection.ts'
import { density, isRailCollapsed, listWidth, setListWidth, theme, themes } from './settings.ts'
import { strings } from './strings.ts'

/** Raised to have the search box take the focus. */
export const focusSearch = signal(0)
/** Whether the sheet of shortcuts is open. */
export const isSheetOpen = signal(false)
/** Whether the command palette is open. */
export const isPaletteOpen = signal(false)

const openActive = (): void => {
  if (activeId.value !== null) openMessage(activeId.value)
}

const back = (): void => {
  if (hasSelection.value) selectNothing()
  else if (route.value.page !== 'inbox') toInbox()
  else if (route.value.q) navigate({ page: 'inbox', q: '' })
}

/** The rooms of the sheet, in their order. */
export const groups = ['list', 'message', 'preview', 'go'] as const
export type Group = (typeof groups)[number]

/** Something that can be done, by a key or from the palette. */
export type Command = {
  readonly does: string
  readonly group: Group
  /** One key, or two in a row (`g i`); several ways to the same. Empty: from the palette alone. */
  readonly keys: readonly string[]
  /** Needs the focus on what it is about, so that it is of no use in the palette. */
  readonly isByKeyOnly?: boolean
  /** Whether it is switched on now, of what can be. */
  readonly isOn?: () => boolean
  readonly run: () => void
}

const words = strings.commands

// What is done with an open message is loaded with it.
const quick = () => import('./quick.ts')
const preview = () => import('./preview.ts')

/** Every one, in the order of the sheet. */
export const commands: readonly Command[] = [
  { does: words.next, group: 'list', keys: ['j'], isByKeyOnly: true, run: () => move(1) },
  { does: words.previous, group: 'list', keys: ['k'], isByKeyOnly: true, run: () => move(-1) },
  { does: words.open, group: 'list', keys: ['Enter', 'o'], isByKeyOnly: true, run: openActive },
  { does: words.back, group: 'list', keys: ['Escape', 'u'], isByKeyOnly: true, run: back },
  { does: words.select, group: 'list', keys: ['x'], isByKeyOnly: true, run: () => toggleSelect() },
  {
    does: words.selectDown,
    group: 'list',
    keys: ['J'],
    isByKeyOnly: true,
    run: () => extendSelection(1),
  },
  {
    does: words.selectUp,
    group: 'list',
    keys: ['K'],
    isByKeyOnly: true,
    run: () => extendSelection(-1),
  },
  { does: words.selectAll, group: 'list', keys: ['Ctrl+a'], run: selectEverything },
  { does: words.search, group: 'list', keys: ['/'], run: () => (focusSearch.value += 1) },
  {
    does: words.follow,
    group: 'list',
    keys: ['f'],
    isOn: () => isFollowing.value,
    run: toggleFollowing,
  },
  {
    does: words.narrower,
    group: 'list',
    keys: ['['],
    run: () => setListWidth(listWidth.value - 20),
  },
  { does: words.wider, group: 'list', keys: [']'], run: () => setListWidth(listWidth.value + 20) },
  {
    does: words.fullWidth,
    group: 'preview',
    keys: ['z'],
    isOn: () => isFullWidth.value,
    run: toggleFullWidth,
  },
  {
    does: words.foldRail,
    group: 'list',
    keys: [],
    isOn: () => isRailCollapsed.value,
    run: () => (isRailCollapsed.value = !isRailCollapsed.value),
  },
  { does: words.delete, group: 'message', keys: ['#', 'Delete'], run: deleteSubject },
  { does: words.undo, group: 'message', keys: ['z z'], run: undoDeletion },
  {
    does: words.copyCode,
    group: 'message',
    keys: ['c'],
    run: () => void quick().then(file => file.copyCode()),
  },
  {
    does: words.openLink,
    group: 'message',
    keys: ['l'],
    run: () => void quick().then(file => file.openMainLink()),
  },
  { does: words.toggleUnread, group: 'message', keys: ['m'], run: toggleUnread },
  { does: words.toggleFlagged, group: 'message', keys: [], run: toggleFlagged },
  { does: words.markAllRead, group: 'list', keys: [], run: markAllRead },
  { does: words.deleteAll, group: 'list', keys: [], run: deleteAll },
  { does: words.compose, group: 'message', keys: [], run: () => (composing.value = true) },
  { does: words.import, group: 'message', keys: [], run: pickFiles },
  ...tabs.map(
    (tab, at): Command => ({
      does: words.showTab(strings.tabs[tab]),
      group: 'preview',
      keys: [String(at + 1)],
      run: () => openId.value !== null && showTab(tab),
    }),
  ),
  {
    does: words.toggleDark,
    group: 'preview',
    keys: ['d'],
    run: () => void preview().then(file => file.toggleDark()),
  },
  {
    does: words.nextWidth,
    group: 'preview',
    keys: ['w'],
    run: () => void preview().then(file => file.nextWidth()),
  },
  {
    does: words.toInbox,
    group: 'go',
    keys: ['g i'],
    run: () => navigate({ page: 'inbox', q: '' }),
  },
  {
    does: words.toConnect,
    group: 'go',
    keys: ['g c'],
    run: () => navigate({ page: 'connect', q: '' }),
  },
  {
    does: words.toSettings,
    group: 'go',
    keys: ['g s'],
    run: () => navigate({ page: 'settings', q: '' }),
  },
  { does: words.palette, group: 'go', keys: ['Ctrl+k'], run: () => (isPaletteOpen.value = true) },
  { does: words.sheet, group: 'go', keys: ['?'], run: () => (isSheetOpen.value = true) },
  { does: words.sendTest, group: 'message', keys: [], run: () => void sendTestMail() },
  {
    does: words.density,
    group: 'list',
    keys: [],
    isOn: () => density.value === 'compact',
    run: () => (density.value = density.value === 'compact' ? 'comfortable' : 'compact'),
  },
  ...themes.map(
    (each): Command => ({
      does: words.theme(strings.settings.themes[each]),
      group: 'go',
      keys: [],
      isOn: () => theme.value === each,
      run: () => (theme.value = each),
    }),
  ),
]
