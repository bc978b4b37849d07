import { decodeText } from './charset.ts'
import { decodeTransfer } from './decode.ts'
import { withoutControls } from './encoded-word.ts'
import { OPAQUE } from './part-fields.ts'
import type { Part } from './structure.ts'
import { readTnef } from './tnef.ts'
import { findUuencoded } from './uuencode.ts'

/** The tree with the files in it that are no parts: what uuencode put into a text, and Outlook into winmail.dat. */
export function withFiles(raw: Buffer, part: Part): Part {
  if (part.parts.length > 0) {
    const parts = part.parts.map(child => withFiles(raw, child))
    return parts.some((child, i) => child !== part.parts[i]) ? { ...part, parts } : part
  }
  const files = filesOf(raw, part).map((file, i) => ({
    ...file,
    number: `${part.number}.${i + 1}`,
  }))
  return files.length > 0 ? { ...part, files } : part
}

/** Text in another encoding is no range of the message; it is shown with what is written in it. */
const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])
const TNEF: ReadonlySet<string> = new Set(['application/ms-tnef', 'application/vnd.ms-tnef'])
const CONTENT_TYPE = /^[a-z0-9][\w.+-]{0,99}\/[a-z0-9][\w.+-]{0,99}$/

function filesOf(raw: Buffer, part: Part): Part[] {
  if (part.type === 'text/plain') {
    if (!IDENTITY.has(part.encoding) || part.disposition === 'attachment') return []
    return findUuencoded(raw, part.bodyStart, part.end).map(({ name, start, end }) => ({
      ...filePart(decodeText(Buffer.from(name, 'latin1'))),
      start,
      bodyStart: start,
      end,
      encoding: 'x-uuencode',
    }))
  }
  if (!TNEF.has(part.type)) return []
  const { start, bodyStart, end, encoding } = part
  const bytes = decodeTransfer(raw.subarray(bodyStart, end), encoding)
  return readTnef(bytes).map(file => ({
    ...filePart(file.name),
    start,
    bodyStart,
    end,
    encoding,
    type: CONTENT_TYPE.test(file.contentType) ? file.contentType : OPAQUE.type,
    within: { start: file.start, end: file.end },
  }))
}

type FilePart = Omit<Part, 'start' | 'bodyStart' | 'end'>

function filePart(name: string): FilePart {
  return {
    ...OPAQUE,
    number: '',
    lines: 0,
    parts: [],
    disposition: 'attachment',
    dispositionParameters: new Map([['filename', withoutControls(name)]]),
  }
}
