import { ImapError } from './errors.ts'

/** Of all patterns of a command. A level of a name needs one, and a name has 20 levels. */
const MAX_WILDCARDS = 1_000

/**
 * Whether a name matches a pattern of LIST (RFC 9051 §6.3.9): `*` stands for anything, `%` for anything but `/`. All
 * ways to match are followed at once, a bit for each, so that the cost is that of the name times the literal characters
 * of the pattern, 64 of which are looked at together, whatever the pattern.
 */
export function listPattern(pattern: string): (name: string) => boolean {
  // INBOX is the same in any case (RFC 9051 §5.1); names have it in upper case.
  const tokens = pattern
    .replace(/^inbox(?=[/*%]|$)/i, 'INBOX')
    .replace(/[*%]*\*[*%]*|%+/g, wildcards => (wildcards.includes('*') ? '*' : '%'))
  if (tokens === '*') return () => true
  const literals = tokens.replace(/[*%]/g, '').length
  if (literals === tokens.length) return name => name === tokens
  let isMatch: ((name: string) => boolean) | undefined
  return name => {
    if (literals > name.length) return false
    if (name === 'INBOX') return matcherOf(tokens.toUpperCase())(name)
    isMatch ??= matcherOf(tokens)
    return isMatch(name)
  }
}

/**
 * @param reference what is put in front of each pattern
 * @throws ImapError `NO [LIMIT]` where there are too many wildcards in them; those next to each other are one
 */
export function checkWildcards(reference: string, patterns: readonly string[]): void {
  const count = patterns.reduce(
    (sum, pattern) => sum + wildcardsOf(pattern),
    wildcardsOf(reference) * patterns.length,
  )
  if (count > MAX_WILDCARDS) throw new ImapError('NO', 'too many wildcards', 'LIMIT')
}

const wildcardsOf = (pattern: string): number => pattern.match(/[*%]+/g)?.length ?? 0

/** The bit n of a number stands for the first n literal characters of the pattern. */
function matcherOf(tokens: string): (name: string) => boolean {
  /** Behind which of them each character goes on. */
  const goesOn = new Map<string, bigint>()
  /** Behind which of them there is a `*`, or a `%`. */
  let anything = 0n
  let withinLevel = 0n
  let end = 1n
  for (const token of tokens.split('')) {
    if (token === '*') anything |= end
    else if (token === '%') withinLevel |= end
    else {
      goesOn.set(token, (goesOn.get(token) ?? 0n) | end)
      end <<= 1n
    }
  }
  withinLevel |= anything
  return name => {
    let reached = 1n
    for (const character of name.split('')) {
      const stays = reached & (character === '/' ? anything : withinLevel)
      reached = ((reached & (goesOn.get(character) ?? 0n)) << 1n) | stays
      if (reached === 0n) return false
    }
    return (reached & end) !== 0n
  }
}
