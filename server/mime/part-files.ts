import { decodeText } from './charset.ts'
import { withoutControls } from './encoded-word.ts'
import { OPAQUE, type Part } from './structure.ts'
import { findUuencoded } from './uuencode.ts'

/** The tree with the files in it that are no parts: what uuencode put into a text. Linear. */
export function withFiles(raw: Buffer, root: Part): Part {
  return raw.includes('begin ') ? filled(raw, root) : root
}

function filled(raw: Buffer, part: Part): Part {
  if (part.parts.length > 0) {
    const parts = part.parts.map(child => filled(raw, child))
    return parts.some((child, i) => child !== part.parts[i]) ? { ...part, parts } : part
  }
  const files = filesOf(raw, part)
  return files.length > 0 ? { ...part, files } : part
}

/** Text in another encoding is no range of the message; it is shown with what is written in it. */
const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])

function filesOf(raw: Buffer, part: Part): Part[] {
  if (part.type !== 'text/plain' || !IDENTITY.has(part.encoding)) return []
  if (part.disposition === 'attachment') return []
  return findUuencoded(raw, part.bodyStart, part.end).map(({ name, start, end }, index) => ({
    ...OPAQUE,
    number: `${part.number}.${index + 1}`,
    start,
    bodyStart: start,
    end,
    lines: 0,
    parts: [],
    encoding: 'x-uuencode',
    disposition: 'attachment',
    dispositionParameters: new Map([['filename', nameOf(name)]]),
  }))
}

function nameOf(octets: string): string {
  return withoutControls(decodeText(Buffer.from(octets, 'latin1')))
}
