import { formatCount, formatNumber } from '../format.ts'

const messages = (count: number): string => formatCount(count, 'message')

/** What is done to messages: the selection, its bar, deleting and taking that back. */
export const actions = {
  deleteIsOff: 'Deleting is switched off (--no-delete)',
  nothingToDelete: 'There is nothing to delete',
  nothingToMark: 'There is nothing to mark',
  nothingToDownload: 'There is nothing to download',
  deleted: (count: number) => `${messages(count)} deleted`,
  deletedUndo: (count: number) => `${messages(count)} deleted. Press z twice to undo.`,
  restored: (count: number) => `${messages(count)} restored`,
  undo: 'Undo',
  markedRead: (count: number) => `${messages(count)} marked as read`,
  markedUnread: (count: number) => `${messages(count)} marked as unread`,

  bar: 'Selected messages',
  selected: (count: number, isAll: boolean) =>
    isAll && count > 1 ? `All ${formatNumber(count)} selected` : `${formatNumber(count)} selected`,
  noneSelected: 'Nothing selected',
  selectAll: (count: number) => `Select all ${formatNumber(count)}`,
  selectNone: 'Clear the selection',
  markRead: 'Mark as read',
  markUnread: 'Mark as unread',
  flag: 'Flag',
  unflag: 'Remove the flag',
  tag: 'Tags…',
  download: 'Download as .zip',
  downloadAttachments: (count: number) => `All ${formatNumber(count)} as .zip`,
  tooScattered:
    'Too many single messages for one download: select fewer, or all that a search finds',
  remove: 'Delete',
  rangeTooLong: 'Too many rows lie between: select all, or narrow the search',

  more: 'More actions',
  markAllRead: (isSearch: boolean) => (isSearch ? 'Mark all found as read' : 'Mark all as read'),
  downloadAll: (isSearch: boolean) =>
    isSearch ? 'Download all found as .zip' : 'Download all as .zip',
  removeAll: (isSearch: boolean) => (isSearch ? 'Delete all that was found' : 'Delete all'),
  import: 'Import .eml or mbox…',
  compose: 'New test mail…',
} as const
