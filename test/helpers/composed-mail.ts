import iconv from 'iconv-lite'

/** A made-up mail, and what a person would say that it holds. */
export type ComposedMail = {
  readonly raw: Buffer
  /** All header fields of all its parts, decoded: name and value. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** The fields of the message itself. */
  readonly ownFields: readonly (readonly [name: string, value: string])[]
  /** The text of each part, decoded; of HTML the source and what it shows. */
  readonly texts: readonly string[]
  /** Of the Date field, as `2026-11-21`; null where there is none. */
  readonly sentOn: string | null
}

/** A number from 0 up to, but not with, `below`. */
export type Random = (below: number) => number

export const randomOf = (seed: number): Random => {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >> 8) % below
  }
}

const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T

/** Few, so that searches for them find something; each charset can write those of its line. */
const WORDS = {
  'us-ascii': ['order', 'Invoice', 'reset', 'hello', 'WORLD', 'foo=bar', 'Re:', 'a'],
  'iso-8859-1': ['Größe', 'naïve', 'ÉCOLE', 'order', 'hello', 'straße'],
  shift_jis: ['日本語', 'テスト', 'order', 'ｶﾅ'],
  'utf-8': ['Größe', '日本語', 'ﬁne', 'Ωmega', 'hello', '🎉', 'ПРИВЕТ', 'reset'],
} as const

export const ALL_WORDS: readonly string[] = [...new Set(Object.values(WORDS).flat())]

type Charset = keyof typeof WORDS

const words = (random: Random, charset: Charset, count: number): string =>
  Array.from({ length: count }, () => pick(random, WORDS[charset])).join(' ')

const quotedPrintable = (bytes: Buffer): string => {
  let out = ''
  let column = 0
  for (const byte of bytes) {
    const character = String.fromCharCode(byte)
    const isLineEnd = byte === 13 || byte === 10
    const isPlain = byte > 32 && byte < 127 && character !== '='
    const piece =
      isPlain || isLineEnd ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
    if (column > 30 && !isLineEnd) {
      out += '=\r\n'
      column = 0
    }
    out += piece
    column = isLineEnd ? 0 : column + 1
  }
  return out
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/.{40}/g, '$&\r\n')

/** As encoded-words of a few characters each, between which the white space does not count. */
const encodedWords = (text: string): string =>
  (text.match(/.{1,6}/gsu) ?? [])
    .map(piece => `=?UTF-8?B?${Buffer.from(piece).toString('base64')}?=`)
    .join('\r\n ')

const encoded = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : encodedWords(text))

/** Of addresses only the names may be encoded. */
const fieldText = (name: string, value: string): string =>
  ['From', 'To', 'Cc', 'Bcc'].includes(name)
    ? value
        .split(', ')
        .map(address => address.replace(/^[^<]+(?= <)/, encoded))
        .join(',\r\n ')
    : encoded(value)

type Fields = (readonly [string, string])[]
type Written = { readonly text: string; readonly fields: Fields; readonly texts: string[] }

const written = (fields: Fields, body: string, texts: string[], inner: Fields = []): Written => ({
  text: `${fields.map(([name, value]) => `${name}: ${fieldText(name, value)}\r\n`).join('')}\r\n${body}`,
  fields: [...fields, ...inner],
  texts,
})

const leaf = (random: Random, type: 'plain' | 'html', more: Fields = []): Written => {
  const charset = pick(random, Object.keys(WORDS) as Charset[])
  const lines = Array.from({ length: 1 + random(3) }, () => words(random, charset, 1 + random(6)))
  const shown = lines.join('\r\n')
  const source = `<p title="tip">${lines.join('</p>\r\n<p>')}<b>x</b>y</p>`
  const text = type === 'plain' ? shown : source
  const bytes = iconv.encode(text, charset === 'us-ascii' ? 'latin1' : charset)
  const encoding =
    charset === 'us-ascii' ? '7bit' : pick(random, ['8bit', 'quoted-printable', 'base64'])
  const body =
    encoding === 'base64'
      ? base64(bytes)
      : encoding === 'quoted-printable'
        ? quotedPrintable(bytes)
        : bytes.toString('latin1')
  const fields: Fields = [
    ['Content-Type', `text/${type}; charset=${charset}`],
    ['Content-Transfer-Encoding', encoding],
    ...more,
  ]
  return written(fields, body, type === 'plain' ? [shown] : [source, `${shown}xy`])
}

