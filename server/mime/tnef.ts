import { decodeText } from './charset.ts'

/**
 * TNEF, Outlook's winmail.dat ([MS-OXTNEF]): the files in it, which other mail programs cannot show (mailparser.md,
 * fault 7). Read here because the one package for it reads from a path, brings a logger and a command line, and
 * trusts every length.
 */

/** A file in it. Offsets are into the octets of the whole. */
export type TnefFile = {
  readonly name: string
  /** As Outlook wrote it, `''` where there is none. */
  readonly contentType: string
  readonly start: number
  readonly end: number
}

const SIGNATURE = 0x223e9f78
const ATTACHMENT_LEVEL = 2
// [MS-OXTNEF] §2.1.3.4, the attributes of an attachment.
const REND_DATA = 0x0006_9002
const DATA = 0x0006_800f
const TITLE = 0x0001_8010
const PROPERTIES = 0x0006_9005
// [MS-OXPROPS]: PidTagAttachLongFilename, PidTagAttachMimeTag.
const LONG_NAME = 0x3707
const MIME_TAG = 0x370e

const MAX_FILES = 1_000

/** True where the octets begin as TNEF does. */
export function isTnef(bytes: Buffer): boolean {
  return bytes.length > 6 && bytes.readUInt32LE(0) === SIGNATURE
}

/** The files, in order. Total and linear; whatever is cut off or out of place ends the reading. */
export function readTnef(bytes: Buffer): readonly TnefFile[] {
  if (!isTnef(bytes)) return []
  const files: TnefFile[] = []
  let file: { -readonly [K in keyof TnefFile]?: TnefFile[K] } | null = null
  const finish = () => {
    const { name = '', contentType = '', start, end } = file ?? {}
    if (start !== undefined && end !== undefined) files.push({ name, contentType, start, end })
  }
  let at = 6
  while (at + 9 <= bytes.length && files.length < MAX_FILES) {
    const level = bytes[at]
    const id = bytes.readUInt32LE(at + 1)
    const start = at + 9
    const end = start + bytes.readUInt32LE(at + 5)
    if (end > bytes.length) break
    // A checksum of two octets follows, which nobody keeps.
    at = end + 2
    if (level !== ATTACHMENT_LEVEL) continue
    if (id === REND_DATA) {
      finish()
      file = {}
    } else if (file && id === DATA) Object.assign(file, { start, end })
    else if (file && id === TITLE) file.name ||= text(bytes.subarray(start, end), STRING8)
    else if (file && id === PROPERTIES) Object.assign(file, readNames(bytes.subarray(start, end)))
  }
  finish()
  return files
}

const STRING8 = 0x1e
const UNICODE = 0x1f

/** Octets of a value by its type ([MS-OXTNEF] §2.1.3.6.1, all padded to four); null: its length comes with it. */
const SIZES: ReadonlyMap<number, number | null> = new Map([
  [0x02, 4],
  [0x03, 4],
  [0x04, 4],
  [0x05, 8],
  [0x06, 8],
  [0x07, 8],
  [0x0a, 4],
  [0x0b, 4],
  [0x0d, null],
  [0x14, 8],
  [STRING8, null],
  [UNICODE, null],
  [0x40, 8],
  [0x48, 16],
  [0x0102, null],
])

/** The two names among the MAPI properties of an attachment. */
function readNames(bytes: Buffer): { name?: string; contentType?: string } {
  const names: { name?: string; contentType?: string } = {}
  const reader = new Reader(bytes)
  for (let left = reader.number(); left > 0 && !reader.isPast; left--) {
    const tag = reader.number()
    const id = tag >>> 16
    const type = tag & 0xffff
    if (id >= 0x8000) skipName(reader)
    const size = SIZES.get(type & 0x0fff)
    if (size === undefined) break
    const isMany = (type & 0x1000) !== 0
    for (let values = isMany || size === null ? reader.number() : 1; values > 0; values--) {
      const value = reader.octets(size ?? reader.number())
      if (reader.isPast) return names
      if (isMany || (type !== STRING8 && type !== UNICODE)) continue
      if (id === LONG_NAME) names.name = text(value, type)
      else if (id === MIME_TAG) names.contentType = text(value, type).toLowerCase()
    }
  }
  return names
}

/** A named property has a set's GUID, and a number or a name in it. */
function skipName(reader: Reader): void {
  reader.octets(16)
  if (reader.number() === 0) reader.number()
  else reader.octets(reader.number())
}

/** Past the end it gives zeros. */
class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isPast(): boolean {
    return this.#at > this.#bytes.length
  }

  number(): number {
    const octets = this.octets(4)
    return octets.length === 4 ? octets.readUInt32LE(0) : 0
  }

  /** So many octets; the next value stands at a multiple of four. */
  octets(count: number): Buffer {
    const start = this.#at
    this.#at += Math.ceil(count / 4) * 4
    return this.#bytes.subarray(start, start + count)
  }
}

function text(octets: Buffer, type: number): string {
  const all = type === UNICODE ? decodeText(octets, 'utf-16le') : octets.toString('latin1')
  const end = all.indexOf('\0')
  return end === -1 ? all : all.slice(0, end)
}
