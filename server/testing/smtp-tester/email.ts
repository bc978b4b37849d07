import type { Address } from '../../http/resources.ts'
import type { Mail } from '../mail.ts'

/** A value of a header field, as smtp-tester has it. */
export type HeaderValue =
  | string
  | Date
  | readonly string[]
  | { readonly value: string; readonly params: Readonly<Record<string, string>> }

export type EmailAttachment = {
  readonly type: 'attachment'
  readonly filename: string | undefined
  readonly contentType: string
  readonly contentDisposition: string
  readonly content: Uint8Array
  readonly size: number
  readonly cid: string | undefined
  readonly related: boolean
}

/** A mail as smtp-tester hands it to its handlers. */
export type EmailInfo = {
  /** The sender of the envelope. */
  readonly sender: string
  /** The recipients of the envelope. */
  readonly receivers: Readonly<Record<string, true>>
  /** As it was sent. */
  readonly data: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, HeaderValue>>
  readonly body: string | undefined
  readonly html: string | false
  readonly attachments: readonly EmailAttachment[]
}

/** Says a mail in smtp-tester's words. */
export async function emailOf(mail: Mail): Promise<EmailInfo> {
  const { envelope, text, html } = mail
  const raw = Buffer.from(await mail.raw()).toString('utf8')
  return {
    sender: envelope.mailFrom,
    receivers: Object.fromEntries(envelope.rcptTo.map(address => [address, true as const])),
    data: withoutEnd(raw),
    headers: headersOf(mail),
    body: text === '' ? undefined : withoutEnd(text),
    html: html === null ? false : withoutEnd(html),
    attachments: await Promise.all(
      mail.attachments.map(async one => ({
        type: 'attachment' as const,
        filename: one.name || undefined,
        contentType: one.contentType,
        contentDisposition: one.isInline ? 'inline' : 'attachment',
        content: await one.bytes(),
        size: one.size,
        cid: one.cid ?? undefined,
        related: one.isInline,
      })),
    ),
  }
}

/** It takes the last line end off a mail before it reads it. */
const withoutEnd = (text: string): string => text.replace(/\r?\n$/, '')

const STRUCTURED = new Set(['content-type', 'content-disposition', 'dkim-signature'])

function headersOf(mail: Mail): Record<string, HeaderValue> {
  const addresses = new Map<string, readonly Address[]>(
    Object.entries({
      from: mail.from,
      to: mail.to,
      cc: mail.cc,
      bcc: mail.bcc,
      'reply-to': mail.replyTo,
    }),
  )
  const headers: Record<string, HeaderValue> = {}
  for (const name of new Set([...mail.headers].map(([key]) => key.toLowerCase()))) {
    const values = mail.headers.all(name)
    const [first = ''] = values
    const list = addresses.get(name)
    if (list) headers[name] = list.map(written).join(', ')
    else if (name === 'date') headers[name] = new Date(first)
    else if (STRUCTURED.has(name)) headers[name] = structured(first)
    else headers[name] = values.length > 1 ? values : first
  }
  return headers
}

const written = ({ name, address }: Address): string =>
  name === '' ? address : `"${name.replaceAll('"', '\\"')}" <${address}>`

/** `text/plain; charset=utf-8`: the value, and its parameters. */
function structured(field: string): HeaderValue {
  const [value = '', ...parameters] = field.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)
  const params = parameters.flatMap(parameter => {
    const at = parameter.indexOf('=')
    if (at < 0) return []
    const text = parameter.slice(at + 1).trim()
    return [[parameter.slice(0, at).trim().toLowerCase(), text.replace(/^"(.*)"$/s, '$1')]]
  })
  return { value: value.trim(), params: Object.fromEntries(params) }
}
