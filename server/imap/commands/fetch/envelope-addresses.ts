import {
  type AddressEntry,
  addressEntries,
  MAX_ADDRESSES,
  splitBare,
  unescaped,
} from '../../../mime/address-list.ts'
import type { EnvelopeAddress } from '../../syntax/print.ts'

const GROUP_END: EnvelopeAddress = { name: null, route: null, mailbox: null, host: null }

/**
 * What stands for the half that a broken address lacks: NIL would make a group of it (RFC 9051 §7.5.2). Clients know
 * the words from Dovecot.
 */
const MISSING = { mailbox: 'MISSING_MAILBOX', host: 'MISSING_DOMAIN' } as const

/**
 * Reads the address lists of one field, each in the text of one, as an ENVELOPE wants them: groups marked, quotes
 * taken away, nothing decoded. Total and linear.
 */
export function readEnvelopeAddresses(texts: readonly string[]): readonly EnvelopeAddress[] {
  const addresses: EnvelopeAddress[] = []
  for (const text of texts) {
    let isInGroup = false
    for (const entry of addressEntries(text)) {
      if (addresses.length >= MAX_ADDRESSES) break
      const isGroup = entry.end === ':'
      if (isGroup && isInGroup) addresses.push(GROUP_END)
      const address = isGroup ? groupStart(entry) : toAddress(entry)
      if (address) addresses.push(address)
      if (entry.end === ';' && isInGroup) addresses.push(GROUP_END)
      isInGroup = isGroup || (isInGroup && entry.end !== ';')
    }
    if (isInGroup) addresses.push(GROUP_END)
  }
  return addresses
}

function groupStart({ phrase }: AddressEntry): EnvelopeAddress {
  return { name: null, route: null, mailbox: trimmed(phrase), host: null }
}

/** Null where there is nothing between two commas. */
function toAddress({ phrase, source, angle, comment }: AddressEntry): EnvelopeAddress | null {
  if (angle !== null) {
    const name = trimmed(phrase) || null
    return angle.trim() === '' && name === null ? null : { name, ...splitAddress(angle) }
  }
  const bare = splitBare(source.trim())
  if (bare.address !== '') {
    const name = trimmed(unescaped(bare.rest).replaceAll('"', '')) || trimmed(comment) || null
    return { name, ...splitAddress(bare.address) }
  }
  const words = trimmed(phrase)
  if (words === '') return null
  // A word by itself is a mailbox of this host, as programs write it; several are a name.
  const isMailbox = !/[\s"]/.test(source.trim())
  return isMailbox
    ? { name: trimmed(comment) || null, ...splitAddress(source) }
    : { name: words, route: null, ...MISSING }
}

/** What is in the angle brackets, or stands without them (RFC 5322 §3.4.1, with the route of §4.4). */
function splitAddress(text: string): Omit<EnvelopeAddress, 'name'> {
  const found = /^\s*(@[^:"]*):/.exec(text)
  const route = found ? (found[1] as string).replace(/\s+/g, '') : null
  const address = text.slice(found?.[0].length ?? 0).trim()
  const at = address.lastIndexOf('@')
  const mailbox = localPart(at === -1 ? address : address.slice(0, at))
  const host = at === -1 ? '' : address.slice(at + 1).replace(/\s+/g, '')
  return { route, mailbox: mailbox || MISSING.mailbox, host: host || MISSING.host }
}

/** Without the quotes (RFC 9051 §9, addr-mailbox), and without the white space that obsolete syntax lets stand. */
function localPart(text: string): string {
  if (!text.includes('"')) return text.replace(/\s+/g, '')
  const trimmed = text.trim()
  const isQuoted = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"')
  return isQuoted ? unescaped(trimmed.slice(1, -1)) : trimmed
}

function trimmed(text: string): string {
  return text.replace(/\s{2,}/g, ' ').trim()
}
