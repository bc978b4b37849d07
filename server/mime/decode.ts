import { Transform } from 'node:stream'
import { excerpt } from './excerpt.ts'
import type { Part } from './structure.ts'
import { UUENCODINGS, UuDecoder } from './uuencode.ts'

/** The octets of a body without its transfer encoding (RFC 2045 §6). Lenient, linear; an unknown encoding is none. */
export function decodeTransfer(body: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') {
    // One base64 text, as nearly always: Node's decoder passes over the line ends itself, ten times faster.
    const first = body.indexOf('=')
    const length = first === -1 ? body.length : first
    if (body.length - length < 16 && !/[\w+/-]/.test(body.toString('latin1', length))) {
      return Buffer.from(body.toString('latin1', 0, length), 'base64')
    }
  }
  const decoder = transferDecoder(encoding)
  const pieces: Buffer[] = []
  for (let at = 0; at < body.length; at += PIECE) {
    pieces.push(decoder.write(body.subarray(at, at + PIECE)))
  }
  const rest = decoder.end()
  if (rest.length > 0) pieces.push(rest)
  const [only] = pieces
  return pieces.length === 1 && only ? only : Buffer.concat(pieces)
}

/** Octets decoded at a time: base64 with padding everywhere makes a million buffers of one. */
const PIECE = 1024 * 1024

/**
 * The same for the body of a part that comes in pieces; the result does not depend on where they are cut. Of a file
 * in a part it is the octets of the file.
 */
export function decodeStream({ encoding, within }: Pick<Part, 'encoding' | 'within'>): Transform {
  const decoder = transferDecoder(encoding)
  let at = 0
  const wanted = (octets: Buffer): Buffer => {
    if (!within) return octets
    const start = Math.max(within.start - at, 0)
    const end = Math.max(within.end - at, 0)
    at += octets.length
    return octets.subarray(start, end)
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, wanted(decoder.write(chunk)))
    },
    flush(done) {
      done(null, wanted(decoder.end()))
    },
  })
}

/** The octets of a part's body, or of a file in it, without the transfer encoding. */
export function partBytes(raw: Buffer, part: Part): Buffer {
  const bytes = decodeTransfer(raw.subarray(part.bodyStart, part.end), part.encoding)
  return part.within ? bytes.subarray(part.within.start, part.within.end) : bytes
}

/**
 * What is wrong with the transfer encoding of a body, in words for the app's developer; null where nothing is.
 * `decoded` is what {@link decodeTransfer} made of it. Linear, and nearly free for faultless base64.
 */
export function transferFault(body: Buffer, encoding: string, decoded: Buffer): string | null {
  if (encoding === 'base64') return base64Fault(body, decoded)
  if (encoding === 'quoted-printable') {
    const wrong = BROKEN_ESCAPE.exec(body.toString('latin1'))?.[0]
    return wrong === undefined ? null : `has “${printable(wrong)}”, which is no quoted-printable`
  }
  if (isKnownEncoding(encoding)) return null
  return `has the unknown Content-Transfer-Encoding “${excerpt(encoding, 64)}” and is taken as it is`
}

/** An `=` that neither an octet in hexadecimal nor a line end follows. */
const BROKEN_ESCAPE = /=(?![0-9A-Fa-f]{2}|[ \t]{0,80}(?:\r?\n|$)).{0,2}/
const IDENTITY_NAMES: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])

const LARGE = 4_096

function base64Fault(body: Buffer, decoded: Buffer): string | null {
  const tail = body.toString('latin1', Math.max(body.length - 8, 0)).trimEnd()
  const padding = tail.endsWith('==') ? 2 : tail.endsWith('=') ? 1 : 0
  const characters = ((decoded.length + padding) / 3) * 4
  const lineEnds = Math.ceil(characters / 76)
  const between = body.length - characters
  // All as it should be, and the length shows it, in a large attachment: lines of 76 between CRLF.
  const isAsUsual = between === 2 * lineEnds || between === 2 * (lineEnds - 1) || between === 0
  if (isAsUsual && body.length > LARGE) return null

  const text = body.toString('latin1')
  const odd = /[^A-Za-z0-9+/=\s]/.exec(text)?.[0]
  if (odd !== undefined) return `has “${printable(odd)}” in its base64, which is passed over`
  let letters = 0
  for (const octet of body) if (octet > SPACE && octet !== EQUALS) letters++
  const left = letters % 4
  return left === 1 || (left > 0 && !tail.endsWith('='))
    ? 'has base64 that breaks off in the middle'
    : null
}

/** Whether we can take the transfer encoding away. */
export function isKnownEncoding(encoding: string): boolean {
  return (
    encoding === 'base64' ||
    encoding === 'quoted-printable' ||
    IDENTITY_NAMES.has(encoding) ||
    UUENCODINGS.has(encoding)
  )
}

