/**
 * uuencode (POSIX.1-2017, `uuencode`): a line `begin 644 name`, lines that begin with their own length, a line
 * `end`. Old programs put it straight into the text, or name it as a transfer encoding, as mailparser knows
 * neither (mailparser.md, fault 7).
 */

/** Content-Transfer-Encodings that mean it; none was ever registered. */
export const UUENCODINGS: ReadonlySet<string> = new Set(['x-uuencode', 'uuencode', 'x-uue', 'uue'])

const BEGIN = /^begin (?:[0-7]{3,4}) (\S.*)$/
/** A full line has 61 octets; what stands further on is none of it. */
const MAX_LINE = 256

/** Decodes what comes between `begin` and `end`; a body without them is taken as lines alone. Lenient. */
export class UuDecoder {
  #rest = ''
  #state: 'before' | 'inside' | 'after' = 'before'

  write(chunk: Buffer): Buffer {
    const lines = (this.#rest + chunk.toString('latin1')).split('\n')
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE)
    return Buffer.concat(lines.map(line => this.#line(line)))
  }

  end(): Buffer {
    const last = this.#line(this.#rest)
    this.#rest = ''
    return last
  }

  #line(text: string): Buffer {
    const line = text.slice(0, MAX_LINE).trimEnd()
    if (this.#state === 'before' && BEGIN.test(line)) {
      this.#state = 'inside'
      return NOTHING
    }
    if (this.#state === 'inside' && line === 'end') this.#state = 'after'
    return this.#state === 'inside' ? decodeLine(line) : NOTHING
  }
}

const NOTHING = Buffer.alloc(0)

/** Spaces at the end may have been cut off on the way: they are zeros. */
function decodeLine(line: string): Buffer {
  const length = value(line, 0)
  const octets = Buffer.alloc(Math.ceil(length / 3) * 3)
  for (let at = 1, to = 0; to < length; at += 4, to += 3) {
    const bits =
      (value(line, at) << 18) |
      (value(line, at + 1) << 12) |
      (value(line, at + 2) << 6) |
      value(line, at + 3)
    octets.writeUIntBE(bits, to, 3)
  }
  return octets.subarray(0, length)
}

function value(line: string, at: number): number {
  return at < line.length ? (line.charCodeAt(at) - 0x20) & 0x3f : 0
}

/** A file written into a text: its name, and its octets from `begin` past the line `end`. */
export type UuFile = { readonly name: string; readonly start: number; readonly end: number }

/** Files that one text may hold. */
const MAX_FILES = 100

/** The files between two offsets. Linear: a `begin` whose lines are none, or that has no `end`, is text. */
export function findUuencoded(raw: Buffer, start: number, end: number): readonly UuFile[] {
  const files: UuFile[] = []
  const text = raw.subarray(start, end)
  let at = text.indexOf('begin ')
  while (at !== -1 && files.length < MAX_FILES) {
    const file = at === 0 || text[at - 1] === LF ? readFile(text, at) : null
    if (file) files.push({ ...file, start: start + at, end: start + file.end })
    at = text.indexOf('begin ', file ? file.end : at + 1)
  }
  return files
}

const LF = 0x0a

function readFile(text: Buffer, start: number): { name: string; end: number } | null {
  let { line, next } = lineAt(text, start)
  const name = BEGIN.exec(line)?.[1]
  if (name === undefined) return null
  for (let count = 0; next < text.length; count++) {
    ;({ line, next } = lineAt(text, next))
    if (line === 'end') return count > 0 ? { name, end: next } : null
    if (!isDataLine(line)) return null
  }
  return null
}

function lineAt(text: Buffer, start: number): { line: string; next: number } {
  const found = text.indexOf(LF, start)
  const next = found === -1 ? text.length : found + 1
  return { line: text.toString('latin1', start, Math.min(next, start + MAX_LINE)).trimEnd(), next }
}

/** Octets of the alphabet, and not more of them than the length at the start asks for, but for a checksum. */
function isDataLine(line: string): boolean {
  const needed = 1 + Math.ceil(value(line, 0) / 3) * 4
  return line === '' || (/^[ -`]+$/.test(line) && line.length <= needed + 2)
}
