import { canonicalSize, type MailStore } from '../../../store/mail-store.ts'
import type { Entry } from '../../../store/message.ts'
import { emailIdOf } from '../../object-id.ts'
import { printDateTime } from '../../syntax/date-time.ts'
import { printString } from '../../syntax/print.ts'
import { decodedSize } from './binary.ts'
import type { ContentItem } from './content.ts'
import { type Described, rememberedOf } from './described.ts'
import type { FetchItem, PlainItem } from './items.ts'

/** An item whose value is no content of the message, but something that is known of it. */
export type AttributeItem =
  | { readonly name: Exclude<PlainItem, ContentItem['name']> }
  | Extract<FetchItem, { name: 'BODY' | 'BINARY.SIZE[]' | 'PREVIEW' }>

export type Session = {
  readonly store: MailStore
  /** The client has enabled IMAP4rev2 or UTF8=ACCEPT. */
  readonly isUtf8: boolean
}

/** The item with its value as far as it is at hand: null where the message must be read first, or waited for. */
export function printAttribute(
  item: AttributeItem,
  entry: Entry,
  flags: readonly string[],
  { store, isUtf8 }: Session,
): string | null {
  const { message } = entry
  switch (item.name) {
    case 'FLAGS':
      return printFlags(flags)
    case 'UID':
      return `UID ${entry.number}`
    case 'INTERNALDATE':
      return `INTERNALDATE "${printDateTime(entry.internalDate)}"`
    case 'RFC822.SIZE':
      return `RFC822.SIZE ${canonicalSize(message)}`
    case 'MODSEQ':
      return `MODSEQ (${entry.modseq})`
    case 'SAVEDATE':
      return `SAVEDATE "${printDateTime(entry.savedAt)}"`
    case 'EMAILID':
      return `EMAILID (${emailIdOf(store, message)})`
    case 'THREADID':
      return 'THREADID NIL'
    case 'PREVIEW':
      // RFC 8970 §3.2: NIL to those who would rather not wait, '' where there is none.
      if (message.parsed !== false) return `PREVIEW ${printString(message.preview, isUtf8)}`
      return item.isLazy ? 'PREVIEW NIL' : null
    case 'ENVELOPE':
      return named(item.name, rememberedOf(store, message, isUtf8).envelope)
    case 'BODY':
      return named(item.name, rememberedOf(store, message, isUtf8).body)
    case 'BODYSTRUCTURE':
      return named(item.name, rememberedOf(store, message, isUtf8).bodyStructure)
    case 'BINARY.SIZE[]':
      return null
  }
}

/** The same for what is not at hand. Rejects with an ImapError `NO [UNKNOWN-CTE]`. */
export async function readAttribute(
  item: AttributeItem,
  entry: Entry,
  described: Described,
  { store, isUtf8 }: Session,
): Promise<string> {
  switch (item.name) {
    case 'ENVELOPE':
      return `ENVELOPE ${await described.envelope()}`
    case 'BODY':
    case 'BODYSTRUCTURE':
      return `${item.name} ${await described.bodyStructure(item.name === 'BODYSTRUCTURE')}`
    case 'BINARY.SIZE[]':
      return `BINARY.SIZE[${item.part}] ${await decodedSize(item.part, described)}`
    case 'PREVIEW':
      await store.contentOf(entry.message)
      return `PREVIEW ${printString(entry.message.preview, isUtf8)}`
    default:
      throw new Error(`${item.name} is always at hand`)
  }
}

function named(name: string, value: string | null): string | null {
  return value === null ? null : `${name} ${value}`
}

/** Entries share their sets of flags. */
const printedFlags = new WeakMap<readonly string[], string>()

function printFlags(flags: readonly string[]): string {
  let printed = printedFlags.get(flags)
  if (printed === undefined) {
    printed = `FLAGS (${flags.join(' ')})`
    printedFlags.set(flags, printed)
  }
  return printed
}
