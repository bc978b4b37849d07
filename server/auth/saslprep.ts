/** Spaces other than the one of ASCII (RFC 3454, table C.1.2). */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu

/** What is commonly mapped to nothing (RFC 3454, table B.1). */
const NOTHING = /\u034f|[\ufe00-\ufe0f]|[\u180b-\u180d]|\u200c|\u200d|[\u00ad\u1806\u2060\ufeff]/gu

/** What no name or password may have (RFC 3454, tables C.2 to C.9). */
const PROHIBITED = [
  // Control characters
  /[\u0000-\u001f\u007f-\u009f\u06dd\u070f\u180e\u2028\u2029\u2060-\u2063\u206a-\u206f]/u,
  /[\ufff9-\ufffd\u{1d173}-\u{1d17a}]/u,
  // For private use, surrogates, and what is no character
  /\p{Co}|\p{Cs}|\p{Noncharacter_Code_Point}/u,
  // Inappropriate for canonical representation
  /[\u2ff0-\u2ffb]/u,
  // What changes how others are shown, and tags
  /[\u0340\u0341\u200e\u200f\u202a-\u202e\u{e0001}\u{e0020}-\u{e007f}]/u,
]

const RIGHT_TO_LEFT = /(?=\p{L})[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}]/u
const LEFT_TO_RIGHT = /(?=\p{L})[^\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}]/u

/**
 * Prepares a name or password for comparison, as a query (SASLprep, RFC 4013): what looks the same becomes the same. Null
 * where it has a character that none may have. Text of printable ASCII stays as it is.
 */
export function saslprep(text: string): string | null {
  const prepared = text.replace(SPACES, ' ').replace(NOTHING, '').normalize('NFKC')
  if (PROHIBITED.some(characters => characters.test(prepared))) return null
  return isMixed(prepared) ? null : prepared
}

/** Text from right to left has none from left to right, and begins and ends as such (RFC 3454 §6). */
function isMixed(text: string): boolean {
  if (!RIGHT_TO_LEFT.test(text)) return false
  const characters = [...text]
  const ends = [characters[0] ?? '', characters.at(-1) ?? '']
  return LEFT_TO_RIGHT.test(text) || !ends.every(end => RIGHT_TO_LEFT.test(end))
}
