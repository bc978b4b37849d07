import { isAscii, isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { excerpt } from './excerpt.ts'

/**
 * The octets as text, by the charset's label (RFC 2045 §5.1, RFC 2978). Total: it never throws.
 * A missing, unknown or untrue label falls back to UTF-8 where the octets are that, else to windows-1252
 * (mailparser.md, fault 11). iso-8859-1 means windows-1252, as it does to every browser and mail program.
 * Halves of surrogate pairs, which UTF-16 and UTF-7 can spell alone, are U+FFFD: a URL could not hold them.
 */
export function decodeText(bytes: Uint8Array, label = ''): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const charset = canonicalName(label)
  if (!NOT_ASCII_BASED.test(charset) && isAscii(buffer)) return buffer.toString('latin1')
  const own = OWN_DECODERS.get(charset)
  return own ? own(buffer) : iconv.decode(buffer, charset).replace(LONE_SURROGATE, '\ufffd')
}

const LONE_SURROGATE = /\p{Surrogate}/gu

/**
 * What is wrong with a charset's label, in words for the app's developer; null where nothing is. Linear; cheap
 * for octets that are all ASCII.
 */
export function charsetFault(bytes: Buffer, label: string): string | null {
  const letters = lettersOf(label)
  const isAscii8 = isAscii(bytes)
  if (letters !== '' && !isKnown(letters)) return `the charset “${excerpt(label, 64)}” is unknown`
  if (isAscii8) return null
  const is8 = isUtf8(bytes)
  if (letters === '') return `no charset is named for 8-bit text; ${guess(is8)}`
  if (ASCII.has(letters)) return `us-ascii is named for 8-bit text; ${guess(is8)}`
  const charset = canonicalName(label)
  if (charset === UTF_8) return is8 ? null : 'it is labelled UTF-8, but is not valid UTF-8'
  // Text in another charset is hardly ever valid UTF-8 by chance.
  return charset === 'windows-1252' && is8
    ? `it is labelled ${excerpt(label, 64)}, but the octets are UTF-8`
    : null
}

function guess(is8: boolean): string {
  return `it is read as ${is8 ? 'UTF-8' : 'windows-1252'}`
}

const UTF_8 = 'utf-8'
const ISO_2022_JP = 'iso-2022-jp'
const ISO_2022_KR = 'iso-2022-kr'
const HZ_GB_2312 = 'hz-gb-2312'

/** Labels that mean a superset in practice, by their letters and digits. A null prototype: labels are hostile. */
const SYNONYMS: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  '': UTF_8,
  ascii: UTF_8,
  usascii: UTF_8,
  ansix341968: UTF_8,
  utf8: UTF_8,
  unicode11utf8: UTF_8,
  utf8mb4: UTF_8,
  unknown8bit: UTF_8,
  '8bit': UTF_8,
  iso88591: 'windows-1252',
  latin1: 'windows-1252',
  l1: 'windows-1252',
  iso88599: 'windows-1254',
  iso885911: 'windows-874',
  tis620: 'windows-874',
  iso88598i: 'iso-8859-8',
  iso88598e: 'iso-8859-8',
  iso88596i: 'iso-8859-6',
  iso88596e: 'iso-8859-6',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  xgbk: 'gb18030',
  euccn: 'gb18030',
  ksc56011987: 'cp949',
  ksc5601: 'cp949',
  euckr: 'cp949',
  shiftjis: 'cp932',
  xsjis: 'cp932',
  sjis: 'cp932',
  iso2022jp: ISO_2022_JP,
  csiso2022jp: ISO_2022_JP,
  iso2022jp1: ISO_2022_JP,
  iso2022jp2: ISO_2022_JP,
  iso2022jp3: ISO_2022_JP,
  iso2022kr: ISO_2022_KR,
  csiso2022kr: ISO_2022_KR,
  hz: HZ_GB_2312,
  hzgb: HZ_GB_2312,
  hzgb2312: HZ_GB_2312,
})

const ASCII: ReadonlySet<string> = new Set(['ascii', 'usascii', 'ansix341968'])

/** Charsets in which octets below 128 may mean something else. */
const NOT_ASCII_BASED = /^(?:utf-?(?:7|16|32)|ucs|iso-?2022|hz)/

