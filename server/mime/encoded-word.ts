import { decodeText } from './charset.ts'

/**
 * One encoded-word (RFC 2047 §2) with the language tag of RFC 2231 §5. Broken programs leave spaces in the
 * text, so they are let through; a `?` ends it, which keeps the search linear.
 */
const ENCODED_WORD = /=\?([^?\s]{1,64})\?([BbQq])\?([^?]*)\?=/g

/**
 * Decodes every encoded-word in unfolded text and leaves the rest as it is. White space between two of them
 * goes (§6.2); neighbours of one charset are joined before they are decoded, because many programs cut a
 * multibyte character in two. Control characters that come out become spaces, so that no decoded value can
 * end a line anywhere (mailparser.md, fault 14); `cleaned` is for who wants to see them.
 */
export function decodeEncodedWords(text: string, cleaned = withoutControls): string {
  if (!text.includes('=?')) return text
  let out = ''
  let after = 0
  let run: { charset: string; octets: Buffer[] } | null = null
  for (const match of text.matchAll(ENCODED_WORD)) {
    const [word, label = '', encoding = '', encoded = ''] = match
    const between = text.slice(after, match.index)
    const charset = (label.split('*', 1)[0] ?? '').toLowerCase()
    if (run && !(run.charset === charset && isWhiteSpace(between))) {
      out += cleaned(decodeRun(run))
      run = isWhiteSpace(between) ? { charset, octets: [] } : null
    }
    if (!run) {
      out += between
      run = { charset, octets: [] }
    }
    run.octets.push(encoding === 'B' || encoding === 'b' ? base64(encoded) : quoted(encoded))
    after = match.index + word.length
  }
  if (run) out += cleaned(decodeRun(run))
  return out + text.slice(after)
}

/** C0, DEL and C1 as spaces: what may stand in a value that is shown, logged or sent on. */
export function withoutControls(text: string): string {
  return CONTROLS.test(text) ? text.replace(CONTROLS_ALL, ' ') : text
}

const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/
const CONTROLS_ALL = /[\u0000-\u001f\u007f-\u009f]/g

function decodeRun(run: { charset: string; octets: Buffer[] }): string {
  const [only] = run.octets
  const octets = run.octets.length === 1 && only ? only : Buffer.concat(run.octets)
  return decodeText(octets, run.charset)
}

function isWhiteSpace(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text)
}

function base64(text: string): Buffer {
  return Buffer.from(text, 'base64')
}

/** The "Q" encoding (RFC 2047 §4.2); an invalid escape stays as it is. */
function quoted(text: string): Buffer {
  const bytes = text
    .replace(/_/g, ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return /[^\u0000-\u00ff]/.test(bytes) ? Buffer.from(bytes, 'utf8') : Buffer.from(bytes, 'latin1')
}
