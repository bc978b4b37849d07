/** A mail of a test; what it says, and which test's it is, can be told from the mail alone. */
export type SentMail = {
  readonly test: string
  readonly to: string
  readonly subject: string
  readonly html: string
  /** Octets of an attachment; none with 0. */
  readonly attached?: number
}

const boundary = '=_stress'
const soft = 72

/** The octets of a mail, in quoted-printable as frameworks send it. */
export function octetsOf({ test, to, subject, html, attached = 0 }: SentMail): Buffer {
  const head = [
    'From: Shop <shop@example.com>',
    `To: <${to}>`,
    `Subject: ${subject}`,
    `X-Stress-Test: ${test}`,
    'MIME-Version: 1.0',
  ]
  const body = [
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    ...folded(`<p>Grüße aus dem Laden.</p>${html}`),
  ]
  const file = [
    'Content-Type: application/pdf; name=invoice.pdf',
    'Content-Disposition: attachment; filename=invoice.pdf',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.alloc(attached, test).toString('base64').replace(/.{76}/g, '$&\r\n'),
  ]
  const lines =
    attached === 0
      ? [...head, ...body]
      : [
          ...head,
          `Content-Type: multipart/mixed; boundary="${boundary}"`,
          '',
          ...[body, file].flatMap(part => [`--${boundary}`, ...part]),
          `--${boundary}--`,
        ]
  return Buffer.from(`${lines.join('\r\n')}\r\n`)
}

/** Quoted-printable (RFC 2045 §6.7), with soft line breaks. */
function folded(text: string): string[] {
  const units = [...Buffer.from(text)].map(octet =>
    octet === 0x3d || octet < 0x20 || octet > 0x7e
      ? `=${octet.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(octet),
  )
  const lines: string[] = []
  let line = ''
  for (const unit of units) {
    if (line.length + unit.length > soft) {
      lines.push(`${line}=`)
      line = ''
    }
    line += unit
  }
  return [...lines, line]
}
