import { charsetOf, partBytes, partText } from './decode.ts'
import type { Part } from './structure.ts'

/** Octets of text parts that are read; a mail with more is shown cut, with a warning. */
export const MAX_TEXT = 16 * 1024 * 1024

/**
 * Reads the text parts of one message, up to MAX_TEXT in all. mailparser makes text of each (charset,
 * format=flowed), given as a small message of its own: so no mail is too deep or too large for it, and no part
 * runs into the next. It gets the octets without their transfer encoding, which costs it half of its time. A
 * part that it refuses is decoded by us.
 */
export class TextReader {
  /** What went wrong, in words for the app's developer. */
  readonly warnings: string[] = []
  readonly #raw: Buffer
  readonly #decode: (raw: Buffer, part: Part) => Promise<string>
  #left = MAX_TEXT

  /** `decode` is mailparser; it may reject. */
  constructor(raw: Buffer, decode = decodeWithMailparser) {
    this.#raw = raw
    this.#decode = decode
  }

  /** The parts that have any text. */
  async read(parts: readonly Part[]): Promise<readonly string[]> {
    const texts: string[] = []
    for (const part of parts) {
      const text = await this.#text(this.#limited(part))
      if (text !== '') texts.push(text)
    }
    return texts
  }

  #limited(part: Part): Part {
    const end = Math.min(part.end, part.bodyStart + this.#left)
    this.#left -= end - part.bodyStart
    if (end === part.end) return part
    this.warnings.push(`Part ${part.number} is too long to be shown whole.`)
    return { ...part, end }
  }

  async #text(part: Part): Promise<string> {
    if (part.end === part.bodyStart) return ''
    try {
      const text = await this.#decode(this.#raw, part)
      // A wrong or missing charset label: we have a second guess, mailparser has none.
      return text.includes('\ufffd') ? partText(this.#raw, part) : text
    } catch (error) {
      this.warnings.push(`mailparser refuses part ${part.number}: ${messageOf(error)}`)
      return partText(this.#raw, part)
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Half of the start-up time of everything else: loaded once there is something to parse. */
let mailparser: Promise<typeof import('mailparser')> | undefined

/** No conversions: they are ours, and in mailparser partly quadratic. */
const LEAN = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
} as const

async function decodeWithMailparser(raw: Buffer, part: Part): Promise<string> {
  mailparser ??= import('mailparser')
  const { simpleParser } = await mailparser
  const body = partBytes(raw, part)
  const mail = await simpleParser(Buffer.concat([leafHeader(part, body), body]), LEAN)
  return (part.type === 'text/html' ? mail.html || '' : mail.text) ?? ''
}

/** A header that says of the text no more than what we have understood of it. */
function leafHeader(part: Part, body: Buffer): Buffer {
  const type = part.type === 'text/html' ? 'text/html' : 'text/plain'
  const charset = charsetOf(part, body)
    .replace(/[^\w.:-]/g, '')
    .slice(0, 64)
  const format = part.parameters.get('format')?.toLowerCase() === 'flowed' ? '; format=flowed' : ''
  const delSp = part.parameters.get('delsp')?.toLowerCase() === 'yes' ? '; delsp=yes' : ''
  const label = charset === '' ? '' : `; charset=${charset}`
  return Buffer.from(
    `Content-Type: ${type}${label}${format}${delSp}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`,
  )
}