const multipart = (random: Random, subtype: string, parts: readonly Written[]): Written => {
  const boundary = `b${random(1_000_000)}`
  const body = parts.map(({ text }) => `--${boundary}\r\n${text}\r\n`).join('')
  return written(
    [['Content-Type', `multipart/${subtype}; boundary=${boundary}`]],
    `${body}--${boundary}--\r\n`,
    parts.flatMap(({ texts }) => texts),
    parts.flatMap(({ fields }) => fields),
  )
}

const nested = (random: Random): Written => {
  const subject: Fields = [['Subject', words(random, 'utf-8', 2)]]
  const inner = leaf(random, 'plain', subject)
  return written([['Content-Type', 'message/rfc822']], inner.text, inner.texts, inner.fields)
}

const content = (random: Random): Written => {
  const html = () => leaf(random, 'html')
  const plain = () => leaf(random, 'plain')
  const file: Fields = [['Content-Disposition', 'attachment; filename=notes.txt']]
  switch (random(6)) {
    case 0:
      return html()
    case 1:
      return multipart(random, 'alternative', [plain(), html()])
    case 2:
      return multipart(random, 'mixed', [plain(), leaf(random, 'plain', file)])
    case 3:
      return multipart(random, 'mixed', [
        multipart(random, 'alternative', [plain(), html()]),
        nested(random),
      ])
    default:
      return plain()
  }
}

const NAMES = ['Ann Lee', 'Zoë Groß', 'Bob', '日本 太郎', '']
const LOCAL_PARTS = ['ann', 'bob', 'zoe.g', 'order']
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

const address = (random: Random): string => {
  const name = pick(random, NAMES)
  const mailbox = `<${pick(random, LOCAL_PARTS)}@x${random(3)}.org>`
  return name === '' ? mailbox : `${name} ${mailbox}`
}

/** One of many kinds of mail: charsets, encodings, alternatives, attachments, nested messages; a few days of dates. */
export const composeMail = (random: Random, serial: number): ComposedMail => {
  const { text, fields: inner, texts } = content(random)
  const own: Fields = []
  const day = 18 + random(6)
  const sentOn = random(12) === 0 ? null : `2026-11-${day}`
  const subject = words(random, pick(random, Object.keys(WORDS) as Charset[]), random(4))
  own.push(['From', address(random)])
  if (random(8) > 0) own.push(['To', `${address(random)}, ${address(random)}`])
  if (random(3) === 0) own.push(['Cc', address(random)])
  if (random(9) === 0) own.push(['Bcc', address(random)])
  if (random(9) > 0) own.push(['Subject', subject])
  if (random(9) === 0) own.push(['Subject', words(random, 'utf-8', 2)])
  if (sentOn !== null) {
    const zone = pick(random, ['+0000', '-1200', '+1400', '-0530', 'EST'])
    const time = `${10 + random(14)}:${10 + random(50)}:00`
    own.push(['Date', `${day} ${MONTHS[10]} 2026 ${time} ${zone}`])
  }
  own.push(['Message-ID', `<${serial}.${random(3)}@mail.x.org>`])
  if (random(2) === 0) own.push(['X-Kind', words(random, 'utf-8', 1 + random(2))])
  const head = own.map(([name, value]) => `${name}: ${fieldText(name, value)}\r\n`).join('')
  const [partHead = '', ...rest] = text.split('\r\n\r\n')
  const ownPartFields = inner.slice(0, partHead.split(/\r\n(?! )/).length)
  return {
    raw: Buffer.from(`${head}${partHead}\r\n\r\n${rest.join('\r\n\r\n')}`, 'latin1'),
    fields: [...own, ...inner],
    ownFields: [...own, ...ownPartFields],
    texts,
    sentOn,
  }
}
