import type { Part } from '../mime/structure.ts'

const LF = 0x0a
const CR = 0x0d

/** The line of an octet of the raw message, from 1. */
export function lineOf(raw: Buffer, offset: number): number {
  let line = 1
  for (let at = raw.indexOf(LF); at !== -1 && at < offset; at = raw.indexOf(LF, at + 1)) line++
  return line
}

/**
 * Finds the lines of the raw message in which the decoded text of a part stands. Undefined where they say nothing to a
 * person, or cannot be told: base64, octets of lines that end in CR alone.
 */
export class SourceLines {
  readonly #raw: Buffer
  readonly #part: Part
  /** For each line of the text where it begins: a raw line, and the octets of that which belong to lines before. */
  #starts: readonly { readonly line: number; readonly offset: number }[] | null | undefined

  constructor(raw: Buffer, part: Part) {
    this.#raw = raw
    this.#part = part
  }

  /** @param before What stands before the place in its line of the text */
  at(line: number, before: string): number | undefined {
    this.#starts ??= this.#read()
    const start = this.#starts?.[line - 1]
    if (!start) return undefined
    if (this.#part.encoding !== 'quoted-printable') return start.line
    return start.line + this.#softBreaks(start.offset, Buffer.byteLength(before))
  }

  #read(): readonly { line: number; offset: number }[] | null {
    const { bodyStart, end, encoding, files } = this.#part
    const isCoded = encoding === 'quoted-printable'
    if (files || !(isCoded || /^(?:7bit|8bit|binary)$/.test(encoding))) return null
    const raw = this.#raw
    let number = lineOf(raw, bodyStart)
    let carriage = raw.indexOf(CR, bodyStart)
    const starts = [{ line: number, offset: bodyStart }]
    for (let at = bodyStart; at < end; number++) {
      const next = raw.indexOf(LF, at)
      const stop = next === -1 || next >= end ? end : next + 1
      if (carriage !== -1 && carriage < at) carriage = raw.indexOf(CR, at)
      if (carriage !== -1 && carriage < stop && raw[carriage + 1] !== LF) return null
      if (isCoded) {
        // An encoded line end begins a line of the text within the raw one.
        const text = raw.toString('latin1', at, stop)
        for (const { index } of text.matchAll(/=0A/gi)) {
          starts.push({ line: number, offset: at + index + 3 })
        }
        if (/=[ \t]*\r?\n$/.test(text)) {
          at = stop
          continue
        }
      }
      if (raw[stop - 1] === LF) starts.push({ line: number + 1, offset: stop })
      at = stop
    }
    return starts
  }

  /** Raw lines that end within so many decoded octets. */
  #softBreaks(from: number, octets: number): number {
    let breaks = 0
    let left = octets
    for (let at = from; left > 0 && at < this.#part.end; ) {
      if (this.#raw[at] !== 0x3d) {
        at++
        left--
        continue
      }
      const next = this.#raw[at + 1]
      if (next === CR || next === LF) {
        breaks++
        at += next === CR ? 3 : 2
      } else {
        at += 3
        left--
      }
    }
    return breaks
  }
}
