import { readdirSync, readFileSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'
import { Sender } from './sender.ts'

/** Mails that mean harm: the hostile corpus, and what more the ways out are tried with. All have CRLF at their end. */
export type HostileMail = { readonly name: string; readonly raw: Buffer }

const folder = new URL('../fixtures/corpus/hostile/', import.meta.url)

/** The corpus, sorted by name. */
export const hostileCorpus = (): HostileMail[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.eml'))
    .sort()
    .map(name => ({ name, raw: ended(readFileSync(new URL(name, folder))) }))

/** SMTP has no other end of a message than that of a line (RFC 5321 §4.1.1.4). */
const ended = (raw: Buffer): Buffer =>
  raw.toString('latin1', raw.length - 2) === '\r\n'
    ? raw
    : Buffer.concat([raw, Buffer.from('\r\n')])

const encodedWord = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

const head = (subject: string): string[] => [
  'From: App <app@example.com>',
  'To: Ann <ann@example.com>',
  `Subject: ${subject}`,
  'Date: Fri, 02 Jan 2026 03:04:05 +0000',
  'MIME-Version: 1.0',
]

const text = (...lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\r\n')}\r\n`)

type Piece = { readonly fields: readonly string[]; readonly body: string | Buffer }

/** A multipart/mixed mail; bodies that are octets are sent as base64. */
const mixed = (fields: readonly string[], pieces: readonly Piece[]): Buffer => {
  const lines = [...fields, 'Content-Type: multipart/mixed; boundary=b', '']
  for (const { fields: own, body } of pieces) {
    lines.push('--b', ...own)
    if (typeof body === 'string') lines.push('', body)
    else {
      lines.push('Content-Transfer-Encoding: base64', '')
      lines.push(...(body.toString('base64').match(/.{1,76}/g) ?? []))
    }
  }
  return text(...lines, '--b--')
}

/** Each runs where it is taken for HTML, a script, a style or a link. */
export const script = `<script>alert('ran')</script><img src=x onerror=alert('ran')><svg onload=alert('ran')>`
const link = `javascript:alert('ran')`

/** Stored XSS: a script in every place that a mail can bring. */
export const scriptEverywhere = (): Buffer => {
  const file = (type: string, name: string, body: string | Buffer): Piece => ({
    fields: [
      `Content-Type: ${type}; name="${encodedWord(`${script}${name}`)}"`,
      `Content-Disposition: attachment; filename="${encodedWord(`"><${script}${name}`)}"`,
      `Content-ID: <${script}>`,
      `Content-Description: ${script}`,
    ],
    body,
  })
  const nested = text(
    ...[`From: ${encodedWord(script)} <a@example.com>`, `Subject: ${script}`],
    ...['MIME-Version: 1.0', 'Content-Type: text/html', '', script],
  )
  return mixed(
    [
      `From: ${encodedWord(`"${script}`)} <"${script}"@example.com>`,
      `To: ${encodedWord(`</title>${script}`)} <ann@example.com>`,
      `Reply-To: "${script}" <${link}>`,
      `Subject: </title></style></textarea>${script}`,
      `Message-ID: <${script}@x>`,
      `X-Tags: ${script}`,
      `List-Unsubscribe: <${link}>, <data:text/html,${script}>`,
      `X-${script.replace(/[^a-z]/g, '')}: ${script}`,
      'MIME-Version: 1.0',
    ],
    [
      { fields: ['Content-Type: text/plain; charset="<script>"'], body: `${script} ${link}` },
      {
        fields: ['Content-Type: text/html'],
        body: `<title>${script}</title><style>@import "${link}";*{background:url("${link}")}</style>${script}<a href="${link}" onclick="alert('ran')">x</a><meta http-equiv=refresh content="0;url=${link}"><iframe srcdoc="${script}"></iframe><form action="${link}"><button autofocus onfocus="alert('ran')">`,
      },
      file(
        'image/svg+xml',
        'a.svg',
        `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('ran')"><script>alert('ran')</script></svg>`,
      ),
      file(
        'text/calendar',
        'a.ics',
        `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:${script}\r\nURL:${link}\r\nEND:VEVENT\r\nEND:VCALENDAR`,
      ),
      file('text/csv', 'a.csv', `${script},b\r\n=cmd|'/C calc'!A0,${link}`),
      file(
        'application/json',
        'a.json',
        JSON.stringify({ [script]: script, __proto__: { polluted: 1 } }),
      ),
      file('application/javascript', 'a.js', `alert('ran')`),
      file(
        'application/xml',
        'a.xml',
        `<?xml-stylesheet href="${link}"?><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert('ran')</h:script></x>`,
      ),
      file(
        'application/xhtml+xml',
        'a.xhtml',
        `<html xmlns="http://www.w3.org/1999/xhtml"><script>alert('ran')</script></html>`,
      ),
      file('text/html', 'a.html', script),
      file('application/pdf', 'a.pdf', `%PDF-1.4 /JS (app.alert('ran'))`),
      file('image/png', 'a.png', script),
      file(`text/${script.replace(/\W/g, '')}`, 'a.odd', script),
      { fields: ['Content-Type: message/rfc822'], body: nested.toString() },
      { fields: ['Content-Type: message/delivery-status'], body: `Status: ${script}` },
    ],
  )
}

/** File names that lead out of a folder, name a device, hide what they are, end a header field, or come twice. */
export const fileNames = [
  ...['../../../etc/passwd', '..\\..\\win.ini', '/etc/cron.d/x', 'C:\\boot.ini', '..', '.', '...'],
  ...[
    'a/../../b.txt',
    '....//x',
    '\u2025/x',
    '.bashrc',
    '~/.ssh/id_rsa',
    'x:stream',
    '\\\\host\\x',
  ],
  ...['CON', 'nul.txt', 'COM1.log', 'com\u00b9', 'LPT9', 'aux.tar.gz', 'CON .txt', 'PRN . '],
  ...[
    'evil\u202efdp.exe',
    'a\u0000.txt',
    'a\r\nX-Evil: 1',
    'a\nb',
    'a\u001b[2J',
    'a\u009b2J',
    'a\u2028b',
  ],
  ...['"; filename="x.html', '%2e%2e%2fx', "''x", 'Same.txt', 'same.TXT', 'Same.txt'],
  ...['NOT IN THIS ARCHIVE.txt', '', ' ', `${'x'.repeat(5_000)}.pdf`, '\u{1f600}'.repeat(500)],
]

/** A mail with attachments of those names, each said by RFC 2231. */
export const badFileNames = (): Buffer =>
  mixed(
    head('Names'),
    fileNames.map(name => ({
      fields: [
        'Content-Type: application/octet-stream',
        `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name).replace(/['()*]/g, char => `%${char.charCodeAt(0).toString(16)}`)}`,
      ],
      body: 'x',
    })),
  )

const dimensions = 65_500

/** Small files that claim to be pictures of gigapixels. */
export const imageBombs = (): { readonly type: string; readonly octets: Buffer }[] => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data])
    const ends = Buffer.alloc(8)
    ends.writeUInt32BE(data.length, 0)
    ends.writeUInt32BE(crc32(named), 4)
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)])
  }
  const header = Buffer.from('00000000000000000806000000', 'hex')
  header.writeUInt32BE(dimensions, 0)
  header.writeUInt32BE(dimensions, 4)
  const png = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000_000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
  const gif = Buffer.from(
    '474946383961000000008000000000000000002c0000000000000000000002024401003b',
    'hex',
  )
  const webp = Buffer.from(
    `${'52494646160000005745425056503858'}0a00000000000000${'ffff3fffff3f'}0000`,
    'hex',
  )
  for (const at of [6, 8, 24, 26]) gif.writeUInt16LE(dimensions, at)
  const entities = Array.from(
    { length: 9 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  )
  const svg = `<!DOCTYPE svg [<!ENTITY l0 "lol">${entities.join('')}]><svg xmlns="http://www.w3.org/2000/svg" width="1000000000" height="1000000000"><text>&l9;</text></svg>`
  return [
    { type: 'image/png', octets: png },
    { type: 'image/gif', octets: gif },
    { type: 'image/webp', octets: webp },
    { type: 'image/svg+xml', octets: Buffer.from(svg) },
  ]
}

