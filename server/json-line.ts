// What JSON leaves as it is, and a terminal would obey: DEL, C1, separators, marks that turn the direction of text.
const CONTROLS = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** One line of JSON with its line end, safe to print: control characters are escaped as JSON escapes. */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value).replace(
    CONTROLS,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${json}\n`
}