function printable(text: string): string {
  return text.replace(
    /[^\x20-\x7e]/g,
    octet => `\\x${octet.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

/** Takes a body in pieces. What comes out does not depend on where they are cut. */
export type Decoder = { write(chunk: Buffer): Buffer; end(): Buffer }

const NOTHING = Buffer.alloc(0)
const IDENTITY: Decoder = { write: chunk => chunk, end: () => NOTHING }

/** Of a transfer encoding; an unknown one is none, see {@link isKnownEncoding}. */
export function transferDecoder(encoding: string): Decoder {
  if (encoding === 'base64') return new Base64Decoder()
  if (encoding === 'quoted-printable') return new QuotedPrintableDecoder()
  if (UUENCODINGS.has(encoding)) return new UuDecoder()
  return IDENTITY
}

/**
 * RFC 2045 §6.8: octets outside the alphabet are passed over; that of base64url is understood too. After padding a new base64 text may begin, as
 * programs make it that encode piece by piece.
 */
class Base64Decoder implements Decoder {
  /** Up to three characters that wait for the fourth. */
  #rest = ''

  write(chunk: Buffer): Buffer {
    const text = this.#rest + chunk.toString('latin1').replace(/[^A-Za-z0-9+/_=-]+/g, '')
    const texts = text.split(/=+/)
    const last = texts.pop() ?? ''
    const whole = last.length - (last.length % 4)
    this.#rest = last.slice(whole)
    const head = Buffer.from(last.slice(0, whole), 'base64')
    if (texts.length === 0) return head
    return Buffer.concat([...texts.map(piece => Buffer.from(piece, 'base64')), head])
  }

  end(): Buffer {
    const rest = Buffer.from(this.#rest, 'base64')
    this.#rest = ''
    return rest
  }
}

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const EQUALS = 0x3d

/** RFC 2045 §6.7: white space at the end of a line goes; what is no escape stays as it is. */
class QuotedPrintableDecoder implements Decoder {
  /** What cannot be judged yet: white space, an escape, or half a line end. */
  #held: Buffer[] = []

  write(chunk: Buffer): Buffer {
    this.#held.push(chunk)
    // White space alone decides nothing: joining it each time would be quadratic.
    if (isBlank(chunk)) return NOTHING
    const input = this.#held.length === 1 ? chunk : Buffer.concat(this.#held)
    const { output, used } = decodeQuotedPrintable(input, false)
    this.#held = used === input.length ? [] : [input.subarray(used)]
    return output
  }

  end(): Buffer {
    const { output } = decodeQuotedPrintable(Buffer.concat(this.#held), true)
    this.#held = []
    return output
  }
}

function isBlank(chunk: Buffer): boolean {
  return chunk.every(octet => octet === SPACE || octet === TAB)
}

function decodeQuotedPrintable(input: Buffer, isEnd: boolean): { output: Buffer; used: number } {
  const output = Buffer.allocUnsafe(input.length)
  let length = 0
  let at = 0
  while (at < input.length) {
    const octet = input[at] as number
    if (octet === EQUALS) {
      const value = hex(input[at + 1]) * 16 + hex(input[at + 2])
      if (value >= 0) {
        output[length++] = value
        at += 3
        continue
      }
      const end = lineEndAfterBlanks(input, at + 1)
      if (end.at >= input.length && !end.isLineEnd && !isEnd) break
      if (at + 2 >= input.length && !end.isLineEnd && !isEnd) break
      if (end.isLineEnd) at = end.at
      else if (end.at >= input.length) at = input.length
      else output[length++] = input[at++] as number
    } else if (octet === SPACE || octet === TAB) {
      let end = at + 1
      while (input[end] === SPACE || input[end] === TAB) end++
      const next = input[end]
      const isUndecided = end === input.length || (next === CR && end + 1 === input.length)
      if (isUndecided && !isEnd) break
      const isTrailing =
        end === input.length || next === LF || (next === CR && input[end + 1] === LF)
      // Copying by hand: between two words it is one octet.
      if (isTrailing) at = end
      else while (at < end) output[length++] = input[at++] as number
    } else {
      output[length++] = octet
      at++
    }
  }
  return { output: output.subarray(0, length), used: at }
}

/** A soft line break's end: white space and the line end after `=`. */
function lineEndAfterBlanks(input: Buffer, from: number): { at: number; isLineEnd: boolean } {
  let at = from
  while (input[at] === SPACE || input[at] === TAB) at++
  if (input[at] === LF) return { at: at + 1, isLineEnd: true }
  if (input[at] === CR && input[at + 1] === LF) return { at: at + 2, isLineEnd: true }
  if (input[at] === CR && at + 1 === input.length) return { at: at + 1, isLineEnd: false }
  return { at, isLineEnd: false }
}

/** -1 000 for what is no hexadecimal digit, so that a sum of two shows it. */
function hex(octet: number | undefined): number {
  if (octet === undefined) return -1_000
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const letter = octet | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1_000
}
