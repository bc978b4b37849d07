import { formatCount } from '../format.ts'

/** The message pane where there is no message, and names of what hides in a text. */
export const message = {
  label: 'Message',
  none: 'No message open',
  keys: { move: 'to move,', open: 'to open,', all: 'for all keys' },
  missing: (id: number) => `There is no message ${id}`,
  missingWhy: 'It was deleted, dropped at a limit, or never there.',
  toInbox: 'Back to the inbox',
  unreadable: 'The message could not be read',
  hidden: (count: number) => formatCount(count, 'hidden character'),
  hiddenWhy:
    'Characters that show nothing, or turn the direction of writing, can make a text look like another.',
  notCopied: 'Could not copy',
} as const
