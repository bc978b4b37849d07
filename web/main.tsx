import { effect } from '@preact/signals'
import { render } from 'preact'
import { markUnread, startActions } from './actions.ts'
import { announceArrivals } from './announce.ts'
import { App } from './app.tsx'
import { startDeletions } from './deletions.ts'
import { counts, onChange, startInbox, takeFrame } from './inbox.ts'
import { startKeyboard } from './keyboard.ts'
import { startLayout } from './layout.ts'
import { follow, isLive } from './live.ts'
import { startMessage } from './message.ts'
import { startRouting } from './route.ts'
import { readStats } from './server-stats.ts'

startRouting()
startLayout()
startInbox()
startActions()
startMessage(message => {
  if (message.unread) markUnread([message.id], false)
})
onChange(change => {
  if (change.type === 'added') announceArrivals(change.rows.length)
})
startDeletions()
startKeyboard()
follow(takeFrame)
effect(() => {
  if (isLive.value) void readStats()
})
effect(() => {
  const unread = counts.value?.unread ?? 0
  document.title = unread > 0 ? `(${unread}) Mailcatch` : 'Mailcatch'
})

const root = document.querySelector('#app')
if (root) render(<App />, root)
