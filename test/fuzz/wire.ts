import { type Random, randomFrom } from '../helpers/random.ts'
import { mutate } from './mutate.ts'

/**
 * A generator that follows from the octets alone, so that an input is checked in the same way each time; and from their
 * two ends, so that one which grows in its middle is.
 */
export function randomOf(octets: Uint8Array): Random {
  let hash = 0x811c9dc5
  for (const octet of [...octets.subarray(0, 16), ...octets.subarray(-16)]) {
    hash = Math.imul(hash ^ octet, 0x01000193)
  }
  return randomFrom(hash)
}

/** Lengths of segments to cut octets into: singly, or some few at a time. Long ones, where there are many octets. */
export function cutsOf(octets: Uint8Array): readonly number[] {
  const random = randomOf(octets)
  const least = Math.ceil(octets.length / 500)
  if (random.chance(0.2)) return [least]
  const longest = random.pick([2, 3, 8, 40, 300])
  return Array.from({ length: random.between(1, 12) }, () => least * random.between(1, longest))
}

/** One character an octet. */
export const octetsOf = (text: string): Buffer => Buffer.from(text, 'latin1')
/** The same the other way. */
export const textOf = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1')

/**
 * Breaks the stream of a line protocol: words of the protocol where others were, lines in another order, and whatever
 * breaks any text.
 */
export function breakStream(random: Random, text: string, words: readonly string[]): Uint8Array {
  let broken = text
  for (let edits = random.pick([0, 0, 1, 1, 2, 5]); edits > 0; edits--) {
    broken = edit(random, broken, words)
  }
  const octets = octetsOf(broken)
  return random.chance(0.5) ? mutate(octets, random) : octets
}

function edit(random: Random, text: string, words: readonly string[]): string {
  if (random.chance(0.3)) return swapLines(random, text)
  const places = [...text.matchAll(random.pick([/[A-Za-z.]+/g, /[^\s()]+/g, / +/g, /\d+/g]))]
  if (places.length === 0) return text + random.pick(words)
  const { index, 0: found } = random.pick(places)
  const isInserted = random.chance(0.3)
  return `${text.slice(0, index)}${random.pick(words)}${text.slice(index + (isInserted ? 0 : found.length))}`
}

function swapLines(random: Random, text: string): string {
  const lines = text.split('\r\n')
  const [one, other] = [random.integer(lines.length), random.integer(lines.length)]
  const kept = lines[one] ?? ''
  lines[one] = lines[other] ?? ''
  // Or one of them is there twice.
  if (random.chance(0.7)) lines[other] = kept
  return lines.join('\r\n')
}
