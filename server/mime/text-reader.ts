import { isAscii } from 'node:buffer'
import { charsetFault, decodeText } from './charset.ts'
import { decodeTransfer, transferFault } from './decode.ts'
import type { Part } from './structure.ts'

/** What a part says, and its number. */
export type PartText = { readonly part: string; readonly text: string }

/** Octets of text parts that are read; a mail with more is shown cut, with a warning. */
export const MAX_TEXT = 16 * 1024 * 1024

/**
 * Reads the text parts of one message, up to MAX_TEXT in all. Charsets are ours, since mailparser has no second
 * guess where the label is wrong (mailparser.md, faults 11 to 13) and takes three times as long; format=flowed is
 * mailparser's, which gets the part as a small message of its own: so no mail is too deep or too large for it,
 * and no part runs into the next (faults 1, 2, 5). A part that it refuses is shown as it came.
 */
export class TextReader {
  /** What went wrong, in words for the app's developer. */
  readonly warnings: string[] = []
  readonly #raw: Buffer
  readonly #unflow: (text: string, part: Part) => Promise<string>
  #left = MAX_TEXT

  /** `unflow` is mailparser; it may reject. */
  constructor(raw: Buffer, unflow = unflowWithMailparser) {
    this.#raw = raw
    this.#unflow = unflow
  }

  /** The text of each part, with LF line ends; without those that have none. */
  async read(parts: readonly Part[]): Promise<readonly PartText[]> {
    const texts: PartText[] = []
    for (const part of parts) {
      if (part.end === part.bodyStart) continue
      const text = this.#text(part)
      const read = isFlowed(part) ? await this.#unflowed(text, part) : text
      if (read !== '') texts.push({ part: part.number, text: read })
    }
    return texts
  }

  #text(part: Part): string {
    const body = this.#body(part)
    const bytes = decodeTransfer(body, part.encoding)
    const label = charsetOf(part, bytes)
    const transfer = transferFault(body, part.encoding, bytes)
    const charset = charsetFault(bytes, label)
    if (transfer !== null) this.#warn(part, transfer)
    if (charset !== null) this.#warn(part, `: ${charset}`)
    if (part.encoding === '7bit' && !isAscii(body)) {
      this.#warn(part, 'holds 8-bit octets, but its Content-Transfer-Encoding is 7bit')
    }
    return WIDE.test(label)
      ? decodeText(bytes, label).replace(/\r\n?/g, '\n')
      : decodeText(withLineFeeds(bytes), label)
  }

  /** Without what is beyond the limit, and without the files that are written into it. */
  #body(part: Part): Buffer {
    const end = Math.min(part.end, part.bodyStart + this.#left)
    this.#left -= end - part.bodyStart
    if (end < part.end) this.#warn(part, 'is too long to be shown whole')
    if (!part.files) return this.#raw.subarray(part.bodyStart, end)
    const pieces: Buffer[] = []
    let at = part.bodyStart
    for (const file of part.files) {
      pieces.push(this.#raw.subarray(at, Math.min(file.start, end)))
      at = Math.min(file.end, end)
    }
    pieces.push(this.#raw.subarray(at, end))
    return Buffer.concat(pieces)
  }

  async #unflowed(text: string, part: Part): Promise<string> {
    try {
      return await this.#unflow(text, part)
    } catch (error) {
      this.#warn(part, `is refused by mailparser: ${messageOf(error)}`)
      return text
    }
  }

  #warn(part: Part, fault: string): void {
    const space = fault.startsWith(':') ? '' : ' '
    this.warnings.push(`Part ${part.number}${space}${fault}.`)
  }
}

/**
 * The charset that Content-Type names, or, for HTML, that the document itself names in its first 1 024 octets,
 * as browsers look for it (mailparser.md, fault 12).
 */
export function charsetOf(part: Part, bytes: Buffer): string {
  const label = part.parameters.get('charset')?.trim()
  if (label || part.type !== 'text/html') return label ?? ''
  return META_CHARSET.exec(bytes.toString('latin1', 0, 1_024))?.[1] ?? ''
}

const META_CHARSET = /<meta\s[^>]{0,200}?\bcharset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,64})/i

/** Charsets with more than an octet to a line end. */
const WIDE = /^\s*(?:utf-?(?:16|32)|ucs|iso-?10646)/i

const CR = 0x0d
const LF = 0x0a

/**
 * With LF line ends; a bare CR ends a line as well: so do the mail programs read it. In octets, since a string
 * with millions of replacements takes the worker's heap.
 */
function withLineFeeds(bytes: Buffer): Buffer {
  const first = bytes.indexOf(CR)
  if (first === -1) return bytes
  const out = Buffer.allocUnsafe(bytes.length)
  bytes.copy(out, 0, 0, first)
  let length = first
  for (let at = first; at < bytes.length; at++) {
    const octet = bytes[at] as number
    if (octet !== CR) out[length++] = octet
    else if (bytes[at + 1] !== LF) out[length++] = LF
  }
  return out.subarray(0, length)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** RFC 3676 §4. */
function isFlowed(part: Part): boolean {
  return part.type === 'text/plain' && part.parameters.get('format')?.toLowerCase() === 'flowed'
}

/** Half of the start-up time of everything else: loaded once there is something to parse. */
let mailparser: Promise<typeof import('mailparser')> | undefined

/** No conversions: they are ours, and in mailparser partly quadratic (faults 17, 22). */
const LEAN = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
} as const

async function unflowWithMailparser(text: string, part: Part): Promise<string> {
  mailparser ??= import('mailparser')
  const { simpleParser } = await mailparser
  const delSp = part.parameters.get('delsp')?.toLowerCase() === 'yes' ? '; delsp=yes' : ''
  const header = `Content-Type: text/plain; charset=utf-8; format=flowed${delSp}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`
  const mail = await simpleParser(Buffer.from(header + text), LEAN)
  return mail.text ?? ''
}
