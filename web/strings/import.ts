import { formatCount } from '../format.ts'

/** Dropping files on the page, and what became of them. */
export const importing = {
  title: 'Import',
  drop: 'Drop to import',
  dropHint: 'Messages (.eml) and mbox files. Nothing is sent to anyone.',
  picker: 'Messages and mboxes to import',
  progress: (name: string) => `Import of ${name}`,
  waiting: 'Waiting',
  sending: (percent: number) => (percent < 100 ? `${percent} %` : 'Taking it in…'),
  done: (count: number) => formatCount(count, 'message'),
  partly: (count: number) => `${formatCount(count, 'message')} imported, but:`,
  empty: 'The file is empty.',
  tooLarge: (size: string, limit: string) => `${size}, and at most ${limit} are taken.`,
  tooMany: (most: number) => `At most ${formatCount(most, 'file')} are taken at once.`,
  moreFiles: (count: number) => formatCount(count, 'more file', 'more files'),
  noAnswer: 'The connection was lost. Messages of an mbox that were complete are there.',
  answered: (status: number) => `The server answered ${status}.`,
  messageFailed: (place: number, reason: string) => `Message ${place}: ${reason}.`,
  moreFailed: (count: number) => `${formatCount(count, 'more message')} refused.`,
  result: (count: number, failed: number) =>
    `${formatCount(count, 'message')} imported${failed > 0 ? `, ${formatCount(failed, 'file')} with errors` : ''}`,
} as const
