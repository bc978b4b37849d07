/** No mailbox name is longer, so that nothing matches more literal characters. */
const LONGEST_NAME = 2_000

/**
 * Whether a name matches a pattern of LIST (RFC 9051 §6.3.9): `*` stands for anything, `%` for anything but `/`. All
 * ways to match are followed at once, so that the cost is that of the pattern times the name, whatever the pattern.
 */
export function listPattern(pattern: string): (name: string) => boolean {
  // INBOX is the same in any case (RFC 9051 §5.1); names have it in upper case.
  const tokens = pattern
    .replace(/^inbox(?=[/*%]|$)/i, 'INBOX')
    .replace(/[*%]*\*[*%]*|%+/g, wildcards => (wildcards.includes('*') ? '*' : '%'))
  if (tokens === '*') return () => true
  if (tokens.replace(/[*%]/g, '').length > LONGEST_NAME) return () => false
  if (!/[*%]/.test(tokens)) return name => name === tokens
  const upperCase = tokens.toUpperCase()
  return name => matches(name === 'INBOX' ? upperCase : tokens, name)
}

function matches(tokens: string, name: string): boolean {
  /** `reached[n]`: the first n tokens match what has been read of the name. */
  let reached = new Uint8Array(tokens.length + 1)
  let next = new Uint8Array(tokens.length + 1)
  reached[0] = 1
  passWildcards(tokens, reached)
  for (const character of name.split('')) {
    next.fill(0)
    for (let at = 0; at < tokens.length; at++) {
      if (!reached[at]) continue
      const token = tokens[at]
      if (token === '*' || (token === '%' && character !== '/')) next[at] = 1
      else if (token === character) next[at + 1] = 1
    }
    passWildcards(tokens, next)
    const spent = reached
    reached = next
    next = spent
  }
  return reached[tokens.length] === 1
}

/** A wildcard may stand for nothing. */
function passWildcards(tokens: string, reached: Uint8Array): void {
  for (let at = 0; at < tokens.length; at++) {
    if (reached[at] && (tokens[at] === '*' || tokens[at] === '%')) reached[at + 1] = 1
  }
}
