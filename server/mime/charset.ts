import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/**
 * The octets as text, by the charset's label (RFC 2045 §5.1, RFC 2978). Total: it never throws.
 * A missing, unknown or untrue label falls back to UTF-8 where the octets are that, else to windows-1252.
 * iso-8859-1 means windows-1252, as it does to every browser and mail program.
 */
export function decodeText(bytes: Uint8Array, label = ''): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const charset = canonicalName(label)
  if (charset === UTF_8) return decodeUtf8(buffer)
  if (charset === ISO_2022_JP) return decodeIso2022Jp(buffer)
  return iconv.decode(buffer, charset)
}

const UTF_8 = 'utf-8'
const ISO_2022_JP = 'iso-2022-jp'

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
})

function canonicalName(label: string): string {
  const letters = label
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
  const known = SYNONYMS[letters]
  if (known !== undefined) return known
  return iconv.encodingExists(letters) && !NOT_A_CHARSET.has(letters) ? letters : UTF_8
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
