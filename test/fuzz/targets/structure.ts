import assert from 'node:assert/strict'
import { lineEndOf } from '../../../server/mime/header.ts'
import { sortLeaves } from '../../../server/mime/leaves.ts'
import {
  findPart,
  type Part,
  readStructure,
  STRUCTURE_LIMITS,
} from '../../../server/mime/structure.ts'
import { StructureReader } from '../../../server/mime/structure-reader.ts'
import { entity } from '../mail-text.ts'
import { mutate } from '../mutate.ts'
import { inPieces } from '../pieces.ts'
import type { Target } from '../target.ts'

/** How many line ends there are before each place. */
const lineEndsBefore = (octets: Buffer, lineEnd: number): Uint32Array => {
  const before = new Uint32Array(octets.length + 1)
  for (let at = 0; at < octets.length; at += 1) {
    before[at + 1] = (before[at] ?? 0) + (octets[at] === lineEnd ? 1 : 0)
  }
  return before
}

/** Ranges inside the file and their parent, ascending, with the lines that they have. @returns how many parts there are. */
const checkPart = (part: Part, from: number, to: number, lines: Uint32Array): number => {
  assert.ok(from <= part.start && part.start <= part.bodyStart, 'start')
  assert.ok(part.bodyStart <= part.end && part.end <= to, 'end')
  const counted = (lines[part.end] ?? 0) - (lines[part.bodyStart] ?? 0)
  assert.equal(part.lines, counted, `lines of ${part.number}`)
  let count = 1
  let at = part.bodyStart
  for (const child of part.parts) {
    count += checkPart(child, at, part.end, lines)
    at = child.end
  }
  return count
}

const all = (part: Part): Part[] => [part, ...part.parts.flatMap(all)]

/** The MIME tree of a message. */
export const target: Target = {
  name: 'structure',
  make(random) {
    const mail = () => Buffer.from(entity(random), 'latin1')
    return mutate(mail(), random, mail)
  },
  check(input) {
    const octets = Buffer.from(input)
    const lineEnd = lineEndOf(octets)
    const root = readStructure(octets)
    const count = checkPart(root, 0, octets.length, lineEndsBefore(octets, lineEnd))
    // What is past the limit is one opaque part of each multipart around it.
    assert.ok(count <= STRUCTURE_LIMITS.parts + STRUCTURE_LIMITS.depth)

    const reader = new StructureReader(lineEnd)
    for (const piece of inPieces(octets)) reader.take(piece)
    assert.deepEqual(reader.end(), root, 'in pieces')

    const parts = all(root)
    for (const part of parts.slice(0, 50)) {
      assert.equal(findPart(root, part.number)?.number, part.number)
    }
    const { text, html, attachments, nested } = sortLeaves(root)
    for (const part of [...text, ...html, ...attachments]) assert.ok(parts.includes(part))
    for (const part of nested) assert.ok(attachments.includes(part))
  },
}
