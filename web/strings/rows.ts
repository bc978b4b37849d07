/** The list of messages and its rows. */
export const rows = {
  list: 'Messages',
  found: 'Messages found',
  noSubject: 'No subject',
  notParsed: 'This mail could not be parsed',
  select: 'Select',

  /** The name of a row for a screen reader is made of these, in this order, and its time. */
  saidTo: (isUnread: boolean) => (isUnread ? 'Unread, to ' : 'to '),
  saidPause: ', ',
  saidFlagged: 'flagged, ',
  saidNotParsed: 'not parsed, ',
  saidAttachments: (count: number) => (count === 1 ? ' attachment, ' : ' attachments, '),
} as const
