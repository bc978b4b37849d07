import { formatCount } from '../format.ts'

/** What the page says of itself: title, notifications, following. */
export const attention = {
  title: (unread: number) => (unread > 0 ? `(${unread}) Mailcatch` : 'Mailcatch'),
  noSubject: '(no subject)',
  notificationBody: (from: string, to: string) => `From ${from || '<>'} to ${to}`,
  arrived: (count: number) => formatCount(count, 'new mail'),
  newMails: (count: number) => `${count} new mails`,
  following: 'Following the newest mail',
  notFollowing: 'No longer following the newest mail',
} as const
