import { formatCount, formatNumber } from '../format.ts'

/** Said by the rail and its drawer. */
export const rail = {
  name: 'Filters',
  close: 'Close the filters',
  collapse: 'Fold the filters',
  expand: 'Unfold the filters',
  all: 'All mail',
  unread: 'Unread',
  withAttachments: 'With attachments',
  kinds: { recipients: 'Recipients', senders: 'Senders', tags: 'Tags' },
  find: {
    recipients: 'Find a recipient',
    senders: 'Find a sender',
    tags: 'Find a tag',
  },
  counted: (count: number, unread: number) =>
    unread > 0
      ? `${formatCount(count, 'message')}, ${formatNumber(unread)} unread`
      : formatCount(count, 'message'),
  more: (count: number) => `${formatNumber(count)} more`,
  most: (count: number) => `Top ${formatNumber(count)}`,
  fewer: 'Fewer',
  none: 'None found',
  failed: 'These could not be read',
} as const
