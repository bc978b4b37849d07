/** A literal (RFC 9051 §4.3). */
export type Literal = {
  /** Where its announcement, such as `{5}`, starts in the command's text, and ends. */
  readonly start: number
  readonly end: number
  /** Octets announced. */
  readonly size: number
  /** `{5}`: the client waits for a continuation request. `{5+}`: it does not (RFC 7888). */
  readonly isSynchronising: boolean
  /** `~{5}`: may hold NUL (RFC 3516). */
  readonly isBinary: boolean
  /** Null where they went, or are to go, elsewhere: a message of APPEND. */
  readonly octets: Buffer | null
}

/**
 * A command as it was sent: its lines without line ends, one after the other, and its literals beside them. The text
 * has one character per octet (`latin1`) and holds each literal's announcement, but not its octets.
 */
export type CommandText = {
  readonly text: string
  /** In order. */
  readonly literals: readonly Literal[]
}

/**
 * The literal that a line announces at its end (RFC 7888 §3), without octets yet; null where it announces none.
 *
 * @param offset Where the line starts in the command's text
 */
export function announcedLiteral(line: string, offset = 0): Literal | null {
  const brace = line.lastIndexOf('{')
  if (brace === -1 || !line.endsWith('}')) return null
  const match = /^\{(\d+)(\+?)\}$/.exec(line.slice(brace))
  if (!match) return null
  const isBinary = line[brace - 1] === '~'
  return {
    start: offset + (isBinary ? brace - 1 : brace),
    end: offset + line.length,
    size: Number(match[1]),
    isSynchronising: match[2] === '',
    isBinary,
    octets: null,
  }
}
