import { effect } from '@preact/signals'
import { render } from 'preact'
import { markUnread, startActions } from './actions.ts'
import { announceArrivals } from './announce.ts'
import { App } from './app.tsx'
import { startDeletions } from './deletions.ts'
import { startDropping } from './drop.ts'
import { startFavicon } from './favicon.ts'
import { startFollowing } from './follow-newest.ts'
import { onChange, startInbox, takeFrame } from './inbox.ts'
import { startKeyboard } from './keyboard.ts'
import { startLayout } from './layout.ts'
import { follow, isLive } from './live.ts'
import { startMessage } from './message.ts'
import { notifyArrivals, startNotifications } from './notifications.ts'
import { startRouting } from './route.ts'
import { startSelection } from './selection.ts'
import { readStats } from './server-stats.ts'
import { startTheme } from './theme.ts'

startTheme()
startRouting()
startLayout()
startInbox()
startSelection()
startActions()
startMessage(message => {
  if (message.unread) markUnread([message.id], false)
})
onChange(change => {
  if (change.type !== 'added') return
  announceArrivals(change.rows.length)
  notifyArrivals(change.rows)
})
startNotifications()
startFollowing()
startDeletions()
startKeyboard()
startDropping()
follow(takeFrame)
effect(() => {
  if (isLive.value) void readStats()
})
startFavicon()

const root = document.querySelector('#app')
if (root) render(<App />, root)
