import { formatNumber } from '../format.ts'

/** Said by what frames every view: the bar above, the bar below, the splitter, the pill. */
export const shell = {
  product: 'Mailcatch',
  skip: 'Skip to the messages',
  menu: 'Filters',
  connect: 'Connect your app',
  shortcuts: 'Keyboard shortcuts',
  settings: 'Settings',
  reference: 'HTTP API',
  listWidth: 'Width of the list',
  places: 'Places',
  inbox: 'Inbox',
  search: 'Search',
  connectShortly: 'Connect',
  more: 'More',
  live: {
    connecting: 'Connecting…',
    live: 'Live',
    reconnecting: 'Reconnecting…',
    offline: 'Offline',
  },
  retry: 'Retry',
  newMail: (count: number) => `${formatNumber(count)} new`,
  noSuchPage: 'There is no such page',
} as const