function lettersOf(label: string): string {
  return label
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
}

function isKnown(letters: string): boolean {
  return (
    SYNONYMS[letters] !== undefined ||
    (!NOT_A_CHARSET.has(letters) && iconv.encodingExists(letters))
  )
}

function canonicalName(label: string): string {
  const letters = lettersOf(label)
  return SYNONYMS[letters] ?? (isKnown(letters) ? letters : UTF_8)
}

/** Encodings that iconv-lite lends from Node; as a charset of a mail they are nonsense. */
const NOT_A_CHARSET = new Set(['base64', 'hex', 'binary', 'internal'])

/**
 * iso-2022-jp is missing in iconv-lite; ICU has it, also with the half-width kana of JIS7. It takes an escape
 * sequence with no character after it for an error, and neighbouring encoded-words make such.
 */
function decodeIso2022Jp(buffer: Buffer): string {
  const octets = buffer.toString('latin1').replace(/\u001b[$(][@-Z](?=\u001b)/g, '')
  return new TextDecoder(ISO_2022_JP).decode(Buffer.from(octets, 'latin1'))
}

/**
 * Octets that are not UTF-8 throughout: a UTF-8 text with a few broken places stays UTF-8, anything else is
 * read as windows-1252, which has a character for almost every octet.
 */
function decodeUtf8(buffer: Buffer): string {
  const text = buffer.toString('utf8')
  if (isUtf8(buffer)) return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  let broken = 0
  let fine = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0xfffd) broken++
    else if (unit > 0x7f) fine++
  }
  return fine > broken ? text : iconv.decode(buffer, 'windows-1252')
}

/**
 * hz-gb-2312 (RFC 1843): `~{` and `~}` around pairs of GB 2312 without their eighth bits, `~~` is a tilde, a
 * tilde at the end of a line joins it with the next. Neither mailparser (fault 13) nor iconv-lite has it.
 */
function decodeHz(buffer: Buffer): string {
  const out = Buffer.allocUnsafe(buffer.length)
  let length = 0
  let isGb = false
  for (let at = 0; at < buffer.length; at++) {
    const octet = buffer[at] as number
    const next = buffer[at + 1]
    const isPair = isGb && octet !== TILDE && octet > 0x20 && next !== undefined && next > 0x20
    if (isPair) {
      out[length++] = octet | 0x80
      out[length++] = next | 0x80
      at++
    } else if (octet === TILDE && (next === OPEN_BRACE || next === CLOSE_BRACE)) {
      isGb = next === OPEN_BRACE
      at++
    } else if (octet === TILDE && next === TILDE && !isGb) {
      out[length++] = octet
      at++
    } else if (octet === TILDE && next === LF && !isGb) {
      at++
    } else {
      // A line ends in ASCII, whatever was forgotten on it.
      if (octet === LF) isGb = false
      out[length++] = octet
    }
  }
  return iconv.decode(out.subarray(0, length), 'gb18030')
}

const TILDE = 0x7e
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const LF = 0x0a
const SHIFT_OUT = 0x0e
const SHIFT_IN = 0x0f

/** iso-2022-kr (RFC 1557): KS C 5601 without its eighth bits between SO and SI, after a designator. Fault 13 too. */
function decodeIso2022Kr(buffer: Buffer): string {
  const octets = Buffer.from(buffer.toString('latin1').replaceAll('\u001b$)C', ''), 'latin1')
  const out = Buffer.allocUnsafe(octets.length)
  let length = 0
  let isShifted = false
  for (const octet of octets) {
    if (octet === SHIFT_OUT || octet === SHIFT_IN) isShifted = octet === SHIFT_OUT
    else {
      if (octet === LF) isShifted = false
      out[length++] = isShifted && octet > 0x20 ? octet | 0x80 : octet
    }
  }
  return iconv.decode(out.subarray(0, length), 'cp949')
}

const OWN_DECODERS: ReadonlyMap<string, (buffer: Buffer) => string> = new Map([
  [UTF_8, decodeUtf8],
  [ISO_2022_JP, decodeIso2022Jp],
  [ISO_2022_KR, decodeIso2022Kr],
  [HZ_GB_2312, decodeHz],
])
