import type { Random } from '../helpers/random.ts'
import { several } from './several.ts'
import { winmail } from './tnef-text.ts'

// Mail as programs write it and as attackers do: octets as text, one character an octet (latin1).

const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

const WORDS: readonly string[] = [
  ...['Hello', 'your code is 123456', 'a', '', ' ', 'x'.repeat(80), '"quoted"', '(comment)', 'Re:'],
  ...[
    '<b>',
    'https://example.com/reset?token=abc&x=1',
    'ann@example.com',
    '--',
    '.',
    '>',
    '__proto__',
  ],
  ...['é', '日本語', '\u202egnp.exe', '😀', 'İstanbul'].map(utf8),
]
export const CHARSETS: readonly string[] = [
  ...[
    'utf-8',
    'UTF-8',
    'us-ascii',
    'iso-8859-1',
    'windows-1252',
    'iso-2022-jp',
    'shift_jis',
    'gb18030',
  ],
  ...[
    'utf-7',
    'utf-16',
    'utf-16le',
    'utf-32',
    'big5',
    'euc-kr',
    'koi8-r',
    'ibm850',
    'iso-8859-8-i',
  ],
  ...[
    'x-unknown',
    '',
    '"utf-8"',
    'utf-8*en',
    'hex',
    'base64',
    'binary',
    'ucs2',
    'cesu8',
    'toString',
  ],
]

export const text = (random: Random): string => several(random, 6, () => random.pick(WORDS), ' ')

export const encodedWord = (random: Random): string => {
  const octets = Buffer.from(random.pick(WORDS), 'latin1')
  const encoded = random.chance(0.5)
    ? octets.toString('base64')
    : [...octets].map(octet => `=${octet.toString(16).padStart(2, '0')}`).join('')
  return `=?${random.pick(CHARSETS)}?${random.pick(['q', 'b', 'Q', 'B', 'x'])}?${encoded}?=`
}

const phrase = (random: Random): string =>
  several(random, 3, () => (random.chance(0.3) ? encodedWord(random) : random.pick(WORDS)), ' ')

const LOCAL: readonly string[] = [
  'ann',
  'a.b',
  '"a b"',
  '"a\\"b"',
  'ann+tag',
  '',
  utf8('é'),
  'a@b',
  '"',
]
const DOMAINS: readonly string[] = [
  'example.com',
  '[127.0.0.1]',
  '[IPv6:::1]',
  utf8('bücher.de'),
  '',
  'a',
]

const address = (random: Random): string => {
  const bare = `${random.pick(LOCAL)}@${random.pick(DOMAINS)}`
  const kind = random.integer(6)
  if (kind === 0) return bare
  if (kind === 1) return `${bare} (${text(random)})`
  if (kind === 2) return `${phrase(random)}: ${bare}, <${bare}>;`
  if (kind === 3) return `"${text(random)}" <${bare}>`
  if (kind === 4) return `<@a,@b:${bare}>`
  return `${phrase(random)} <${bare}>`
}

export const addresses = (random: Random): string => several(random, 5, () => address(random), ', ')

export const parameters = (random: Random): string =>
  several(random, 5, () => {
    const name = random.pick([
      'name',
      'filename',
      'charset',
      'boundary',
      'format',
      'x',
      '__proto__',
      '',
    ])
    const section = random.pick([
      '',
      '',
      '',
      '*',
      '*0',
      '*0*',
      '*1',
      '*1*',
      '*01',
      '*-1',
      '*9999999999',
    ])
    const charset = random.pick(CHARSETS)
    const value = random.pick([
      ...[
        'a',
        '"a b"',
        '"a\\"b"',
        '"',
        '',
        'flowed',
        '%41%e9%zz',
        '../../etc/passwd',
        '(a)b',
        '=?utf-8?q?a?=',
      ],
      `${charset}''%e2%82%ac`,
      `"${text(random)}"`,
    ])
    return `;${random.pick([' ', '', '\r\n\t'])}${name}${section}=${value}`
  })

const DATES: readonly string[] = [
  ...['Tue, 01 Jul 2025 10:11:12 +0200', '1 Jan 70 00:00 GMT', 'Fri, 31 Feb 2024 25:61:61 -9999'],
  ...[
    '2024-01-01T00:00:00Z',
    'now',
    '',
    '29 Feb 2023 10:00:00 EST (comment (nested))',
    '1 Jan 0000 00:00 Z',
  ],
  ...['99 Foo 99999 99:99:99 +99999', '31 Dec 9999 23:59:60 -1200', '1 Jan 275760 00:00:00 +0000'],
]

const FIELDS: readonly ((random: Random) => string)[] = [
  random => `Subject: ${phrase(random)}`,
  random =>
    `${random.pick(['From', 'To', 'Cc', 'Bcc', 'Reply-To', 'Sender', 'to'])}: ${addresses(random)}`,
  random => `Date: ${random.pick(DATES)}`,
  random => `Message-ID: <${random.pick(LOCAL)}@${random.pick(DOMAINS)}>`,
  random => `References: ${several(random, 4, () => `<${random.pick(LOCAL)}@x>`, ' ')}`,
  random => `X-Tags: ${several(random, 4, () => random.pick(WORDS), ',')}`,
  random => `List-Unsubscribe: <mailto:${address(random)}>, <https://example.com/${text(random)}>`,
  random =>
    `Received: from ${random.pick(DOMAINS)} by ${random.pick(DOMAINS)}; ${random.pick(DATES)}`,
  random => `Content-Type: text/plain${parameters(random)}`,
  random => `Content-Disposition: attachment${parameters(random)}`,
  random => `Content-Description: ${phrase(random)}`,
  random =>
    `${random.pick(['X-Priority', '__proto__', 'constructor', 'A ', '', ' A', utf8('É')])}: ${text(random)}`,
  random => text(random),
]

