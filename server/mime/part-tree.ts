import { decodeTransfer } from './decode.ts'
import { contentId, fileName } from './leaves.ts'
import type { MessagePart } from './message-part.ts'
import { withFiles } from './part-files.ts'
import { type Part, readStructure } from './structure.ts'

export type { MessagePart }

/** The MIME tree of a message, with the files that are written into its texts. Decodes every leaf: for the worker. */
export function readPartTree(raw: Buffer): MessagePart {
  return treeOf(raw, withFiles(raw, readStructure(raw)))
}

function treeOf(raw: Buffer, part: Part): MessagePart {
  const { number, type, encoding, bodyStart, end } = part
  const parts = [...part.parts, ...(part.files ?? [])].map(child => treeOf(raw, child))
  return {
    part: number,
    contentType: type,
    charset: part.parameters.get('charset')?.trim() || null,
    encoding,
    disposition: dispositionOf(part),
    name: fileName(part),
    cid: contentId(part),
    octets: end - bodyStart,
    size: part.parts.length > 0 ? end - bodyStart : decodedSize(raw, part),
    parts,
  }
}

/** Every unknown disposition counts as `attachment` (RFC 2183 §2.8). */
function dispositionOf({ disposition }: Part): MessagePart['disposition'] {
  if (disposition === null || disposition === 'inline') return disposition
  return 'attachment'
}

function decodedSize(raw: Buffer, { bodyStart, end, encoding, within }: Part): number {
  if (within) return within.end - within.start
  return IDENTITY.has(encoding)
    ? end - bodyStart
    : decodeTransfer(raw.subarray(bodyStart, end), encoding).length
}

const IDENTITY: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])
