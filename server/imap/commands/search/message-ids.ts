/** Characters of a field that are looked at, and ids of it: those at its end are the nearest ancestors. */
const LIMITS = { text: 65_536, ids: 1_000 } as const

/**
 * The message ids in an unfolded field, in order, without their angle brackets and in one form each (RFC 5256 §3): quoting
 * and white space do not tell them apart. What is no id is passed over. Linear.
 */
export function messageIds(field: string): readonly string[] {
  const ids: string[] = []
  for (const [, inside = ''] of field.slice(-LIMITS.text).matchAll(/<([^<>]*)>/g)) {
    const id = /["\s]/.test(inside) ? normalised(inside) : inside
    const at = id.lastIndexOf('@')
    if (at > 0 && at < id.length - 1) ids.push(id)
  }
  return ids.slice(-LIMITS.ids)
}

/** Without quotation marks, the backslashes within them, and white space outside of them. */
function normalised(id: string): string {
  let out = ''
  let isQuoted = false
  for (let at = 0; at < id.length; at++) {
    const character = id[at] as string
    if (character === '"') isQuoted = !isQuoted
    else if (isQuoted && character === '\\') out += id[++at] ?? ''
    else if (isQuoted || !/\s/.test(character)) out += character
  }
  return out
}