/** A mail whose HTML shows all of them, and which has them as parts. */
export const bombMail = (): Buffer =>
  mixed(head('Pictures'), [
    {
      fields: ['Content-Type: text/html'],
      body: imageBombs()
        .map((_, at) => `<img src="cid:bomb${at}" width=10>`)
        .join(''),
    },
    ...imageBombs().map(({ type, octets }, at) => ({
      fields: [`Content-Type: ${type}; name=bomb`, `Content-ID: <bomb${at}>`],
      body: octets,
    })),
  ])

/** What a terminal obeys, and what turns the direction of text. */
export const controls =
  '\u0000\u0007\b\t\n\u000b\u000c\r\u001b[2J\u001b]0;title\u0007\u007f\u0085\u009b31m\u061c\u200e\u202e\u2066\u2028\u2029'

/** Controls in every field that is shown somewhere, as encoded words and as they are. */
export const controlsEverywhere = (): Buffer =>
  text(
    `From: ${encodedWord(controls)} <"${encodedWord(controls)}"@example.com>`,
    `To: ${encodedWord(`${controls}, evil@example.com`)} <ann@example.com>, \u001b[31m\u009b\u202e <b@example.com>`,
    `Subject: \u001b]0;title\u0007\u009b2J\u202e ${encodedWord(`x${controls}y`)}`,
    `X-Tags: ${encodedWord(controls)}`,
    ...['Content-Type: text/plain; charset=utf-8', '', `Your code is 482913. ${controls}`],
  )

