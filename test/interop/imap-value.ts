/** What an IMAP response is made of: atoms and strings alike as text, NIL as null, lists (RFC 9051 §4). */
export type Value = string | null | readonly Value[]

/** Reads the values of one response, one character an octet, its literals included. */
export function readValues(text: string): readonly Value[] {
  let at = 0

  const values = (end: string | undefined): Value[] => {
    const list: Value[] = []
    for (;;) {
      while (text[at] === ' ') at++
      if (at >= text.length || text[at] === end) {
        at++
        return list
      }
      list.push(value())
    }
  }

  const value = (): Value => {
    if (text[at] === '(') {
      at++
      return values(')')
    }
    if (text[at] === '"') return quoted()
    const literal = /^~?\{(\d+)\}\r\n/.exec(text.slice(at, at + 30))
    if (literal) {
      const start = at + literal[0].length
      at = start + Number(literal[1])
      return text.slice(start, at)
    }
    const atom = readAtom()
    return atom === 'NIL' ? null : atom
  }

  const quoted = (): string => {
    let taken = ''
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\') at++
      taken += text[at]
    }
    at++
    return taken
  }

  /** What stands in brackets belongs to the atom, as in BODY[HEADER.FIELDS (FROM)]<0>. */
  const readAtom = (): string => {
    const start = at
    let depth = 0
    for (; at < text.length; at++) {
      const character = text[at] as string
      if (depth === 0 && ' ()"'.includes(character)) break
      if (character === '[') depth++
      if (character === ']') depth = Math.max(0, depth - 1)
    }
    // A character that starts nothing must not hold us here for ever.
    if (at === start) at++
    return text.slice(start, at)
  }

  return values(undefined)
}

/** A list of names and values as pairs. */
export function pairsOf(list: readonly Value[]): ReadonlyMap<string, Value> {
  const pairs = new Map<string, Value>()
  for (let index = 0; index + 1 < list.length; index += 2) {
    pairs.set(String(list[index]).toUpperCase(), list[index + 1] as Value)
  }
  return pairs
}
