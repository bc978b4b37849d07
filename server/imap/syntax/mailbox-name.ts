import { ImapError } from '../errors.ts'

/**
 * Reads a mailbox name as a client sends it: Unicode, with INBOX in upper case whatever its case was (RFC 9051 §5.1).
 *
 * @param isUtf8 The client has enabled IMAP4rev2 or UTF8=ACCEPT: names are what they look like. Until then ASCII names
 * are modified UTF-7 (RFC 3501 §5.1.3), and names with other characters are UTF-8 all the same (RFC 6855 §3).
 * @throws ImapError `NO [CANNOT]` where no mailbox can have that name
 */
export function readMailboxName(text: string, isUtf8: boolean): string {
  const name = isUtf8 || !/^[\x00-\x7f]*$/.test(text) ? text : decodeModifiedUtf7(text)
  if (name === null) throw new ImapError('NO', 'mailbox name is not modified UTF-7', 'CANNOT')
  // RFC 6855 §3: no control characters, line or paragraph separators.
  if (/[\x00-\x1f\x7f-\x9f\u2028\u2029]/.test(name)) {
    throw new ImapError('NO', 'mailbox name has control characters', 'CANNOT')
  }
  return /^inbox$/i.test(name) ? 'INBOX' : name
}

/** The name as a client shall see it: the other way. What it gives may still need quotes. */
export function printMailboxName(name: string, isUtf8: boolean): string {
  return isUtf8 ? name : encodeModifiedUtf7(name)
}

/** Modified UTF-7 of a well-formed Unicode text (RFC 3501 §5.1.3); the only one that there is of it. */
export function encodeModifiedUtf7(text: string): string {
  return text.replace(/&|[^\x20-\x7e]+/g, run => {
    if (run === '&') return '&-'
    const octets = Buffer.from(run, 'utf16le').swap16()
    return `&${octets.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`
  })
}

/**
 * Unicode of modified UTF-7; null where it is none: a shift that does not end, superfluous shifts, printable ASCII in
 * base64, stray bits, half a surrogate pair.
 */
export function decodeModifiedUtf7(text: string): string | null {
  const decoded = text.replace(/&([A-Za-z0-9+,]*)-/g, (_, run: string) => {
    if (run === '') return '&'
    const octets = Buffer.from(run.replaceAll(',', '/'), 'base64')
    return octets
      .subarray(0, octets.length & ~1)
      .swap16()
      .toString('utf16le')
  })
  // Each text has one encoding, so a name that is not its own is in error, whatever the error is.
  return encodeModifiedUtf7(decoded) === text && !/\p{Surrogate}/u.test(decoded) ? decoded : null
}
