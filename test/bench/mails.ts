/** The mails of the benchmarks: made, not read, so that both sides of a comparison get the same octets. */

const words =
  'your order has been shipped and will arrive soon thank you for the trust in us'.split(' ')

const sentence = (seed: number, length: number): string => {
  let text = ''
  for (let index = seed; text.length < length; index++)
    text += `${words[(index * 7) % words.length]} `
  return text
}

const head = (serial: number, type: string): string =>
  `From: Shop <shop@example.com>\r\nTo: Customer ${serial} <customer${serial}@example.org>\r\n` +
  `Subject: Your order ${serial} =?utf-8?q?best=C3=A4tigt?=\r\nMessage-ID: <${serial}@example.com>\r\n` +
  `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n`

const html = (serial: number, size: number): string => {
  let rows = ''
  for (let row = 0; rows.length < size; row++) {
    rows += `<tr><td style="padding:4px">${row}</td><td>${sentence(serial + row, 60)}</td></tr>\r\n`
  }
  return `<!doctype html><html><body><h1>Order ${serial}</h1><table>\r\n${rows}</table></body></html>\r\n`
}

const base64 = (size: number): string => {
  const bytes = Buffer.alloc(size)
  for (let index = 0; index < size; index++) bytes[index] = (index * 31 + (index >> 8)) & 255
  return bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
}

const image = base64(34_000)
const pdf = base64(200_000)

/** 5 kB of HTML. */
export const small = (serial: number): Buffer =>
  Buffer.from(`${head(serial, 'text/html; charset=utf-8')}\r\n${html(serial, 4_400)}`)

/** 50 kB: alternative text and HTML with an image in place. */
export const medium = (serial: number): Buffer =>
  Buffer.from(
    `${head(serial, 'multipart/related; boundary="rel"')}\r\n--rel\r\n` +
      'Content-Type: multipart/alternative; boundary="alt"\r\n\r\n' +
      `--alt\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${sentence(serial, 800)}\r\n` +
      `--alt\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html(serial, 3_000)}<img src="cid:logo">\r\n` +
      `--alt--\r\n--rel\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\n` +
      `Content-Transfer-Encoding: base64\r\nContent-Disposition: inline\r\n\r\n${image}\r\n--rel--\r\n`,
  )

/** 280 kB: text and a PDF. */
export const large = (serial: number): Buffer =>
  Buffer.from(
    `${head(serial, 'multipart/mixed; boundary="mix"')}\r\n--mix\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\n\r\n${sentence(serial, 2_000)}\r\n` +
      '--mix\r\nContent-Type: application/pdf; name="invoice.pdf"\r\nContent-Transfer-Encoding: base64\r\n' +
      `Content-Disposition: attachment; filename="invoice.pdf"\r\n\r\n${pdf}\r\n--mix--\r\n`,
  )

export type Mix = 'small' | 'mixed'

/** Mail number `serial` of a mix; of ten mixed ones seven are small, two medium, one large. */
export const mailOf = (mix: Mix, serial: number): Buffer => {
  if (mix === 'small' || serial % 10 < 7) return small(serial)
  return serial % 10 < 9 ? medium(serial) : large(serial)
}