/** Fields that would begin another one where their line ends are believed. */
export const lineEndsEverywhere = (): Buffer =>
  text(
    `From: ${encodedWord('a\r\nX-Evil: from')} <app@example.com>`,
    'To: Ann <ann@example.com\rX-Evil: to>',
    `Cc: "b\rX-Evil: quoted" <b@example.com>, ${encodedWord('c\nX-Evil: cc')} <c@example.com>`,
    `Subject: a\rX-Evil: bare ${encodedWord('\r\nX-Evil: encoded\r\n\r\n.\r\n')}`,
    `Message-ID: <a\rX-Evil: id@example.com>`,
    ...['Content-Type: text/plain', ''],
    ...[
      'From nobody Thu Jan  1 00:00:00 1970',
      '.',
      '..',
      '+OK',
      '* 1 EXISTS',
      'a1 OK done',
      '-ERR',
      ')',
    ],
  )

/** Every mail that means harm. */
export const hostileMails = (): HostileMail[] => [
  ...hostileCorpus(),
  { name: 'script everywhere', raw: scriptEverywhere() },
  { name: 'bad file names', raw: badFileNames() },
  { name: 'image bombs', raw: bombMail() },
  { name: 'controls everywhere', raw: controlsEverywhere() },
  { name: 'line ends everywhere', raw: lineEndsEverywhere() },
]

/** Sender and recipients that a header, a log or a terminal might obey, as far as SMTP takes them. */
export const hostileEnvelope = {
  mailFrom: `"<script>\u202e\u2028\u2066'x"@example.com`,
  rcptTo: ['ann@example.com', `"\\"<img src=x onerror=alert(1)> \u200f"@example.com`, '__proto__'],
}

/** The data of DATA: each line that starts with a dot gets another (RFC 5321 §4.5.2), then the end. */
const dataOf = (raw: Buffer): Buffer =>
  Buffer.from(`${raw.toString('latin1').replace(/(^|\r\n)\./g, '$1..')}.\r\n`, 'latin1')

/** Sends them by SMTP, one after the other; their ids are 1, 2, … in an empty store. */
export async function sendAll(port: number, mails: readonly HostileMail[]): Promise<void> {
  const sender = await Sender.open(port)
  const { mailFrom, rcptTo } = hostileEnvelope
  for (const { raw } of mails) await sender.send(dataOf(raw), mailFrom, rcptTo)
  sender.close()
}
