import { printMailboxName } from './mailbox-name.ts'

/**
 * The values of responses (RFC 9051 §9) as text, which goes out as UTF-8. Whatever a text from a mail or a client
 * holds, it stays within its quotes or its literal: none can end a line, or a list, or begin a response of its own.
 */

/** An address of an ENVELOPE (RFC 9051 §7.5.2); groups begin with `host` null, and end with `mailbox` null too. */
export type EnvelopeAddress = {
  readonly name: string | null
  /** The source route; null nearly always. */
  readonly route: string | null
  readonly mailbox: string | null
  readonly host: string | null
}

/** Longer strings go into literals, which clients need not search for their end. */
const MAX_QUOTED = 1_000
const ATOM = /^[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/
/** No control characters, though RFC 9051 §9 (TEXT-CHAR) allows most. */
const QUOTABLE = /^[\x20-\x7e]*$/
const QUOTABLE_UTF8 = /^[\x20-\x7e\xa0-\ud7ff\ue000-\uffff\u{10000}-\u{10ffff}]*$/u

/**
 * A string: quoted where that can be, else a literal. NUL, which no string may hold, becomes U+FFFD.
 *
 * @param isUtf8 The client has enabled IMAP4rev2 or UTF8=ACCEPT: quotes may hold UTF-8 (RFC 6855 §3)
 */
export function printString(text: string, isUtf8 = false): string {
  const isQuotable = (isUtf8 ? QUOTABLE_UTF8 : QUOTABLE).test(text)
  if (isQuotable && text.length <= MAX_QUOTED) return `"${text.replace(/["\\]/g, '\\$&')}"`
  const octets = text.replaceAll('\0', '\ufffd')
  return `${printLiteralHead(Buffer.byteLength(octets))}${octets}`
}

/** NIL for null. */
export function printNstring(text: string | null, isUtf8 = false): string {
  return text === null ? 'NIL' : printString(text, isUtf8)
}

/** An atom where that can be, else a string. */
export function printAstring(text: string, isUtf8 = false): string {
  return ATOM.test(text) && text.toUpperCase() !== 'NIL' ? text : printString(text, isUtf8)
}

/** A mailbox name as the client is to see it: modified UTF-7 or, once enabled, UTF-8. */
export function printMailbox(name: string, isUtf8: boolean): string {
  return printAstring(printMailboxName(name, isUtf8), isUtf8)
}

/**
 * What comes before the octets of a literal: `{5}` and a line end. Those of a `literal8`, `~{5}`, may hold NUL, and
 * only BINARY may give one (RFC 9051 §9, msg-att-static).
 */
export function printLiteralHead(size: number, { isBinary = false } = {}): string {
  return isBinary ? `~{${size}}\r\n` : `{${size}}\r\n`
}

/** Items, printed already, in parentheses. */
export function printList(items: readonly string[]): string {
  return `(${items.join(' ')})`
}

/** One of the address lists of an ENVELOPE; NIL for none. Names are never decoded (RFC 9051 §7.5.2). */
export function printAddresses(addresses: readonly EnvelopeAddress[], isUtf8 = false): string {
  if (addresses.length === 0) return 'NIL'
  const print = (text: string | null) => printNstring(text, isUtf8)
  // RFC 9051 §9 (env-from): no space between them.
  const printed = addresses.map(({ name, route, mailbox, host }) =>
    printList([print(name), print(route), print(mailbox), print(host)]),
  )
  return `(${printed.join('')})`
}

/**
 * What comes after a tag or `*`: `OK [READ-ONLY] SELECT completed`. The text is ours; what is not ASCII becomes `?`.
 *
 * @param code A response code with its values, printed already: `UIDNEXT 4`, `PERMANENTFLAGS (\Seen)`
 */
export function printStatus(
  condition: 'OK' | 'NO' | 'BAD' | 'BYE' | 'PREAUTH',
  text: string,
  code: string | null = null,
): string {
  const clean = text.replace(/[^\x20-\x7e]/g, '?')
  return code === null ? `${condition} ${clean}` : `${condition} [${code}] ${clean}`
}
