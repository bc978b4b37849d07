import type { Address } from '../http/resources.ts'
import type { Pattern } from './match.ts'

/** How mails and what is asked of them are printed, wherever the library says something. */

/** Characters of a text that are shown. */
const LONGEST = 200

/** The first characters of a text, and no half of a surrogate pair. */
export const startOf = (text: string, most: number): string =>
  text.slice(0, most).replace(/[\ud800-\udbff]$/, '')

/** A text in one line, its end left out where it is long. */
export function shown(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > LONGEST ? `${startOf(line, LONGEST)}…` : line
}

/** A pattern, or a list of them, as one would write it. */
export function quoted(pattern: Pattern | readonly Pattern[]): string {
  if (typeof pattern === 'string') return JSON.stringify(shown(pattern))
  return pattern instanceof RegExp ? `${pattern}` : pattern.map(quoted).join(' and ')
}

/** Lines below the one before, indented. */
export const listed = (lines: readonly string[]): string =>
  lines.map(line => `\n  ${line.replaceAll('\n', '\n  ')}`).join('')

export const count = (number: number, noun: string): string =>
  `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`

/** Milliseconds as one would say them. */
export const duration = (milliseconds: number): string =>
  milliseconds < 1_000 ? `${milliseconds} ms` : `${milliseconds / 1_000} s`

const addresses = (all: readonly Address[]): string =>
  all.length === 0 ? 'nobody' : all.map(({ address, name }) => address || name).join(', ')

/** A mail in a line. */
export const nameOf = ({
  id,
  subject,
  from,
  to,
}: {
  readonly id: number
  readonly subject: string
  readonly from: readonly Address[]
  readonly to: readonly Address[]
}): string => `mail ${id} ${quoted(subject)} from ${addresses(from)} to ${addresses(to)}`
