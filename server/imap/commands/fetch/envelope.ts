import type { Header } from '../../../mime/header.ts'
import { printAddresses, printList, printNstring } from '../../syntax/print.ts'
import { readEnvelopeAddresses } from './envelope-addresses.ts'

/** The envelope of a message without a header. */
export const NO_ENVELOPE = '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)'

/**
 * The ENVELOPE of a message (RFC 9051 §7.5.2), of its header fields as they are: no encoded-word is decoded. Where a
 * field stands more than once, the last holds, and addresses are joined, as Dovecot has it.
 *
 * @param isUtf8 The client has enabled IMAP4rev2 or UTF8=ACCEPT
 */
export function printEnvelope(header: Header, isUtf8: boolean): string {
  const text = (name: string) => printNstring(header.all(name).at(-1)?.text ?? null, isUtf8)
  const addresses = (name: string) => {
    const fields = header.all(name)
    return fields.length === 0
      ? 'NIL'
      : printAddresses(readEnvelopeAddresses(fields.map(field => field.text)), isUtf8)
  }
  const from = addresses('from')
  const orFrom = (printed: string) => (printed === 'NIL' ? from : printed)
  return printList([
    text('date'),
    text('subject'),
    from,
    orFrom(addresses('sender')),
    orFrom(addresses('reply-to')),
    addresses('to'),
    addresses('cc'),
    addresses('bcc'),
    text('in-reply-to'),
    text('message-id'),
  ])
}
