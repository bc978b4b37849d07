import type { Code } from '../../../server/mime/extract/code.ts'
import { readExtract } from '../../../server/mime/extract/read-extract.ts'

/** What is said of a mail that is composed for a test. */
export type Composed = {
  readonly subject?: string
  readonly text?: string
  readonly html?: string
  /** Header fields beside the usual ones. */
  readonly fields?: string
}

/** The octets of a mail, as the usual libraries compose it: in UTF-8, the text in base64, the HTML quoted-printable. */
export function compose({ subject = 'Hello', text, html, fields = '' }: Composed): Buffer {
  const parts = [
    ...(text === undefined
      ? []
      : [
          `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(Buffer.from(text).toString('base64'))}`,
        ]),
    ...(html === undefined
      ? []
      : [
          `Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(html)}`,
        ]),
  ]
  const header = `From: Acme <no-reply@acme.example>\r\nTo: ann@example.com\r\nDate: Sat, 21 Nov 2026 19:24:20 +0000\r\nMessage-ID: <20261121192420.482917@acme.example>\r\nSubject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=\r\n${fields}`
  if (parts.length < 2) return Buffer.from(`${header}${parts[0] ?? '\r\n'}`)
  const body = parts.map(part => `--b\r\n${part}\r\n`).join('')
  return Buffer.from(
    `${header}Content-Type: multipart/alternative; boundary=b\r\n\r\n${body}--b--\r\n`,
  )
}

export const read = (mail: Composed) => readExtract(compose(mail))

/** What a caller may take: the values of the highest confidence that there is. */
export const best = (codes: readonly Code[]): string[] =>
  codes.filter(({ confidence }) => confidence === codes[0]?.confidence).map(({ value }) => value)

function lines(base64: string): string {
  return base64.replace(/.{76}/g, '$&\r\n')
}

/** RFC 2045 §6.7, with soft line breaks where they hurt most: in the middle of anything. */
function quotedPrintable(text: string): string {
  const escaped = [...Buffer.from(text)]
    .map(octet =>
      octet === 0x0a
        ? '\r\n'
        : octet > 0x20 && octet < 0x7f && octet !== 0x3d
          ? String.fromCharCode(octet)
          : octet === 0x20
            ? ' '
            : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
  return escaped
    .split('\r\n')
    .map(line => line.replace(/ $/, '=20').replace(/(?:=..|[^=]){70}/g, '$&=\r\n'))
    .join('\r\n')
}