/** Lines of a header block, each with its line end, without the empty one. */
export const headerLines = (random: Random, most = 8): string =>
  several(random, most, () => {
    const field = random.pick(FIELDS)(random)
    const folded = random.chance(0.2) ? field.replaceAll(' ', '\r\n ') : field
    return `${folded}\r\n`
  })

const BOUNDARIES: readonly string[] = ['b', 'b2', 'b--', '--b', '"b c"', '=_x', '', 'x'.repeat(75)]
const TYPES: readonly string[] = [
  ...['text/plain', 'text/html', 'image/png', 'application/ms-tnef', 'application/octet-stream'],
  ...[
    'text/calendar',
    'message/delivery-status',
    'message/rfc822',
    'message/global',
    'text',
    '/',
    '',
  ],
]
const ENCODINGS: readonly string[] = [
  ...[
    '7bit',
    '8bit',
    'binary',
    'base64',
    'quoted-printable',
    'x-uuencode',
    'uuencode',
    'BASE64 ',
    'x',
    '',
  ],
]

/** The octets of a body in a transfer encoding, mostly. */
const body = (random: Random, encoding: string, octets: string): string => {
  if (random.chance(0.1)) return octets
  if (encoding === 'base64') {
    return Buffer.from(octets, 'latin1').toString('base64').replace(/.{76}/g, '$&\r\n')
  }
  if (encoding === 'quoted-printable') {
    return octets.replace(
      /[^ -<>-~\r\n]/g,
      octet => `=${octet.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
    )
  }
  return encoding.endsWith('uuencode') || random.chance(0.05) ? uuencoded(random, octets) : octets
}

export const uuencoded = (random: Random, octets: string): string => {
  const lines = Buffer.from(octets, 'latin1')
  let out = `begin ${random.pick(['644', '0', '99999', 'x'])} ${random.pick(['a.txt', '../a', ''])}\r\n`
  for (let at = 0; at < lines.length; at += 45) {
    const line = lines.subarray(at, at + 45)
    out += String.fromCharCode(32 + line.length)
    for (let i = 0; i < line.length; i += 3) {
      const three = ((line[i] ?? 0) << 16) | ((line[i + 1] ?? 0) << 8) | (line[i + 2] ?? 0)
      for (const shift of [18, 12, 6, 0])
        out += String.fromCharCode(32 + ((three >> shift) & 63) || 96)
    }
    out += '\r\n'
  }
  return `${out}${random.pick(['`\r\nend\r\n', 'end\r\n', '', ' \r\nend'])}`
}

const TAGS: readonly string[] = [
  ...[
    '<p>',
    '</p>',
    '<br>',
    '<table><tr><td>',
    '</table>',
    '<ul><li>',
    '<div style="display:none">',
    '</div>',
  ],
  ...[
    '<a href="https://example.com/verify?token=abc123">',
    '</a>',
    "<a href='javascript:alert(1)'>",
    '<b',
  ],
  ...[
    '<style>@import url(//x);p{background:url("http://a/b")}',
    '</style>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
  ],
  ...[
    '<script>',
    '</script>',
    '<title>',
    '<textarea>',
    '<svg><foreignObject>',
    '<math>',
    '<plaintext>',
    '<img src=cid:a@b srcset="a 1x,,b 2x">',
  ],
  ...[
    '<base href="//x">',
    '<meta http-equiv=refresh content="0;url=http://x">',
    '&lt;',
    '&#x41;',
    '&#99999999;',
    '&nbsp',
    '<iframe srcdoc="<p>">',
    '<!doctype html>',
    '<!',
    '<?xml',
    '</',
  ],
]

export const html = (random: Random): string =>
  several(random, 12, () => (random.chance(0.6) ? random.pick(TAGS) : random.pick(WORDS)))

/** A text with codes, links and quotes, flowed perhaps (RFC 3676). */
export const prose = (random: Random): string =>
  several(random, 10, () => {
    const line = `${random.pick(['', '', '> ', '>> ', ' '])}${text(random)}`
    return `${line}${random.pick(['', ' '])}${random.pick(['\r\n', '\r\n', '\n'])}`
  })

/** A message or part: header, empty line, body; multiparts and nested messages to some depth. */
export const entity = (random: Random, depth = 3): string => {
  const fields = headerLines(random, 3)
  const kind = depth === 0 ? 9 : random.integer(10)
  if (kind < 4) {
    const boundary = random.pick(BOUNDARIES)
    const bare = boundary.replaceAll('"', '')
    const parts = several(random, 4, () => `--${bare}\r\n${entity(random, depth - 1)}\r\n`)
    const subtype = random.pick(['mixed', 'alternative', 'digest', 'related', 'signed', 'x'])
    const type = `Content-Type: multipart/${subtype}; boundary=${boundary}\r\n`
    return `${fields}${type}\r\n${text(random)}\r\n${parts}--${bare}${random.pick(['--', '--', '', '- '])}\r\n${text(random)}`
  }
  if (kind === 4) return `${fields}Content-Type: message/rfc822\r\n\r\n${entity(random, depth - 1)}`
  const type = random.pick(TYPES)
  const encoding = random.pick(ENCODINGS)
  const content =
    type === 'text/html'
      ? html(random)
      : type === 'application/ms-tnef'
        ? winmail(random)
        : prose(random) + (random.chance(0.1) ? uuencoded(random, prose(random)) : '')
  return (
    `${fields}Content-Type: ${type}${parameters(random)}\r\n` +
    `Content-Transfer-Encoding: ${encoding}\r\n\r\n${body(random, encoding, content)}`
  )
}
