import type { Address } from '../../../mime/address.ts'
import { canonicalSize } from '../../../store/mail-store.ts'
import type { Entry } from '../../../store/message.ts'
import { baseSubject } from './base-subject.ts'
import { collationKey } from './collation.ts'
import type { SortCriterion } from './sort.ts'

/** What a message is sorted by: `<` gives the order, and of one criterion all are of one type. */
export function sortValue(by: SortCriterion['by'], entry: Entry): number | string {
  const { message } = entry
  switch (by) {
    case 'ARRIVAL':
      return seconds(entry.internalDate)
    case 'CC':
      return localPart(message.cc)
    case 'DATE':
      return sentDate(entry)
    case 'DISPLAYFROM':
      return display(message.from)
    case 'DISPLAYTO':
      return display(message.to)
    case 'FROM':
      return localPart(message.from)
    case 'SIZE':
      return canonicalSize(message)
    case 'SUBJECT':
      return collationKey(baseSubject(message.subject).text)
    case 'TO':
      return localPart(message.to)
  }
}

/** Seconds since 1970 of the Date field, of INTERNALDATE where that cannot be read (RFC 5256 §2.2). */
export function sentDate({ message, internalDate }: Entry): number {
  return seconds(message.date === null ? internalDate : Date.parse(message.date))
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000)
}

/** The addr-mailbox of the first address (RFC 5256 §3). */
function localPart([first]: readonly Address[]): string {
  const address = first?.address ?? ''
  const at = address.lastIndexOf('@')
  return collationKey(at === -1 ? address : address.slice(0, at))
}

/** The name of the first address, decoded, or else the address (RFC 5957 §3). */
function display([first]: readonly Address[]): string {
  return collationKey(first?.name || first?.address || '')
}
