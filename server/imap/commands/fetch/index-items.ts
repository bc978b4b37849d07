import { canonicalSize } from '../../../store/mail-store.ts'
import type { Entry } from '../../../store/message.ts'
import { printDateTime } from '../../syntax/date-time.ts'
import type { FetchItem } from './items.ts'

const INDEXED = ['UID', 'FLAGS', 'MODSEQ', 'INTERNALDATE', 'RFC822.SIZE'] as const
type IndexItem = (typeof INDEXED)[number]

/** The names of the items, where the index answers all of them; else null. */
export function indexItems(items: readonly FetchItem[]): readonly IndexItem[] | null {
  const names = items.map(({ name }) => name)
  return names.every(isIndexed) ? names : null
}

const isIndexed = (name: string): name is IndexItem => (INDEXED as readonly string[]).includes(name)

/** What is between the parentheses of a FETCH response, without a look at the message. */
export function printIndexItems(
  items: readonly IndexItem[],
  entry: Entry,
  flags: readonly string[],
): string {
  let text = ''
  for (const item of items) text += `${text === '' ? '' : ' '}${item} ${print(item, entry, flags)}`
  return text
}

function print(item: IndexItem, entry: Entry, flags: readonly string[]): string {
  switch (item) {
    case 'UID':
      return `${entry.number}`
    case 'FLAGS':
      return `(${flags.join(' ')})`
    case 'MODSEQ':
      return `(${entry.modseq})`
    case 'INTERNALDATE':
      return `"${printDateTime(entry.internalDate)}"`
    case 'RFC822.SIZE':
      return `${canonicalSize(entry.message)}`
  }
}
